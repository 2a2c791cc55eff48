package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import loadtest.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Five sidecars are replaced one after the other while callers go on: who is not taken goes to the
 * next one, who is taken is served, and the limits hold over the ten that there were.
 */
final class RollingRestartIT {
    private static final int SIDECARS = 5;
    private static final int CALLERS = 16;
    private static final long PATIENCE_SECONDS = 150;
    private static final long BUDGET_NANO_USD = 1_200_000_000;
    private static final int BURST = 600;
    private static final int PER_MINUTE = 6_000;

    private static final String[] LIMITS = {
        "{ name: budget, per: [tenant], spend: 1.2 USD/total }",
        "{ name: rate, per: [tenant], requests: " + PER_MINUTE + "/min, burst: 10% }",
        "{ name: slots, per: [tenant], concurrent: 12 }",
    };

    @TempDir private Path directory;

    private final List<Packaged> live = new CopyOnWriteArrayList<>();
    private final Map<Integer, Chat> chats = new ConcurrentHashMap<>();
    private final Set<Integer> unanswered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final LongAdder served = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder movedOn = new LongAdder();
    private volatile boolean rolled;
    private volatile boolean spent;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void nobodyIsLostAndTheLimitsHold(String lease) throws Exception {
        try (Fleet fleet =
                        new Fleet(
                                directory,
                                Fleet.yaml(LIMITS),
                                "WEIR_LEDGER_LEASE",
                                lease,
                                "WEIR_LEDGER_DEADLINE",
                                "5s");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            live.addAll(fleet.join(SIDECARS));
            long begunNanos = System.nanoTime();
            List<Future<@Nullable Void>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(this::goOn));
            }
            roll(fleet);
            long rolledNanos = System.nanoTime();
            rolled = true;
            for (Future<@Nullable Void> caller : callers) {
                caller.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
            awaitNothingHeld();
            System.err.printf(
                    "lease %s: five replaced in %d ms; %d served, %d limited, %d moved on, of them"
                            + " %d without an answer%n",
                    lease,
                    TimeUnit.NANOSECONDS.toMillis(rolledNanos - begunNanos),
                    served.sum(),
                    limited.sum(),
                    movedOn.sum(),
                    unanswered.size());
            check(fleet, tookMillis);
        }
    }

    private void roll(Fleet fleet) {
        for (int i = 0; i < SIDECARS; i++) {
            Packaged old = live.get(i);
            // One that goes before a caller has come would leave nothing to know it by.
            String id = Fleet.json(old.callLine("")).path("request_id").asText();
            old.terminate();
            assertEquals(0, old.exitCode(), old.errors().toString());
            assertTrue(old.output().getLast().contains("\"event\":\"stopped\""));
            assertHoldsNothing(id, live.get((i + 1) % SIDECARS));
            live.set(i, fleet.join());
        }
        for (Packaged weir : live) {
            Packaged.until(
                    "five are seen", () -> Fleet.metric(weir, "weir_sidecars").equals("5.0"));
        }
    }

    /** Its request ids begin with its id, and so do the names of what holds leases for it. */
    private static void assertHoldsNothing(String id, Packaged other) {
        for (String limit : List.of("budget", "rate", "slots")) {
            for (String holder : Fleet.counter(other, limit).holders()) {
                String sidecar = holder.substring(0, holder.indexOf('.'));
                assertFalse(id.startsWith(sidecar), limit + " is leased by who is gone: " + holder);
            }
        }
    }

    /** Goes on until the budget is spent, which it is soon once all are replaced. */
    private @Nullable Void goOn() throws InterruptedException {
        while (!spent) {
            int number = numbers.getAndIncrement();
            Chat chat = rolled ? large(number) : Chat.small(number);
            chats.put(number, chat);
            ask(chat, Fleet.data(live.get(number % SIDECARS)));
        }
        return null;
    }

    private static Chat large(int number) {
        return new Chat(number, Chat.Kind.STREAM, new Chat.Words(8), new Chat.Answer(400, 0));
    }

    /** Whoever is not taken goes to the next; whoever is limited, in a moment. */
    private void ask(Chat chat, URI sidecar) throws InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = Packaged.HTTP.send(chat.to(sidecar), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException refused) {
            movedOn.increment();
            return;
        } catch (IOException closedMeanwhile) {
            boolean unused = unanswered.add(chat.number());
            movedOn.increment();
            return;
        }
        String reason = answer.headers().firstValue("x-weir-reason").orElse("");
        switch (reason) {
            case "" -> {
                boolean whole =
                        chat.kind() == Chat.Kind.PLAIN
                                || answer.body().endsWith("data: [DONE]\n\n");
                assertTrue(answer.statusCode() == 200 && whole, answer + answer.body());
                served.increment();
            }
            case "draining" -> movedOn.increment();
            case "budget_exhausted" -> spent = true;
            default -> {
                assertEquals(429, answer.statusCode(), answer.body());
                limited.increment();
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void awaitNothingHeld() {
        for (Packaged weir : live) {
            Packaged.until(
                    "settled", () -> Fleet.metric(weir, "weir_settlements_pending").equals("0.0"));
        }
        Packaged any = live.getFirst();
        for (String limit : List.of("budget", "rate", "slots")) {
            Packaged.until(
                    "nothing of " + limit + " is held", () -> Fleet.counter(any, limit).idle());
        }
        Packaged.until("all slots are free", () -> Fleet.counter(any, "slots").taken() == 0);
    }

    private void check(Fleet fleet, long tookMillis) {
        List<Exchange> exchanges = fleet.around().provider().recorder().exchanges();
        Set<Integer> reached = new HashSet<>();
        long bill = 0;
        for (Exchange exchange : exchanges) {
            int number = Chat.number(exchange);
            assertTrue(reached.add(number), "twice at the provider: " + number);
            bill += Objects.requireNonNull(chats.get(number)).billNanoUsd(exchange);
        }
        assertTrue(unanswered.stream().noneMatch(reached::contains), "taken and lost");
        assertEquals(served.sum(), exchanges.size());
        long bucket = BURST + PER_MINUTE * tookMillis / 60_000 + 1;
        long charged = fleet.chargedNanoUsd();
        System.err.printf(
                "%d at the provider, the bucket had %d; of %d nano-dollars %d billed, %d charged%n",
                exchanges.size(), bucket, BUDGET_NANO_USD, bill, charged);
        assertTrue(exchanges.size() <= bucket, exchanges.size() + " of " + bucket);
        assertTrue(bill <= charged && charged <= BUDGET_NANO_USD, bill + " " + charged);
        assertEquals(charged, Fleet.counter(live.getFirst(), "budget").used());
    }
}
