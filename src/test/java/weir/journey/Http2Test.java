package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import loadtest.Exchange;
import loadtest.Exchange.Ending;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trap 15: AWS's SDKs speak HTTP/2 from the first byte, without TLS and without asking. */
final class Http2Test {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${PROVIDER}"
                credentials: [{ name: main, secret: "${SECRET}" }]
                account-calls: allow
            callers: { default-tenant: shop }
            limits:
              - { name: purse, per: [tenant], spend: 50 USD/total }
            """;

    private final World world = new World();
    private final World.Weir weir = world.weir(YAML);
    private HttpClient client = world.vertx().createHttpClient();

    private record Answer(
            int status,
            HttpVersion version,
            String body,
            @Nullable String connection,
            @Nullable String cost) {}

    @BeforeEach
    void knowBeforehand() {
        client =
                world.vertx()
                        .createHttpClient(
                                new HttpClientOptions()
                                        .setDefaultPort(weir.port())
                                        .setDefaultHost("127.0.0.1")
                                        .setProtocolVersion(HttpVersion.HTTP_2)
                                        .setHttp2ClearTextUpgrade(false)
                                        .setHttp2MaxPoolSize(1));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private Future<Answer> call(String path, String body, String... headers) {
        return client.request(HttpMethod.POST, path)
                .compose(request -> {
                    for (int i = 0; i < headers.length; i += 2) {
                        request.putHeader(headers[i], headers[i + 1]);
                    }
                    return request.putHeader("content-type", "application/json").send(body);
                })
                .compose(response ->
                        response.body()
                                .map(all ->
                                        new Answer(
                                                response.statusCode(),
                                                response.version(),
                                                all.toString(),
                                                response.getHeader("connection"),
                                                response.getHeader("x-weir-cost-usd"))));
    }

    @Test
    void manyCallsShareOneConnection() {
        List<Future<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call(CHAT_PATH, i % 2 == 0 ? CHAT : CHAT_STREAM));
        }
        for (int i = 0; i < calls.size(); i++) {
            Answer answer = World.await(calls.get(i));
            assertEquals(200, answer.status(), answer.body());
            assertEquals(HttpVersion.HTTP_2, answer.version());
            assertNull(answer.connection());
            if (i % 2 == 0) {
                assertNotNull(answer.cost());
            } else {
                assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
            }
        }
        assertEquals("", weir.bugs());
    }

    /** A refusal of one call is no reason to close the connection of the others. */
    @Test
    void refusalsLeaveTheConnectionOpen() {
        Answer large = World.await(call(CHAT_PATH, "x".repeat((32 << 20) + 1)));
        assertEquals(413, large.status());
        assertNull(large.connection());
        assertEquals(404, World.await(call("/nobody/v1/models", "{}")).status());
        assertEquals(400, World.await(call("/openai//v1", "{}")).status());
        Answer chat = World.await(call(CHAT_PATH, CHAT));
        assertEquals(200, chat.status(), chat.body());
        assertEquals("", weir.bugs());
    }

    @Test
    void aCallerThatResetsItsStreamCancelsItAndNoOther() {
        Future<Answer> other = call(CHAT_PATH, CHAT_STREAM, "x-sim", "delay=300ms");
        FailureBench.<Void>get(world.provider().recorder().seen(1));
        HttpClientRequest left = World.await(client.request(HttpMethod.POST, CHAT_PATH));
        left.putHeader("x-sim", "stall=before-headers")
                .putHeader("content-type", "application/json")
                .send(CHAT_STREAM);
        FailureBench.<Void>get(world.provider().recorder().seen(2));
        Exchange upstream = world.provider().recorder().last();
        left.reset();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        assertEquals(200, World.await(other).status());
        JsonObject first = new JsonObject(weir.nextCall());
        JsonObject second = new JsonObject(weir.nextCall());
        assertTrue(
                (first.encode() + second.encode()).contains("\"outcome\":\"caller_gone\""),
                first::encode);
        assertEquals("", weir.bugs());
    }

    /** HTTP/2 frames bodies by itself: this one has no length, and nobody looks into it. */
    @Test
    void aBodyWithoutLengthPasses() {
        HttpClientRequest request =
                World.await(client.request(HttpMethod.POST, "/openai/v1/moderations"));
        request.putHeader("content-type", "application/json").setChunked(true);
        request.write(Buffer.buffer("{\"input\":"));
        Future<Answer> answer =
                request.end(Buffer.buffer("\"weir\"}"))
                        .compose(sent -> request.response())
                        .compose(response ->
                                response.body()
                                        .map(all ->
                                                new Answer(
                                                        response.statusCode(),
                                                        response.version(),
                                                        all.toString(),
                                                        null,
                                                        null)));
        assertEquals(200, World.await(answer).status());
        assertEquals("", weir.bugs());
    }

    /** Java's own client offers an upgrade with each first request. */
    @Test
    void anOfferOfAnUpgradeIsNotHeard() {
        HttpResponse<String> answer = weir.post(CHAT_PATH, CHAT);
        assertEquals(200, answer.statusCode());
        assertEquals(java.net.http.HttpClient.Version.HTTP_1_1, answer.version());
    }
}
