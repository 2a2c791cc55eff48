package weir.proxy;

import io.vertx.core.MultiMap;
import java.util.List;
import weir.limit.Crossing;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers-11, one
 * item for each counter. The registered quota units know requests and concurrent requests; tokens
 * and money (in whole micro-dollars: structured fields hold integers of at most 15 digits) are our
 * extension.
 */
final class RateLimitHeaders {
    /**
     * Items in one header: a request that matches more limits has its tightest ones in the body.
     */
    private static final int MAX_ITEMS = 8;

    /** Of most. */
    private static final int ITEM_CHARS = 48;

    private RateLimitHeaders() {}

    static void put(MultiMap headers, List<Standing> standings) {
        int items = Math.min(MAX_ITEMS, standings.size());
        StringBuilder policy = new StringBuilder(items * ITEM_CHARS);
        StringBuilder state = new StringBuilder(items * ITEM_CHARS);
        for (Standing standing : standings.subList(0, items)) {
            separate(policy);
            separate(state);
            name(policy, standing);
            policy.append(";q=").append(quantity(standing, standing.limit()));
            window(policy, standing.claim().meter());
            name(state, standing);
            state.append(";r=").append(quantity(standing, standing.left()));
            if (standing.resetMillis() > 0) {
                state.append(";t=").append(Math.ceilDiv(standing.resetMillis(), 1_000));
            }
        }
        headers.add(Headers.RATE_LIMIT_POLICY, policy).add(Headers.RATE_LIMIT, state);
    }

    /** One header for each budget past a soft threshold: the last one crossed, and how far. */
    static void warn(MultiMap headers, List<Standing> standings) {
        for (Standing standing : standings) {
            List<Crossing> reached = Crossing.of(standing);
            if (!reached.isEmpty() && standing.limit() > 0) {
                String name = Answers.headerSafe(standing.claim().limit().name());
                int soft = reached.getLast().percent();
                long percent = standing.used() * 100 / standing.limit();
                headers.add(Headers.BUDGET_WARNING, name + ";soft=" + soft + ";used=" + percent);
            }
        }
    }

    private static void separate(StringBuilder list) {
        if (!list.isEmpty()) {
            list.append(", ");
        }
    }

    /** A structured-field string: printable ASCII, with quotes and backslashes escaped. */
    private static void name(StringBuilder list, Standing standing) {
        String name = Answers.headerSafe(standing.claim().limit().name());
        boolean plain = name.indexOf('"') < 0 && name.indexOf('\\') < 0;
        list.append('"')
                .append(plain ? name : name.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('.')
                .append(standing.claim().meter().unit().word())
                .append('"');
    }

    private static void window(StringBuilder policy, Meter meter) {
        switch (meter) {
            case Meter.Rate rate -> {
                policy.append(";w=").append(Math.ceilDiv(rate.bucket().periodMicros(), 1_000_000));
                if (rate.unit() != Unit.REQUESTS) {
                    policy.append(";qu=\"tokens\"");
                }
            }
            case Meter.Concurrency ignored -> policy.append(";qu=\"concurrent-requests\"");
            case Meter.Spend ignored -> policy.append(";qu=\"usd-micros\"");
        }
    }

    private static long quantity(Standing standing, long amount) {
        return standing.claim().isMoney() ? amount / 1_000 : amount;
    }
}
