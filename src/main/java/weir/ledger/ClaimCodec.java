package weir.ledger;

import java.util.ArrayList;
import java.util.List;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Meter.Spend.Sums;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

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

    static List<String> keys(List<Place> places) {
        List<String> keys = new ArrayList<>(places.size() + 2);
        for (Place place : places) {
            keys.add(place.key());
            if (place.claim().meter() instanceof Meter.Spend) {
                keys.add(place.holdsKey());
            }
        }
        return keys;
    }

    static void addClaims(List<Place> places, List<String> args) {
        for (Place place : places) {
            addClaim(place, args);
        }
    }

    private static void addClaim(Place place, List<String> args) {
        Claim claim = place.claim();
        String shadow = claim.limit().policy().shadow() ? "1" : "0";
        switch (claim.meter()) {
            case Meter.Rate rate -> {
                Bucket bucket = rate.bucket();
                args.add("r");
                args.add(shadow);
                args.add(Long.toString(units(bucket, claim.amount())));
                args.add(claim.amount() <= bucket.capacityTokens() ? "1" : "0");
                args.add(Long.toString(bucket.capacityUnits()));
                args.add(Long.toString(bucket.unitsPerMicro()));
            }
            case Meter.Concurrency slots -> {
                args.add("c");
                args.add(shadow);
                args.add(Long.toString(claim.amount()));
                args.add(Long.toString(slots.max()));
            }
            case Meter.Spend spend -> {
                args.add("s");
                args.add(shadow);
                args.add(Long.toString(claim.amount()));
                args.add(Long.toString(spend.limitNanoUsd()));
                args.add(Long.toString(place.span().startMillis()));
                args.add(Long.toString(place.span().endMillis()));
            }
        }
    }

    /** Tokens in the bucket's units, as {@link Bucket#take} bounds them. */
    static long units(Bucket bucket, long tokens) {
        long bound = 2 * Bucket.MAX_UNITS / bucket.unitsPerToken();
        return Math.clamp(tokens, -bound, bound) * bucket.unitsPerToken();
    }

    /**
     * @param answer outcome, time in microseconds, then three numbers for each place
     */
    static List<Standing> standings(List<Place> places, long[] answer) {
        long nowMillis = answer[1] / 1_000;
        List<Standing> standings = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            Claim claim = place.claim();
            Verdict verdict = VERDICTS.get((int) answer[2 + 3 * i]);
            long x = answer[3 + 3 * i];
            long y = answer[4 + 3 * i];
            standings.add(
                    switch (claim.meter()) {
                        case Meter.Rate rate ->
                                Standings.rate(claim, rate, new Bucket.State(x, y), 0, verdict);
                        case Meter.Concurrency slots -> Standings.concurrency(claim, x, verdict, 0);
                        case Meter.Spend spend ->
                                Standings.spend(place, new Sums(x, y, 0), nowMillis, verdict);
                    });
        }
        return standings;
    }
}
