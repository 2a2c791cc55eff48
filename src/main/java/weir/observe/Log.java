package weir.observe;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import weir.limit.Crossing;
import weir.usage.Kind;
import weir.usage.Usage;

/**
 * One JSON line a request, and one for each thing that somebody should know. The keys are an API:
 * they are written here and nowhere else. No body, no header, no credential and no hash of one ever
 * stands in it.
 */
public final class Log {
    private static final Kind[] KINDS = Kind.values();
    private static final String[] KIND_KEYS = new String[KINDS.length];

    static {
        for (Kind kind : KINDS) {
            KIND_KEYS[kind.ordinal()] = kind.name().toLowerCase(Locale.ROOT);
        }
    }

    private final Consumer<String> out;
    private final LongSupplier wallMillis;
    private volatile Second second = Second.of(0);

    /** The second that was written last: its text is most of a time's, and takes the longest. */
    private record Second(long epochSecond, String text) {
        static Second of(long epochSecond) {
            String instant = Instant.ofEpochSecond(epochSecond).toString();
            return new Second(epochSecond, instant.substring(0, instant.length() - 1));
        }
    }

    /**
     * Writes to {@code out}.
     *
     * @param out takes one line with its end
     * @param wallMillis milliseconds since the epoch
     */
    public Log(Consumer<String> out, LongSupplier wallMillis) {
        this.out = out;
        this.wallMillis = wallMillis;
    }

    public void call(CallRecord call) {
        JsonLine line =
                event("call")
                        .text("request_id", call.requestId())
                        .text("outcome", call.outcome().word());
        if (call.reason() != null) {
            line.text("reason", call.reason().word());
        }
        if (call.limit() != null) {
            line.text("limit", call.limit());
        }
        if (call.cause() != null) {
            line.text("cause", call.cause());
        }
        line.number("status", call.status())
                .text("tenant", call.tenant())
                .text("key", call.key())
                .text("provider", call.provider())
                .text("model", call.model())
                .text("endpoint", call.endpoint())
                .flag("stream", call.stream());
        usage(line, call);
        times(line, call);
        out.accept(
                line.number("bytes_in", call.bytesIn()).number("bytes_out", call.bytesOut()).end());
    }

    /** Work that went on after its request. */
    public void job(JobRecord job) {
        JsonLine line =
                event("job")
                        .text("request_id", job.requestId())
                        .text("tenant", job.tenant())
                        .text("key", job.key())
                        .text("provider", job.provider())
                        .text("model", job.model())
                        .text("endpoint", job.endpoint());
        amounts(line, job.usage());
        if (job.estimated()) {
            line.flag("estimated", true);
        }
        out.accept(
                line.number("cost_nano_usd", job.costNanoUsd())
                        .micros("total_us", job.nanos())
                        .end());
    }

    /** Something that cannot happen, with where it did. */
    public void bug(Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        out.accept(event("bug").text("trace", trace.toString()).end());
    }

    /** A budget's soft threshold that this sidecar tells of. */
    public void crossed(Crossing crossing) {
        JsonLine line =
                event("budget_threshold")
                        .text("limit", crossing.id().limit())
                        .number("percent", crossing.percent());
        if (crossing.tenant() != null) {
            line.text("tenant", crossing.tenant());
        }
        crossing.scope().forEach((dimension, value) -> line.text("scope." + dimension, value));
        line.number("spent_nano_usd", crossing.standing().used())
                .number("limit_nano_usd", crossing.standing().limit());
        if (crossing.windowStart() != null && crossing.windowEnd() != null) {
            line.text("window_start", crossing.windowStart().toString())
                    .text("window_end", crossing.windowEnd().toString());
        }
        out.accept(line.end());
    }

    /** Something that an operator should know, in words. */
    public void notice(String event, String text) {
        out.accept(event(event).text("text", text).end());
    }

    private JsonLine event(String name) {
        return new JsonLine().text("time", time(wallMillis.getAsLong())).text("event", name);
    }

    /** As of ISO 8601, in UTC, with milliseconds. */
    private String time(long epochMillis) {
        Second now = second;
        long epochSecond = Math.floorDiv(epochMillis, 1_000L);
        if (now.epochSecond() != epochSecond) {
            now = Second.of(epochSecond);
            second = now;
        }
        int millis = Math.floorMod(epochMillis, 1_000);
        String zeros = millis < 10 ? "00" : millis < 100 ? "0" : "";
        return now.text() + "." + zeros + millis + "Z";
    }

    private static void usage(JsonLine line, CallRecord call) {
        amounts(line, call.usage());
        if (call.estimated()) {
            line.flag("estimated", true);
        }
        line.number("reserved_nano_usd", call.reservedNanoUsd())
                .number("cost_nano_usd", call.costNanoUsd());
    }

    private static void amounts(JsonLine line, Usage usage) {
        for (Kind kind : KINDS) {
            long amount = usage.amount(kind);
            if (amount != 0) {
                line.number(KIND_KEYS[kind.ordinal()], amount);
            }
        }
    }

    private static void times(JsonLine line, CallRecord call) {
        line.micros("peek_us", call.peekNanos())
                .micros("reserve_us", call.reserveNanos())
                .micros("waited_us", call.waitedNanos())
                .micros("first_byte_overhead_us", call.firstByteOverheadNanos())
                .micros("first_byte_us", call.firstByteNanos())
                .micros("upstream_us", call.upstreamNanos())
                .micros("total_us", call.totalNanos());
    }
}
