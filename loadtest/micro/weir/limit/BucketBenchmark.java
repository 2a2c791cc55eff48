package weir.limit;

import org.openjdk.jmh.annotations.Benchmark;
import weir.micro.MicroBenchmark;

/** One claim on one rate: refill, look, take. */
public class BucketBenchmark extends MicroBenchmark {
    private final Bucket bucket = new Bucket(1_000_000, 60_000_000, 1_000_000);
    private Bucket.State state = bucket.full(0);
    private long nowMicros;

    @Benchmark
    public Object refillAndTake() {
        nowMicros += 60;
        Bucket.State now = bucket.refill(state, nowMicros);
        state = bucket.covers(now, 1) ? bucket.take(now, 1) : now;
        return state;
    }

    @Benchmark
    public long waiting() {
        return bucket.waitMicros(state, 500_000) + bucket.microsToFull(state);
    }
}
