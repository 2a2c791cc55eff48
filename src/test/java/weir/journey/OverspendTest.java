package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import loadtest.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.price.Usd;

/** Many streams of random length at once, on a budget for a tenth of them. */
final class OverspendTest {
    private static final int STREAMS = 64;
    private static final int MEAN_TOKENS = 1_000;

    /** Of gpt-4.1-nano, nano-dollars a token. */
    private static final long INPUT_PRICE = 100;

    private static final long OUTPUT_PRICE = 400;

    private static final String BODY =
            "{\"model\":\"gpt-4.1-nano\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final Executor SOON =
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    private final AtomicInteger called = new AtomicInteger();
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final World world = new World();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void neitherTheProvidersBillNorTheLedgerGoesBeyondTheBudget() throws Exception {
        long budget = STREAMS * MEAN_TOKENS * OUTPUT_PRICE / 10;
        World.Weir weir =
                world.weir(
                        """
                        providers:
                          openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
                        callers: { default-tenant: shop }
                        limits: [{ name: purse, spend: BUDGET USD/total }]
                        """
                                .replace("BUDGET", Usd.format(budget)));
        List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String sim = "chunk-delay=1ms,tokens=" + (1 + random.nextInt(2 * MEAN_TOKENS));
            streams.add(call(weir, sim));
        }
        for (CompletableFuture<HttpResponse<String>> stream : streams) {
            HttpResponse<String> answer = stream.get(2 * World.PATIENCE_SECONDS, TimeUnit.SECONDS);
            boolean ended = answer.body().endsWith("data: [DONE]\n\n");
            boolean refused = answer.statusCode() == 402;
            assertTrue(refused || (answer.statusCode() == 200 && ended), replay(answer.body()));
        }
        FailureBench.<Void>get(world.provider().recorder().idle());
        long charged = 0;
        for (int i = 0; i < called.get(); i++) {
            charged += new JsonObject(weir.nextCall()).getLong("cost_nano_usd");
        }
        long bill = 0;
        for (Exchange each : world.provider().recorder().exchanges()) {
            // One event in front; behind, the end, the usage that Weir asks for, and [DONE].
            boolean whole = each.ended().join() == Exchange.Ending.COMPLETED;
            bill += INPUT_PRICE + (each.writes() - (whole ? 4 : 1)) * OUTPUT_PRICE;
        }
        assertTrue(bill <= charged, replay(bill + " is more than was charged, " + charged));
        assertTrue(charged <= budget, replay(charged + " of " + budget));
        assertTrue(charged > budget * 95 / 100, replay("left over: " + charged + " of " + budget));
        assertEquals("", weir.bugs());
    }

    /** As an SDK does: again after a moment where others hold the rest. */
    private CompletableFuture<HttpResponse<String>> call(World.Weir weir, String sim) {
        called.incrementAndGet();
        return http.sendAsync(
                        weir.request("/openai/v1/chat/completions", BODY, "x-sim", sim),
                        BodyHandlers.ofString())
                .thenCompose(answer ->
                        answer.statusCode() == 429
                                ? CompletableFuture.supplyAsync(() -> sim, SOON)
                                        .thenCompose(again -> call(weir, again))
                                : CompletableFuture.completedFuture(answer));
    }

    private String replay(String what) {
        return "-Dseed=" + seed + " replays: " + what;
    }
}
