package weir.app.config;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.limit.Bucket;
import weir.limit.Meter;
import weir.limit.Unit;
import weir.limit.Window;

/** What a limit counts: its rates, its concurrency, its budget. */
final class MeterFields {
    static final List<String> KEYS =
            List.of(
                    "requests",
                    "input-tokens",
                    "output-tokens",
                    "tokens",
                    "concurrent",
                    "burst",
                    "spend",
                    "zone");

    private static final List<Unit> RATES =
            List.of(Unit.REQUESTS, Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS, Unit.TOKENS);
    private static final String ANY_RATE = "burst beside requests or tokens";

    private MeterFields() {}

    static List<Meter> read(Fields fields) {
        List<Meter> meters = new ArrayList<>();
        long burstPercent = fields.get("burst", Scalars.BURST, 100L);
        for (Unit unit : RATES) {
            Value value = fields.find(unit.word());
            Bucket bucket = value == null ? null : bucket(value, burstPercent);
            if (bucket != null) {
                meters.add(new Meter.Rate(unit, bucket));
            }
        }
        Long concurrent = fields.get(Unit.CONCURRENT.word(), Scalars.COUNT);
        if (concurrent != null) {
            meters.add(new Meter.Concurrency(concurrent));
        }
        ZoneId zone = fields.get("zone", Scalars.ZONE, ZoneOffset.UTC);
        Scalars.Money money = fields.get(Unit.SPEND.word(), Scalars.SPEND);
        if (money != null) {
            meters.add(new Meter.Spend(money.nanoUsd(), new Window(money.period(), zone)));
        }
        demandOne(fields);
        return meters;
    }

    static boolean hasRate(Fields fields) {
        return RATES.stream().anyMatch(unit -> fields.has(unit.word()));
    }

    private static @Nullable Bucket bucket(Value value, long burstPercent) {
        Scalars.Rate rate = value.parse(Scalars.RATE);
        if (rate == null) {
            return null;
        }
        long capacity = Math.max(1, rate.count() * burstPercent / 100);
        try {
            return new Bucket(rate.count(), rate.periodMicros(), capacity);
        } catch (IllegalArgumentException e) {
            value.error(value.shown() + ", which " + e.getMessage(), Scalars.RATE.allowed());
            return null;
        }
    }

    private static void demandOne(Fields fields) {
        boolean any =
                hasRate(fields)
                        || fields.has(Unit.CONCURRENT.word())
                        || fields.has(Unit.SPEND.word());
        Value burst = fields.find("burst");
        if (!any) {
            fields.map()
                    .error(
                            "a limit that counts nothing",
                            "at least one of requests, input-tokens, output-tokens, tokens,"
                                    + " concurrent, spend");
        } else if (burst != null && !hasRate(fields)) {
            burst.error("burst without a rate", ANY_RATE);
        }
    }
}
