package weir.ledger;

import static weir.ledger.ScriptCall.packed;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import weir.ledger.Standings.Taken;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;
import weir.limit.Window.Span;

/** Claims as {@code law.lua} reads them, and standings from what it answers. */
final class ClaimCodec {
    /** In the order of law.lua's numbers. */
    private static final List<Verdict> VERDICTS =
            List.of(
                    Verdict.FITS,
                    Verdict.SHORT,
                    Verdict.RESERVED,
                    Verdict.EXHAUSTED,
                    Verdict.TOO_LARGE);

    private ClaimCodec() {}

    /** Strings first, which are read at one go, then what else each place has. */
    static List<String> keys(List<Place> places) {
        List<String> keys = strings(places);
        places.forEach(p -> addOthers(p, keys));
        return keys;
    }

    /** The same, and those of rates' and slots' leases behind the others of their place. */
    static List<String> keysWithLeases(List<Place> places) {
        List<String> keys = strings(places);
        for (Place place : places) {
            addOthers(place, keys);
            if (!place.claim().isMoney()) {
                keys.add(place.leasesKey());
            }
        }
        return keys;
    }

    private static List<String> strings(List<Place> places) {
        List<String> keys = new ArrayList<>(3 * places.size());
        for (Place place : places) {
            switch (place.claim().meter()) {
                case Meter.Rate rate -> keys.add(place.key());
                case Meter.Concurrency slots -> keys.add(place.stateKey());
                case Meter.Spend spend -> {}
            }
        }
        return keys;
    }

    private static void addOthers(Place place, List<String> keys) {
        switch (place.claim().meter()) {
            case Meter.Rate rate -> {}
            case Meter.Concurrency slots -> keys.add(place.key());
            case Meter.Spend spend -> {
                keys.add(place.key());
                keys.add(place.holdsKey());
            }
        }
    }

    /** How many of the keys are strings. */
    static String countStrings(List<Place> places) {
        return Integer.toString(strings(places).size());
    }

    /** As reserve.lua reads a reservation. */
    static List<Object> reserve(Reservation reservation, List<Place> places) {
        List<Object> args = new ArrayList<>(2 + places.size());
        args.add(reservation.id());
        args.add(
                packed(
                        reservation.ttlMillis(),
                        luaNumber(reservation.stretch().wishNanoUsd()),
                        luaNumber(reservation.stretch().leastNanoUsd()),
                        reservation.admittedMillis() == Reservation.NOW ? 0 : 1,
                        strings(places).size()));
        places.forEach(p -> args.add(claim(p)));
        return args;
    }

    /** Larger numbers mean the same, and Lua could not tell them apart. */
    private static long luaNumber(long number) {
        return Math.min(number, 2 * Meter.Spend.MAX_NANO_USD);
    }

    /** A kind, whether in shadow mode, an amount and three terms; the kinds are law.lua's. */
    static Buffer claim(Place place) {
        Claim claim = place.claim();
        long amount = claim.amount();
        Span span = place.span();
        Buffer head = Buffer.buffer(2 + 4 * Long.BYTES);
        head.appendByte(kind(claim.meter()));
        head.appendByte((byte) (claim.limit().policy().shadow() ? 1 : 0));
        return head.appendBuffer(
                switch (claim.meter()) {
                    case Meter.Rate rate -> rate(rate.bucket(), amount);
                    case Meter.Concurrency slots -> packed(amount, slots.max(), 0, 0);
                    case Meter.Spend spend ->
                            packed(
                                    amount,
                                    spend.limitNanoUsd(),
                                    span.startMillis(),
                                    span.endMillis());
                });
    }

    private static byte kind(Meter meter) {
        return switch (meter) {
            case Meter.Rate rate -> 0;
            case Meter.Concurrency slots -> 1;
            case Meter.Spend spend -> 2;
        };
    }

    private static Buffer rate(Bucket bucket, long tokens) {
        return packed(
                units(bucket, tokens),
                tokens <= bucket.capacityTokens() ? 1 : 0,
                bucket.capacityUnits(),
                bucket.unitsPerMicro());
    }

    /** Tokens in the bucket's units, as {@link Bucket#take} bounds them. */
    static long units(Bucket bucket, long tokens) {
        long bound = 2 * Bucket.MAX_UNITS / bucket.unitsPerToken();
        return Math.clamp(tokens, -bound, bound) * bucket.unitsPerToken();
    }

    static long unitsPerToken(Place place) {
        return place.claim().meter() instanceof Meter.Rate rate ? rate.bucket().unitsPerToken() : 1;
    }

    /**
     * What {@code reserve.lua} and {@code read.lua} say of each claim.
     *
     * @param answer outcome, time in microseconds, nano-dollars granted or -1, then four numbers
     *     for each place
     */
    static List<Standing> standings(List<Place> places, long[] answer) {
        List<Standing> standings = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            boolean less = answer[2] >= 0 && answer[2] < place.claim().amount();
            if (less && place.claim().isMoney()) {
                place = place.withAmount(answer[2]);
            }
            standings.add(standing(place, answer, 3 + 4 * i));
        }
        return standings;
    }

    /**
     * From a verdict and three numbers of {@code answer}, which begins with an outcome and time.
     */
    static Standing standing(Place place, long[] answer, int at) {
        Claim claim = place.claim();
        Verdict verdict = VERDICTS.get((int) answer[at]);
        long x = answer[at + 1];
        long y = answer[at + 2];
        long z = answer[at + 3];
        return switch (claim.meter()) {
            case Meter.Rate rate ->
                    Standings.rate(
                            claim, rate, new Bucket.State(x, y), z / unitsPerToken(place), verdict);
            case Meter.Concurrency slots ->
                    Standings.concurrency(claim, new Taken(x + y, z), verdict);
            case Meter.Spend spend ->
                    Standings.spend(place, new Sums(x, y, z), answer[1] / 1_000, verdict);
        };
    }
}
