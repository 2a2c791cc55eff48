package bench;

import org.HdrHistogram.Histogram;

/**
 * What a run of calls was like. Times are nanoseconds; one thread writes, another reads after it.
 */
final class Outcome {
    private static final long MOST_NANOS = 120_000_000_000L;
    private static final int DIGITS = 3;

    /** From the moment when a call was due to its last byte. */
    final Histogram total = new Histogram(MOST_NANOS, DIGITS);

    /** From the moment when a call was due to the first byte of the answer's body. */
    final Histogram firstByte = new Histogram(MOST_NANOS, DIGITS);

    /** By how much the gap between two events differs from the gap in which they were sent. */
    final Histogram gap = new Histogram(MOST_NANOS, DIGITS);

    private long failed;
    private String why = "";

    void failed(String reason) {
        failed++;
        why = reason;
    }

    long calls() {
        return total.getTotalCount();
    }

    long failures() {
        return failed;
    }

    /** What went wrong the last time; empty if nothing did. */
    String why() {
        return why;
    }
}
