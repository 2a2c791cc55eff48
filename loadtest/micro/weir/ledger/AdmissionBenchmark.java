package weir.ledger;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.micro.FourLimits;
import weir.micro.MicroBenchmark;

/** A call is admitted by four limits counted in this process, and settled. */
public class AdmissionBenchmark extends MicroBenchmark {
    private static final Amounts USED = new Amounts(1, 200, 80, 1_000_000);

    private final List<Claim> claims = FourLimits.claims();
    private final Places places = new Places();
    private long nowMicros = TimeUnit.SECONDS.toMicros(1_790_000_000);
    private final Ledger ledger =
            new SoftThresholds(
                    new InProcessLedger(() -> nowMicros),
                    new Untimed(),
                    new SoftThresholds.Told(),
                    crossing -> {});
    private long calls;

    /** No threshold is near, so nothing is ever put off. */
    private static final class Untimed implements Scheduler {
        @Override
        public void after(long millis, Runnable task) {
            throw new UnsupportedOperationException("no budget here has a soft threshold");
        }

        @Override
        public long monotonicMicros() {
            return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        }

        @Override
        public long epochMicros() {
            return monotonicMicros();
        }
    }

    /** Another call is in flight meanwhile, as in a pod that has something to do. */
    @Setup
    public void other() {
        ledger.reserve(new Reservation("pod-1-other", claims, Lifetimes.MAX_TTL_MILLIS));
    }

    @Benchmark
    public Object reserveAndSettle() {
        nowMicros += 1_000;
        Reservation reservation = new Reservation("pod-1-" + calls++, claims, 600_000);
        Future<Decision> decided = ledger.reserve(reservation);
        return ledger.settle(new Settlement((Decision.Granted) decided.result(), USED));
    }

    @Benchmark
    public Object claims() {
        return FourLimits.claims();
    }

    /** Where the claims are counted. */
    @Benchmark
    public Object places() {
        return places.of(claims, nowMicros / 1_000);
    }
}
