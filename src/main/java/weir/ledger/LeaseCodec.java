package weir.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reports as {@code sync.lua} reads them, and what it and {@code read.lua} say of leases. */
final class LeaseCodec {
    private static final int NUMBERS_A_LEASE = 7;

    /** In the place of a lease's amount, where its key holds what nobody of us has put there. */
    private static final long FOREIGN = -1;

    private LeaseCodec() {}

    /** As read.lua reads its question. */
    static List<Object> read(List<Place> places) {
        List<Object> args = new ArrayList<>(1 + 2 * places.size());
        args.add(ClaimCodec.countStrings(places));
        for (Place place : places) {
            addCounter(place, args);
        }
        return args;
    }

    /** As sync.lua reads reports; places are those of the reports, in their order. */
    static List<Object> sync(String holder, List<LeaseReport> reports, List<Place> places) {
        List<Object> args = new ArrayList<>(2 + 9 * places.size());
        args.add(ClaimCodec.countStrings(places));
        args.add(holder);
        for (int i = 0; i < places.size(); i++) {
            LeaseReport report = reports.get(i);
            addCounter(places.get(i), args);
            args.add(Long.toString(report.sequence()));
            args.add(Long.toString(report.used()));
            args.add(Long.toString(report.busy()));
            args.add(Long.toString(report.spare()));
            args.add(Long.toString(report.need()));
            args.add(Long.toString(report.least()));
            args.add(report.last() ? "1" : "0");
        }
        return args;
    }

    private static void addCounter(Place place, List<Object> args) {
        args.add(ClaimCodec.claim(place.withAmount(0)));
        args.add(Long.toString(ClaimCodec.unitsPerToken(place)));
    }

    static List<Place> places(List<LeaseReport> reports) {
        return reports.stream().map(r -> KeySpace.place(r.counter(), r.windowMillis())).toList();
    }

    /** Empty where a key holds what is not a counter. */
    static List<Optional<Lease>> leases(List<Place> places, long[] answer) {
        List<Optional<Lease>> leases = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            int at = 2 + NUMBERS_A_LEASE * i;
            leases.add(
                    answer[at] == FOREIGN
                            ? Optional.empty()
                            : Optional.of(lease(places.get(i), answer, at)));
        }
        return leases;
    }

    private static Lease lease(Place place, long[] answer, int at) {
        return new Lease(
                answer[at],
                answer[at + 1],
                (int) answer[at + 2],
                answer[1] / 1_000,
                ClaimCodec.standing(place, answer, at + 3));
    }

    static List<Reading> readings(List<Place> places, long[] answer) {
        Cursor cursor = new Cursor(answer, 3 + 4 * places.size());
        return ClaimCodec.standings(places, answer).stream()
                .map(s -> new Reading(s, cursor.holders()))
                .toList();
    }

    /** Reads holders, one counter after another; a name comes as its bytes. */
    private static final class Cursor {
        private final long[] answer;
        private int at;

        Cursor(long[] answer, int at) {
            this.answer = answer;
            this.at = at;
        }

        List<Reading.Holder> holders() {
            List<Reading.Holder> holders = new ArrayList<>();
            for (long i = next(); i > 0; i--) {
                long amount = next();
                long busy = next();
                long endsInMillis = next();
                holders.add(new Reading.Holder(name(), amount, busy, endsInMillis));
            }
            holders.sort(Comparator.comparing(Reading.Holder::name));
            return holders;
        }

        private String name() {
            byte[] bytes = new byte[(int) next()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) next();
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private long next() {
            return answer[at++];
        }
    }
}
