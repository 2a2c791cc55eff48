package weir.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.key.Secret;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Standing;
import weir.limit.Window;

/** What becomes of a delivery, with a real receiver and pauses of milliseconds. */
final class WebhooksTest {
    private static final long PATIENCE_SECONDS = 20;
    private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> posts = new ConcurrentLinkedQueue<>();
    private final AtomicLong status = new AtomicLong(200);
    private final AtomicLong aged = new AtomicLong();
    private final HttpServer server =
            await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    private final Webhooks webhooks =
            new Webhooks(
                    vertx,
                    new Webhooks.Pace(4, 8, 60_000),
                    new Metrics(registry, new CollectorRegistry()),
                    new Log(lines::add, () -> 1_000),
                    aged::get);

    WebhooksTest() {
        URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/secret-path");
        webhooks.replace(List.of(new Webhook("ops", url, SECRET, null)));
    }

    @AfterEach
    void close() {
        await(webhooks.close());
        await(vertx.close());
    }

    private void take(HttpServerRequest request) {
        posts.add(request.method() + " " + request.path() + " " + request.getHeader("webhook-id"));
        int answer = (int) status.get();
        if (answer > 0) {
            request.response().setStatusCode(answer).putHeader("location", "/other").end();
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Crossing crossing(int percent) {
        Window day = new Window(Window.Period.DAY, ZoneOffset.UTC);
        Meter meter = new Meter.Spend(100, day);
        Limit limit = new Limit("daily", Match.ALL, List.of(), List.of(meter), Policy.DEFAULT);
        Claim claim = new Claim(limit, meter, "shop", List.of(), 0);
        Standing standing =
                new Standing(claim, 100, 99, 0, 0, 1, 0, 1_000, 0, Standing.Verdict.FITS);
        return new Crossing(standing, percent);
    }

    private double counted(String result) {
        var counter =
                registry.find(MetricNames.WEBHOOK_DELIVERIES)
                        .tags("webhook", "ops", "result", result)
                        .functionCounter();
        return counter == null ? 0 : counter.count();
    }

    /** The example of the specification's own libraries. */
    @Test
    void theSignatureIsThatOfTheStandard() {
        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                Signature.of(
                        SECRET,
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330,
                        "{\"test\": 2432232314}"));
        assertTrue(Signature.canSign(SECRET));
        assertFalse(Signature.canSign(new Secret("whsec_not base64, though long enough")));
        assertFalse(Signature.canSign(new Secret("too short")));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408})
    void whatMayPassIsTriedAgain(int answer) {
        status.set(answer);
        webhooks.tell(crossing(50));
        until("tried again", () -> posts.size() >= 4);
        assertEquals(1, posts.stream().distinct().count(), "the same message: " + posts);
        status.set(204);
        until("delivered", () -> counted("delivered") == 1);
        assertEquals(0, counted("failed"));
        assertTrue(lines.isEmpty(), lines.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 308, 400, 401, 404, 410})
    void anyOtherAnswerIsFinal(int answer) {
        status.set(answer);
        webhooks.tell(crossing(50));
        until("failed", () -> counted("failed") == 1);
        assertEquals(1, posts.size(), posts.toString());
        assertTrue(lines.element().contains("answered " + answer), lines.toString());
        assertFalse(lines.element().contains("secret-path"), lines.toString());
    }

    @Test
    void afterAnHourItIsGivenUp() {
        status.set(500);
        webhooks.tell(crossing(50));
        until("tried again", () -> posts.size() >= 2);
        assertEquals(0, counted("failed"));
        aged.set(60_000);
        until("given up", () -> counted("failed") == 1);
    }

    @Test
    void whatIsTooMuchIsDropped() {
        status.set(0);
        for (int i = 0; i < Webhooks.MAX_PENDING + 7; i++) {
            webhooks.tell(crossing(1 + i % 99));
        }
        until("dropped", () -> counted("dropped") == 7);
        assertEquals(7, lines.stream().filter(l -> l.contains("webhook_dropped")).count());
    }

    @Test
    void aWebhookThatIsNoLongerThereIsToldNothing() {
        status.set(500);
        webhooks.tell(crossing(50));
        until("tried", () -> !posts.isEmpty());
        webhooks.replace(List.of());
        until("failed", () -> counted("failed") == 1);
        int before = posts.size();
        webhooks.tell(crossing(80));
        await(webhooks.close());
        assertEquals(before, posts.size());
    }

    /** A certificate's file may be gone, or a URL be one that the client does not take. */
    @Test
    void whatCannotEvenBeSentIsTriedAgain() {
        webhooks.replace(List.of(new Webhook("ops", URI.create("nothing://here"), SECRET, null)));
        webhooks.tell(crossing(50));
        webhooks.tell(crossing(80));
        until(
                "given up",
                () -> {
                    aged.addAndGet(60_001);
                    return counted("failed") == 2;
                });
        assertTrue(lines.element().contains("cannot be reached"), lines.toString());
        await(webhooks.close());
        assertEquals(2, counted("failed"), "nothing was left behind");
    }

    /** It takes no longer than the last tries may, also where nobody answers. */
    @Test
    void aCloseEndsInTime() {
        status.set(0);
        webhooks.tell(crossing(50));
        until("tried", () -> !posts.isEmpty());
        await(webhooks.close());
        assertEquals(1, counted("failed"));
    }
}
