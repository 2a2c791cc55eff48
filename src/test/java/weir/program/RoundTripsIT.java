package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.ledger.ScriptCounts;

/**
 * How often a sidecar asks Redis at 500 calls a second that meet four limits. Each event loop has
 * leases of its own to report, so that the figure grows with them.
 */
final class RoundTripsIT {
    private static final int PER_SECOND = 500;
    private static final int SECONDS = 8;

    private static final String YAML =
            Fleet.yaml(
                    "{ name: rate, per: [tenant], requests: 60000/min }",
                    "{ name: tokens, per: [tenant], tokens: 6000000/min }",
                    "{ name: slots, per: [tenant], concurrent: 4000 }",
                    "{ name: budget, per: [tenant], spend: 500 USD/day }");

    @TempDir private Path directory;

    private record Run(int calls, long total, Map<String, Long> scripts) {
        long of(String script) {
            return scripts.getOrDefault(script, 0L);
        }
    }

    @Test
    void leasedCallsHardlyEverAsk() throws Exception {
        Run run = run("auto");

        assertTrue(run.total() * 20 < run.calls(), run.toString());
    }

    @Test
    void exactCallsAskOnceAndSettleInBatches() throws Exception {
        Run run = run("off");

        assertEquals(run.calls(), run.of("RESERVE"), run.toString());
        assertEquals(0, run.of("SYNC"), run.toString());
        // Batches are small here: a slot that is free is told before the next call is asked for.
        assertTrue(run.of("SETTLE") < run.calls(), run.toString());
    }

    /** The first second is for connections, class loading and the first leases. */
    private Run run(String lease) throws InterruptedException {
        try (Fleet fleet =
                new Fleet(
                        directory,
                        YAML,
                        "WEIR_LEDGER_LEASE",
                        lease,
                        "WEIR_LEDGER_DEADLINE",
                        "5s")) {
            Packaged weir = fleet.join();
            try (OpenLoop warm = new OpenLoop(Fleet.data(weir), PER_SECOND)) {
                warm.awaitSent(PER_SECOND);
                List<OpenLoop.Answer> unused = warm.finish();
            }
            Packaged.until(
                    "settled",
                    () ->
                            Fleet.metric(weir, "weir_settlements_pending").equals("0.0")
                                    && Fleet.counter(weir, "slots").taken() == 0);
            ScriptCounts counts = new ScriptCounts(fleet.redis());
            List<OpenLoop.Answer> answers;
            try (OpenLoop load = new OpenLoop(Fleet.data(weir), PER_SECOND)) {
                load.awaitSent(SECONDS * PER_SECOND);
                answers = load.finish();
            }
            Packaged.until(
                    "settled", () -> Fleet.metric(weir, "weir_settlements_pending").equals("0.0"));
            Run run = new Run(answers.size(), counts.total(), counts.counts());
            System.err.printf(
                    "lease %s: %d calls, %d scripts, %s a call: %s%n",
                    lease,
                    run.calls(),
                    run.total(),
                    BigDecimal.valueOf(run.total() * 10_000 / run.calls(), 4),
                    run.scripts());
            assertEquals(List.of(), answers.stream().filter(a -> !a.ok()).limit(3).toList());
            return run;
        }
    }
}
