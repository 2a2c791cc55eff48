package weir.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The bucket against a model that is slow and plain: levels are fractions of a token with the
 * period as their denominator, in numbers without a bound.
 */
final class BucketTest {
    private static final class Model {
        private final BigInteger tokens;
        private final BigInteger period;
        private final BigInteger capacity;
        private BigInteger level;
        private long atMicros;

        Model(Bucket bucket, long nowMicros) {
            tokens = BigInteger.valueOf(bucket.tokens());
            period = BigInteger.valueOf(bucket.periodMicros());
            capacity = BigInteger.valueOf(bucket.capacityTokens()).multiply(period);
            level = capacity;
            atMicros = nowMicros;
        }

        void refill(long nowMicros) {
            if (nowMicros > atMicros) {
                BigInteger more = tokens.multiply(BigInteger.valueOf(nowMicros - atMicros));
                level = level.add(more).min(capacity);
                atMicros = nowMicros;
            }
        }

        boolean covers(long amount) {
            return level.compareTo(BigInteger.valueOf(amount).multiply(period)) >= 0;
        }

        void take(long amount) {
            level = level.subtract(BigInteger.valueOf(amount).multiply(period)).min(capacity);
        }

        long left() {
            return level.max(BigInteger.ZERO).divide(period).longValueExact();
        }

        long waitMicros(long amount) {
            BigInteger missing = BigInteger.valueOf(amount).multiply(period).subtract(level);
            BigInteger[] parts = missing.max(BigInteger.ZERO).divideAndRemainder(tokens);
            return parts[0].longValueExact() + parts[1].signum();
        }
    }

    private static void assertSame(Bucket bucket, Model model, Bucket.State state, long amount) {
        String where = bucket + " at " + state + " asked for " + amount;
        assertEquals(model.left(), bucket.leftTokens(state), where);
        if (amount <= bucket.capacityTokens()) {
            assertEquals(model.covers(amount), bucket.covers(state, amount), where);
            assertEquals(model.waitMicros(amount), bucket.waitMicros(state, amount), where);
        }
        assertEquals(model.waitMicros(bucket.capacityTokens()), bucket.microsToFull(state), where);
    }

    /**
     * Every bucket of up to 6 by 6 by 4, every pair of takings and every pause up to 12
     * microseconds.
     */
    @Test
    void smallCasesExhaustively() {
        for (int i = 0; i < 6 * 6 * 4; i++) {
            Bucket bucket = new Bucket(1 + i % 6, 1 + i / 6 % 6, 1 + i / 36);
            for (long first = -1; first <= 2 * bucket.capacityTokens(); first++) {
                for (long second = -1; second <= bucket.capacityTokens() + 1; second++) {
                    pauses(bucket, first, second);
                }
            }
        }
    }

    private static void pauses(Bucket bucket, long first, long second) {
        for (long pause = 0; pause <= 12; pause++) {
            Model model = new Model(bucket, 100);
            Bucket.State state = bucket.take(bucket.full(100), first);
            model.take(first);
            assertSame(bucket, model, state, second);
            state = bucket.refill(state, 100 + pause);
            model.refill(100 + pause);
            assertSame(bucket, model, state, second);
            state = bucket.take(state, second);
            model.take(second);
            assertSame(bucket, model, bucket.refill(state, 90), 1);
        }
    }

    @Test
    void randomWalks() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.err.println("BucketTest: -Dseed=" + seed);
        Random random = new Random(seed);
        for (int walk = 0; walk < 300; walk++) {
            Bucket bucket =
                    new Bucket(
                            1 + random.nextInt(2_000_000),
                            1 + random.nextInt(100_000_000),
                            1 + random.nextInt(10_000_000));
            long now = 1_795_774_830_000_000L;
            Model model = new Model(bucket, now);
            Bucket.State state = bucket.full(now);
            for (int step = 0; step < 100; step++) {
                now += random.nextInt(5_000_000) - 100L;
                state = bucket.refill(state, now);
                model.refill(now);
                long amount = random.nextInt(1 + (int) bucket.capacityTokens() / 3);
                assertSame(bucket, model, state, amount);
                boolean deepInDebt = state.levelUnits() < -bucket.capacityUnits();
                amount = deepInDebt || random.nextInt(5) == 0 ? -amount : amount;
                state = bucket.take(state, amount);
                model.take(amount);
            }
        }
    }

    @Test
    void absurdAmountsStayInRange() {
        Bucket bucket = new Bucket(7, 13, 1_000_000);
        Bucket.State debt = bucket.take(bucket.full(0), Long.MAX_VALUE);
        assertEquals(-Bucket.MAX_UNITS, debt.levelUnits());
        assertEquals(debt, bucket.take(debt, Long.MAX_VALUE));
        assertEquals(bucket.full(0), bucket.take(debt, Long.MIN_VALUE));
        assertEquals(0, bucket.leftTokens(debt));
        assertTrue(bucket.microsToFull(debt) > 0);
    }

    @Test
    void refusesWhatItCannotCountExactly() {
        assertThrows(IllegalArgumentException.class, () -> new Bucket(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bucket(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bucket(1, 1, 0));
        long most = (1L << 51) - 1;
        assertEquals(most, new Bucket(1, 1, most).capacityUnits());
        assertThrows(IllegalArgumentException.class, () -> new Bucket(1, 1, most + 1));
        assertThrows(IllegalArgumentException.class, () -> new Bucket(1, 1L << 40, 1L << 20));
    }
}
