package weir.ledger;

import java.util.ArrayList;
import java.util.List;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Standing.Verdict;

/** What one counter is told by a settlement, as {@code settle.lua} reads it. */
record Correction(String tag, List<String> keys, List<String> args) {
    /** The name of no reservation. */
    private static final String NOBODY = "";

    private static final int RATE_MORE = 1;
    private static final int SPEND_ACTUAL = 2;

    /** More than any counter can be used by; money is bounded by less. */
    private static final long MOST = 2 * Bucket.MAX_UNITS;

    /** Whether this lets another request in at once. */
    boolean freesSlot() {
        return args.getFirst().equals("c");
    }

    /** Of which counter, and in which window. */
    String counter() {
        return keys.getFirst();
    }

    /**
     * Both in one. Only for what a ledger has never counted, where there is no hold to end: the
     * same counter is used by so much more, whoever has used it.
     */
    Correction plus(Correction other) {
        int at = args.getFirst().equals("r") ? RATE_MORE : SPEND_ACTUAL;
        long sum = Long.parseLong(args.get(at)) + Long.parseLong(other.args.get(at));
        List<String> both = new ArrayList<>(args);
        both.set(at, Long.toString(Math.min(sum, MOST)));
        return new Correction(tag, keys, both);
    }

    /** Those of a settlement that say anything. */
    static List<Correction> of(Settlement settlement) {
        Decision.Granted grant = settlement.grant();
        String id = grant.backed() ? grant.reservation().id() : NOBODY;
        List<Correction> corrections = new ArrayList<>();
        for (Standing granted : settlement.counted()) {
            Claim claim = granted.claim();
            Place place = KeySpace.place(granted);
            long actual = settlement.actual().of(claim.meter().unit());
            switch (claim.meter()) {
                case Meter.Rate rate -> {
                    if (granted.verdict() == Verdict.FITS && actual != claim.amount()) {
                        corrections.add(rate(place, rate.bucket(), actual - claim.amount()));
                    }
                }
                case Meter.Concurrency slots -> addSlot(place, id, corrections);
                case Meter.Spend spend -> addSpend(place, id, actual, corrections);
            }
        }
        return corrections;
    }

    /**
     * Those that end a reservation of which nobody knows whether it was granted. What names the
     * reservation is let go; rates are left alone, because giving back what may never have been
     * taken would be a gift, and what was taken refills by itself.
     */
    static List<Correction> ofUnknown(String id, List<Place> places) {
        List<Correction> corrections = new ArrayList<>();
        for (Place place : places) {
            switch (place.claim().meter()) {
                case Meter.Rate rate -> {}
                case Meter.Concurrency slots -> addSlot(place, id, corrections);
                case Meter.Spend spend -> addSpend(place, id, 0, corrections);
            }
        }
        return corrections;
    }

    /** Those that put a grant back where a ledger has forgotten it; rates refill by themselves. */
    static List<Correction> ofOpen(Decision.Granted grant) {
        List<Correction> corrections = new ArrayList<>(ofSlots(grant));
        corrections.addAll(ofHeld(Entrusted.of(grant)));
        return corrections;
    }

    /** Those that put what was entrusted where a ledger does not know of it. */
    static List<Correction> ofHeld(Entrusted money) {
        return money.held().stream().map(h -> entrusted("h", money, h, h.nanoUsd())).toList();
    }

    /** Those that end what was entrusted, at what was spent. */
    static List<Correction> ofEntrusted(Entrusted money, long nanoUsd) {
        return money.held().stream().map(h -> entrusted("e", money, h, nanoUsd)).toList();
    }

    private static Correction entrusted(
            String kind, Entrusted money, Entrusted.Held held, long nanoUsd) {
        return new Correction(
                held.tag(),
                List.of(held.key(), held.holdsKey()),
                List.of(
                        kind,
                        money.id(),
                        spent(nanoUsd),
                        Long.toString(held.windowEndMillis()),
                        Long.toString(money.deadlineMillis())));
    }

    /** Those that keep a grant's slots taken. */
    static List<Correction> ofSlots(Decision.Granted grant) {
        List<Correction> corrections = new ArrayList<>();
        for (Standing granted : grant.standings()) {
            if (granted.claim().meter() instanceof Meter.Concurrency
                    && granted.claim().amount() > 0) {
                Place place = KeySpace.place(granted);
                corrections.add(
                        new Correction(
                                place.tag(),
                                List.of(place.key(), place.stateKey()),
                                List.of(
                                        "i",
                                        grant.reservation().id(),
                                        Long.toString(grant.deadlineMillis()))));
            }
        }
        return corrections;
    }

    private static Correction rate(Place place, Bucket bucket, long moreTokens) {
        return new Correction(
                place.tag(),
                List.of(place.key()),
                List.of(
                        "r",
                        Long.toString(ClaimCodec.units(bucket, moreTokens)),
                        Long.toString(bucket.capacityUnits()),
                        Long.toString(bucket.unitsPerMicro())));
    }

    private static void addSlot(Place place, String id, List<Correction> to) {
        if (place.claim().amount() > 0) {
            to.add(new Correction(place.tag(), List.of(place.key()), List.of("c", id)));
        }
    }

    private static String spent(long nanoUsd) {
        return Long.toString(Math.min(nanoUsd, Meter.Spend.MAX_NANO_USD));
    }

    private static void addSpend(Place place, String id, long actual, List<Correction> to) {
        if (place.claim().amount() == 0 && actual == 0) {
            return;
        }
        to.add(
                new Correction(
                        place.tag(),
                        List.of(place.key(), place.holdsKey()),
                        List.of("s", id, spent(actual), Long.toString(place.span().endMillis()))));
    }
}
