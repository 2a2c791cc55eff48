package weir.ledger;

import static weir.ledger.ClaimCodec.keys;
import static weir.ledger.ClaimCodec.keysWithLeases;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import weir.limit.Claim;

/**
 * What a ledger asks scripts about counters. Windows are worked out by this machine's clock, and a
 * script that finds one not to be the present one says what time it is: the clock is corrected by
 * that for all questions that follow.
 */
final class Questions {
    /** The first try, and one more after the clock was corrected. */
    private static final int TRIES = 2;

    private static final long WRONG_WINDOW = 2;

    private final Shard shard;
    private final LongSupplier scriptClock;
    private final LongSupplier epochMicros;
    private final Places known = new Places();
    private long clockOffsetMicros;

    Questions(Shard shard, LongSupplier scriptClock, LongSupplier epochMicros) {
        this.shard = shard;
        this.scriptClock = scriptClock;
        this.epochMicros = epochMicros;
    }

    /** By Redis's clock, as far as it is known. */
    long nowMillis() {
        return (epochMicros.getAsLong() + clockOffsetMicros) / 1_000;
    }

    /**
     * A question, not asked yet.
     *
     * @param windowMillis a moment in the windows that are meant, or {@link Reservation#NOW}
     * @param encode gives the script's arguments but for the time
     * @throws IllegalArgumentException if two claims fall on one counter
     */
    Question about(
            Script script,
            List<Claim> claims,
            long windowMillis,
            Function<List<Place>, List<Object>> encode) {
        return new Question(script, claims, windowMillis, encode);
    }

    /** May be asked several times, one after the other. */
    final class Question {
        private final Script script;
        private final List<Claim> claims;
        private final long windowMillis;
        private final Function<List<Place>, List<Object>> encode;
        private List<Place> places;

        private Question(
                Script script,
                List<Claim> claims,
                long windowMillis,
                Function<List<Place>, List<Object>> encode) {
            this.script = script;
            this.claims = claims;
            this.windowMillis = windowMillis;
            this.encode = encode;
            this.places = placed();
        }

        /** Where the claims are counted, by the question that was asked last. */
        List<Place> places() {
            return places;
        }

        /** The script's answer about {@link #places}. */
        Future<long[]> ask() {
            return ask(TRIES);
        }

        private Future<long[]> ask(int tries) {
            List<Object> args = new ArrayList<>(3 + 2 * places.size());
            args.add(Long.toString(scriptClock.getAsLong()));
            args.addAll(encode.apply(places));
            boolean all = script == Script.READ;
            return shard.run(script, all ? keysWithLeases(places) : keys(places), args)
                    .compose(answer -> {
                        if (answer[0] != WRONG_WINDOW) {
                            return Future.succeededFuture(answer);
                        }
                        clockOffsetMicros = answer[1] - epochMicros.getAsLong();
                        places = placed();
                        return tries > 1
                                ? ask(tries - 1)
                                : Future.failedFuture(
                                        new LedgerUnavailableException(
                                                "the clock runs away from Redis's"));
                    });
        }

        private List<Place> placed() {
            long atMillis = windowMillis == Reservation.NOW ? nowMillis() : windowMillis;
            return known.of(claims, atMillis);
        }
    }
}
