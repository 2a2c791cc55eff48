package weir.admin;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.ledger.LedgerUnavailableException;
import weir.ledger.Reading;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Glob;
import weir.limit.Limit;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.price.Usd;

/**
 * What operators see of limits: which there are, and how a counter of one stands now. A counter is
 * named by its values, so reading it costs one look, whatever the number of counters.
 */
public final class LimitsView {
    private final Supplier<List<Limit>> limits;
    private final Function<List<Claim>, Future<List<Reading>>> read;

    /**
     * Shows these limits.
     *
     * @param limits in force now
     * @param read asks the ledger; fails with {@link LedgerUnavailableException}
     */
    public LimitsView(
            Supplier<List<Limit>> limits, Function<List<Claim>, Future<List<Reading>>> read) {
        this.limits = limits;
        this.read = read;
    }

    /** What came of looking at one limit. */
    public sealed interface Shown {
        record Counters(JsonObject json) implements Shown {}

        record NoSuchLimit() implements Shown {}

        /** The values that name the counter, and are not given. */
        record Incomplete(List<String> missing) implements Shown {}

        record Unavailable(String why) implements Shown {}
    }

    /** Every limit: its name, what it is counted per, and its laws. */
    public JsonArray all() {
        JsonArray all = new JsonArray();
        for (Limit limit : limits.get()) {
            JsonArray laws = new JsonArray();
            limit.meters().forEach(meter -> laws.add(law(meter)));
            all.add(
                    new JsonObject()
                            .put("name", limit.name())
                            .put("values", new JsonArray(values(limit)))
                            .put("mode", limit.policy().shadow() ? "shadow" : "enforce")
                            .put("laws", laws));
        }
        return all;
    }

    private static JsonObject law(Meter meter) {
        JsonObject law = new JsonObject().put("unit", meter.unit().word());
        return switch (meter) {
            case Meter.Rate rate -> {
                Bucket bucket = rate.bucket();
                yield law.put("rate", bucket.tokens())
                        .put("period_ms", bucket.periodMicros() / 1_000)
                        .put("burst", bucket.capacityTokens());
            }
            case Meter.Concurrency slots -> law.put("limit", slots.max());
            case Meter.Spend spend ->
                    law.put("limit_usd", Usd.format(spend.limitNanoUsd()))
                            .put("window", spend.window().period().word())
                            .put("zone", spend.window().zone().getId());
        };
    }

    /**
     * How one counter of a limit stands.
     *
     * @param value gives each of the limit's values by its name: {@code tenant}, {@code key},
     *     {@code provider}, {@code model}, {@code label:…}, {@code header:…}; null where it is not
     *     known
     */
    public Future<Shown> one(String name, Function<String, @Nullable String> value) {
        Optional<Limit> found =
                limits.get().stream().filter(limit -> limit.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            return Future.succeededFuture(new Shown.NoSuchLimit());
        }
        Limit limit = found.get();
        List<String> missing =
                values(limit).stream().filter(needed -> value.apply(needed) == null).toList();
        if (!missing.isEmpty()) {
            return Future.succeededFuture(new Shown.Incomplete(missing));
        }
        return read.apply(claims(limit, value))
                .<Shown>map(readings -> new Shown.Counters(json(limit, readings)))
                .recover(e ->
                        e instanceof LedgerUnavailableException
                                ? Future.succeededFuture(
                                        new Shown.Unavailable(String.valueOf(e.getMessage())))
                                : Future.failedFuture(e));
    }

    private static List<Claim> claims(Limit limit, Function<String, @Nullable String> value) {
        List<String> scope = limit.per().stream().map(d -> given(value, word(d))).toList();
        String tenant = literalTenant(limit).orElseGet(() -> given(value, "tenant"));
        List<Claim> claims = new ArrayList<>();
        for (Meter meter : limit.meters()) {
            claims.add(new Claim(limit, meter, tenant, scope, 0));
        }
        return claims;
    }

    private static String given(Function<String, @Nullable String> value, String name) {
        String found = value.apply(name);
        return found == null ? "" : found;
    }

    /** The names of the values that say which counter of a limit is meant. */
    private static List<String> values(Limit limit) {
        List<String> names = new ArrayList<>();
        limit.per().forEach(d -> names.add(word(d)));
        boolean known = names.contains("tenant") || literalTenant(limit).isPresent();
        if (limit.belongsToOneTenant() && !known) {
            names.add("tenant");
        }
        return names;
    }

    private static Optional<String> literalTenant(Limit limit) {
        List<Glob> tenants = limit.match().tenant();
        return tenants.size() == 1 && tenants.getFirst().isLiteral()
                ? Optional.of(tenants.getFirst().pattern())
                : Optional.empty();
    }

    private static String word(Dimension dimension) {
        return switch (dimension.source()) {
            case KEY -> "key";
            case TENANT -> "tenant";
            case PROVIDER -> "provider";
            case MODEL -> "model";
            case LABEL -> "label:" + dimension.name();
            case HEADER -> "header:" + dimension.name();
        };
    }

    private static JsonObject json(Limit limit, List<Reading> readings) {
        JsonArray counters = new JsonArray();
        readings.forEach(reading -> counters.add(counter(reading)));
        return new JsonObject().put("name", limit.name()).put("counters", counters);
    }

    private static JsonObject counter(Reading reading) {
        Standing standing = reading.standing();
        JsonObject json = new JsonObject().put("unit", standing.claim().meter().unit().word());
        boolean money = standing.claim().isMoney();
        amount(json, "limit", standing.limit(), money);
        amount(json, "used", standing.used(), money);
        amount(json, "reserved", standing.reserved(), money);
        amount(json, "leased", standing.leased(), money);
        amount(json, "left", standing.left(), money);
        JsonArray holders = new JsonArray();
        reading.holders().forEach(holder -> holders.add(holder(holder, money)));
        return json.put("reset_ms", standing.resetMillis()).put("holders", holders);
    }

    /** A sidecar that has taken a part of the counter ahead of need. */
    private static JsonObject holder(Reading.Holder holder, boolean money) {
        JsonObject json = new JsonObject().put("name", holder.name());
        amount(json, "amount", holder.amount(), money);
        amount(json, "busy", holder.busy(), money);
        return json.put("ends_ms", holder.endsInMillis());
    }

    private static void amount(JsonObject json, String name, long amount, boolean money) {
        if (money) {
            json.put(name + "_usd", Usd.format(amount));
        } else {
            json.put(name, amount);
        }
    }
}
