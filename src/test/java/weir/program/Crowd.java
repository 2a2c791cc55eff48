package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many callers at once on a budget that fits {@link #FITS} calls. Each asks until it passes or is
 * told that the budget is spent; to be told that others hold reservations is neither.
 *
 * <p>The budget is what all calls but one cost, and the worst case of one: that is what has to be
 * left for the last of them to pass, and one call more would need the cost of one more.
 */
final class Crowd {
    static final int CALLERS = 1_000;
    static final int FITS = 300;

    static final String BODY =
            """
            {"model":"gpt-6-luna","max_tokens":16,"messages":[{"role":"user","content":"Hi"}]}\
            """;

    private static final long PATIENCE_SECONDS = 90;

    private final List<URI> sidecars;
    private final AtomicLong asked = new AtomicLong();

    /** {@code sidecars}: where they take calls, without a path. */
    Crowd(List<String> sidecars) {
        this.sidecars =
                sidecars.stream().map(url -> URI.create(url + Surroundings.CHAT_PATH)).toList();
    }

    /** A weir.yaml with the budget, worked out from the log line of one such call. */
    static String yaml(String line) {
        long costNanoUsd = number(line, "cost_nano_usd");
        long worstNanoUsd = number(line, "reserved_nano_usd");
        assertTrue(0 < costNanoUsd && costNanoUsd < worstNanoUsd, line);
        long budgetNanoUsd = (FITS - 1) * costNanoUsd + worstNanoUsd;
        return withBudget(BigDecimal.valueOf(budgetNanoUsd, 9));
    }

    static String withBudget(BigDecimal usd) {
        return Surroundings.YAML
                .replace("50 USD/day", usd.toPlainString() + " USD/total")
                .replace("    requests: 600/min\n", "");
    }

    private static long number(String line, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":(\\d+)").matcher(line);
        assertTrue(matcher.find(), line);
        return Long.parseLong(matcher.group(1));
    }

    void exactlyThoseThatFitPass() throws Exception {
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            URI sidecar = sidecars.get(i % sidecars.size());
            callers.add(() -> passes(sidecar));
        }
        int passed = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> caller :
                    threads.invokeAll(callers, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                passed += caller.get() ? 1 : 0;
            }
        }
        System.err.println("a crowd of " + CALLERS + " asked " + asked + " times");
        assertEquals(FITS, passed);
    }

    private boolean passes(URI sidecar) {
        HttpRequest request =
                HttpRequest.newBuilder(sidecar)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build();
        while (true) {
            HttpResponse<String> answer = Packaged.send(request);
            asked.incrementAndGet();
            String reason = answer.headers().firstValue("x-weir-reason").orElse("");
            if (answer.statusCode() == 200) {
                return true;
            }
            if (reason.equals("budget_exhausted")) {
                return false;
            }
            assertEquals("budget_reserved", reason, answer.body());
        }
    }
}
