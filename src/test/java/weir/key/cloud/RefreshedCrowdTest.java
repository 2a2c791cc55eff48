package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.key.Proof;
import weir.key.Secret;

/** Many at once: one asks, and everybody is answered on the event loop that he came from. */
final class RefreshedCrowdTest {
    private static final int LOOPS = 4;
    private static final int CALLS = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(1_795_000_000_000L);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoWaitsIsAnsweredOnItsOwnEventLoop() throws InterruptedException {
        Promise<Issued> answer = Promise.promise();
        Refreshed source = new Refreshed(answer::future, now::get, failure -> {});
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        CountDownLatch asked = new CountDownLatch(LOOPS);
        CountDownLatch answered = new CountDownLatch(LOOPS);
        IntStream.range(0, LOOPS)
                .forEach(i -> {
                    Context own = ((VertxInternal) vertx).createEventLoopContext();
                    own.runOnContext(begin -> {
                        Thread loop = Thread.currentThread();
                        source.proof()
                                .onComplete(proof -> {
                                    if (proof.failed() || Thread.currentThread() != loop) {
                                        wrong.add(loop + " got it on " + Thread.currentThread());
                                    }
                                    answered.countDown();
                                });
                        asked.countDown();
                    });
                });
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        answer.complete(new Issued(new Proof.Token(new Secret("a")), now.get() + 3_600_000));
        assertTrue(answered.await(10, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(wrong));
    }

    /** All of them have seen that it is time; the lock that they wait for lets one ask. */
    @Test
    void whoComesSecondDoesNotAskAgain() throws InterruptedException {
        AtomicInteger questions = new AtomicInteger();
        Promise<Issued> answer = Promise.promise();
        Refreshed source =
                new Refreshed(
                        () -> {
                            questions.incrementAndGet();
                            return answer.future();
                        },
                        now::get,
                        failure -> {});
        List<Thread> threads =
                IntStream.range(0, 8).mapToObj(i -> new Thread(source::proof)).toList();
        synchronized (source) {
            threads.forEach(Thread::start);
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!threads.stream().allMatch(t -> t.getState() == Thread.State.BLOCKED)) {
                assertTrue(System.nanoTime() < patience, "they never came to the lock");
                Thread.onSpinWait();
            }
        }
        for (Thread thread : threads) {
            thread.join(20_000);
        }
        assertEquals(1, questions.get());
    }

    /** Threads hammer it while the proof ends again and again; each end costs one question. */
    @Test
    void aHerdAsksOnce() throws InterruptedException {
        int rounds = 50;
        long life = 3_600_000;
        AtomicInteger questions = new AtomicInteger();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Refreshed source =
                new Refreshed(
                        () -> {
                            questions.incrementAndGet();
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            return vertx.executeBlocking(
                                            () -> {
                                                atOnce.decrementAndGet();
                                                return "";
                                            })
                                    .map(done ->
                                            new Issued(
                                                    new Proof.Token(new Secret("t")),
                                                    now.get() + life));
                        },
                        now::get,
                        failure -> {});
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int round = 0; round < rounds; round++) {
                CountDownLatch served = new CountDownLatch(CALLS);
                for (int call = 0; call < CALLS; call++) {
                    threads.execute(() -> source.proof().onSuccess(p -> served.countDown()));
                }
                assertTrue(served.await(20, TimeUnit.SECONDS), "round " + round);
                now.addAndGet(life);
            }
        }
        assertEquals(rounds, questions.get());
        assertEquals(1, most.get());
    }
}
