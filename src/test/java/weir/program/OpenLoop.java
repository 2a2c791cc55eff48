package weir.program;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends calls at a steady rate, whatever becomes of them, as applications do that do not know of
 * each other.
 */
final class OpenLoop implements AutoCloseable {
    private final URI sidecar;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * What became of a call.
     *
     * @param sentNanos on the clock of {@link System#nanoTime}
     * @param status 0 where there was no answer, and {@code body} says why
     * @param reason Weir's, empty where it refused nothing
     */
    record Answer(long sentNanos, long tookNanos, int status, String reason, String body) {
        boolean ok() {
            return status == 200;
        }

        long tookMillis() {
            return tookNanos / 1_000_000;
        }
    }

    OpenLoop(URI sidecar, int perSecond) {
        this.sidecar = sidecar;
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var unused =
                clock.scheduleAtFixedRate(
                        () -> threads.execute(this::send), 0, periodNanos, TimeUnit.NANOSECONDS);
    }

    private void send() {
        Chat chat = Chat.small(sent.getAndIncrement());
        long beganNanos = System.nanoTime();
        try {
            HttpResponse<String> response =
                    Packaged.HTTP.send(chat.to(sidecar), HttpResponse.BodyHandlers.ofString());
            answers.add(
                    new Answer(
                            beganNanos,
                            System.nanoTime() - beganNanos,
                            response.statusCode(),
                            response.headers().firstValue("x-weir-reason").orElse(""),
                            response.body()));
        } catch (IOException e) {
            long tookNanos = System.nanoTime() - beganNanos;
            answers.add(new Answer(beganNanos, tookNanos, 0, "", e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many more were sent. */
    void awaitSent(int more) {
        int end = sent.get() + more;
        Packaged.until("sent", () -> sent.get() >= end);
    }

    int sent() {
        return sent.get();
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Sends no more, and waits for all answers. */
    List<Answer> finish() throws InterruptedException {
        clock.shutdown();
        boolean quiet = clock.awaitTermination(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS);
        threads.shutdown();
        if (!quiet || !threads.awaitTermination(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("some calls are never answered");
        }
        return answers();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
