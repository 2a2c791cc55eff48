package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import loadtest.Exchange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three processes, one Redis, 2,000 calls, and a budget for a tenth of them: by the provider's own
 * bill nothing is overspent, and next to nothing is left. The bill is lower than what is charged by
 * what is charged, estimated by its bytes, for streams that the end of the budget cut short.
 */
final class BudgetIT {
    private static final int CALLS = 2_000;
    private static final int AT_ONCE = 64;
    private static final long PATIENCE_SECONDS = 120;

    @TempDir private Path directory;

    private final List<Chat> chats = new ArrayList<>();
    private final Queue<Chat> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void nothingIsOverspentAndAlmostAllIsUsed(String lease) throws Exception {
        Random random = new Random(Long.getLong("seed", 1));
        for (int i = 0; i < CALLS; i++) {
            chats.add(Chat.random(i, random));
        }
        long demand = chats.stream().mapToLong(Chat::costNanoUsd).sum();
        long budget = demand / 10;
        String usd = BigDecimal.valueOf(budget, 9).toPlainString();
        String yaml = Fleet.yaml("{ name: budget, per: [tenant], spend: " + usd + " USD/total }");
        try (Fleet fleet =
                new Fleet(
                        directory,
                        yaml,
                        "WEIR_LEDGER_LEASE",
                        lease,
                        "WEIR_LEDGER_DEADLINE",
                        "5s")) {
            List<Packaged> three = fleet.join(3);

            askUntilAllAreToldSo(three);
            fleet.around().provider().recorder().idle().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (Packaged weir : three) {
                Packaged.until(
                        "nothing is held",
                        () ->
                                Fleet.metric(weir, "weir_settlements_pending").equals("0.0")
                                        && Fleet.counter(weir, "budget").idle());
            }

            check(fleet, budget, "lease " + lease);
        }
    }

    private void check(Fleet fleet, long budget, String what) {
        long bill = bill(fleet);
        long charged = fleet.chargedNanoUsd();
        long used = Fleet.counter(fleet.all().getFirst(), "budget").used();
        System.err.printf(
                "%s: %d calls asked %d times, %d answered, %d refused; of %d nano-dollars"
                        + " %d charged (%s %%), %d billed (%s %%); %d cut short%n",
                what,
                CALLS,
                asked.get(),
                answered.get(),
                refused.get(),
                budget,
                charged,
                percent(charged, budget),
                bill,
                percent(bill, budget),
                fleet.calls(line -> line.contains("\"outcome\":\"truncated\"")).size());
        assertTrue(bill <= charged, bill + " billed, " + charged + " charged");
        assertTrue(charged <= budget, charged + " charged of " + budget);
        assertEquals(charged, used);
        assertTrue(used * 100 >= budget * 98, used + " used of " + budget);
    }

    private static BigDecimal percent(long part, long whole) {
        return BigDecimal.valueOf(part * 10_000 / whole, 2);
    }

    private void askUntilAllAreToldSo(List<Packaged> sidecars) throws Exception {
        waiting.addAll(chats);
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            callers.add(() -> {
                Chat chat = waiting.poll();
                while (chat != null) {
                    ask(chat, sidecars.get(asked.incrementAndGet() % sidecars.size()));
                    chat = waiting.poll();
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> caller :
                    threads.invokeAll(callers, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                caller.get();
            }
        }
        assertEquals(CALLS, answered.get() + refused.get());
    }

    /** Who is told that others hold the rest goes to the end of the line. */
    private void ask(Chat chat, Packaged sidecar) {
        HttpResponse<String> answer = Packaged.send(chat.to(Fleet.data(sidecar)));
        String reason = answer.headers().firstValue("x-weir-reason").orElse("");
        if (answer.statusCode() == 200) {
            boolean whole =
                    chat.kind() == Chat.Kind.PLAIN || answer.body().endsWith("data: [DONE]\n\n");
            assertTrue(whole, answer.body());
            answered.incrementAndGet();
        } else if (reason.equals("budget_reserved")) {
            waiting.add(chat);
        } else {
            assertEquals("budget_exhausted", reason, answer.body());
            refused.incrementAndGet();
        }
    }

    private long bill(Fleet fleet) {
        long bill = 0;
        for (Exchange exchange : fleet.around().provider().recorder().exchanges()) {
            bill += chats.get(Chat.number(exchange)).billNanoUsd(exchange);
        }
        return bill;
    }
}
