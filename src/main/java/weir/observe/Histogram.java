package weir.observe;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * How many amounts there were up to each of some bounds, and their sum: a few instructions for each
 * amount, and no clock.
 */
final class Histogram {
    /**
     * What is counted, and by which bounds.
     *
     * @param suffix behind a name: the unit that is shown
     * @param one how many make one in that unit
     */
    record Scale(String suffix, double one, List<Long> bounds) {
        private static final long MILLI = 1_000_000;

        /** Nanoseconds that a call takes on its way, from a part of Weir's own to a long answer. */
        static final Scale TIMES =
                seconds(
                        LongStream.of(
                                50_000,
                                100_000,
                                200_000,
                                500_000,
                                MILLI,
                                2 * MILLI,
                                5 * MILLI,
                                10 * MILLI,
                                50 * MILLI,
                                100 * MILLI,
                                500 * MILLI,
                                1_000 * MILLI,
                                5_000 * MILLI,
                                30_000 * MILLI,
                                120_000 * MILLI));

        /**
         * Nanoseconds, by the bounds that OpenTelemetry's GenAI conventions give for operations.
         */
        static final Scale OPERATIONS = seconds(fourteen(10 * MILLI, bound -> 2 * bound));

        /** Tokens, by the bounds that the same conventions give. */
        static final Scale TOKENS =
                new Scale("", 1, fourteen(1, bound -> 4 * bound).boxed().toList());

        private static Scale seconds(LongStream nanos) {
            return new Scale("_seconds", 1_000.0 * MILLI, nanos.boxed().toList());
        }

        private static LongStream fourteen(long first, LongUnaryOperator next) {
            return LongStream.iterate(first, next).limit(14);
        }

        String shown(String name) {
            return name + suffix;
        }
    }

    /** What is shown of each bound: how many amounts there were up to it. */
    interface Buckets {
        /**
         * @param bound in the unit that is shown; infinite for the last
         */
        void bucket(double bound, long upToIt);
    }

    private final double one;
    private final long[] bounds;

    /** How many were up to each bound, and past the one before it; the last past all. */
    private final LongAdder[] counts;

    private final LongAdder sum = new LongAdder();

    Histogram(Scale scale) {
        this.one = scale.one();
        this.bounds = scale.bounds().stream().mapToLong(Long::longValue).toArray();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * Counts an amount in the smallest unit of the scale; a negative one, which there was not, not.
     */
    void record(long amount) {
        if (amount < 0) {
            return;
        }
        int bucket = 0;
        while (bucket < bounds.length && amount > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(amount);
    }

    /** Tells every bound, and returns how many amounts there were. */
    long read(Buckets reader) {
        long all = 0;
        for (int i = 0; i < counts.length; i++) {
            all += counts[i].sum();
            double bound = i < bounds.length ? bounds[i] / one : Double.POSITIVE_INFINITY;
            reader.bucket(bound, all);
        }
        return all;
    }

    /** All amounts, in the unit that is shown. */
    double sum() {
        return sum.doubleValue() / one;
    }
}
