package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trap 11: a batch whose requests are in one file, and what they used in another. */
final class FileBatchTest {
    private static final String YAML =
            """
            providers:
              openai:
                base-url: "${BATCHES}"
                account-calls: allow
                timeouts: { first-byte: 1s }
                credentials: [{ name: a, secret: "${SECRET}" }]
            callers:
              keys: [{ name: app, tenant: shop, sha256: "${APP}", models: ["gpt-4.1"] }]
            limits: [{ name: purse, per: [tenant], spend: 1 USD/total }]
            """;
    private static final String PATH = "/openai/v1/batches";
    private static final String CREATE =
            """
            {"input_file_id":"file-in","endpoint":"/v1/chat/completions","completion_window":"24h"}\
            """;
    private static final String ASK =
            """
            {"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s",\
            "max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}}
            """;
    private static final String REQUESTS =
            ASK.formatted("a", "gpt-4.1") + ASK.formatted("b", "gpt-4.1");
    private static final String ANSWER =
            """
            {"id":"r","custom_id":"%s","response":{"status_code":200,"body":{"model":"gpt-4.1",\
            "service_tier":"default","usage":{"prompt_tokens":100,"completion_tokens":50}}},\
            "error":null}
            """;

    private final World world = new World();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> strangers = new CopyOnWriteArrayList<>();
    private volatile String owner = World.SECRET;
    private volatile String status = "in_progress";
    private volatile String requests = REQUESTS;
    private volatile String results = ANSWER.formatted("b") + ANSWER.formatted("a");
    private volatile int fileStatus = 200;
    private volatile boolean silent;

    @BeforeEach
    void serve() {
        world.serve("BATCHES", this::answer);
        world.env("APP", World.sha256("wk_app"));
    }

    @AfterEach
    void close() {
        assertEquals(owner.equals(World.SECRET) ? 0 : 1, strangers.size(), strangers::toString);
        world.close();
    }

    private void answer(HttpServerRequest request) {
        seen.add(request.method() + " " + request.uri());
        HttpServerResponse response = request.response();
        if (!request.getHeader("authorization").equals("Bearer " + owner)) {
            strangers.add(request.method() + " " + request.uri());
            response.setStatusCode(404).end();
        } else if (request.path().endsWith("/file-in/content")) {
            if (!silent) {
                response.setStatusCode(fileStatus).end(requests);
            }
        } else if (request.path().endsWith("/file-out/content")) {
            response.end(results);
        } else {
            String now = request.method().equals(HttpMethod.POST) ? "validating" : status;
            String out = now.equals("failed") ? "null" : "\"file-out\"";
            request.bodyHandler(body ->
                    response.putHeader("content-type", "application/json")
                            .end(
                                    """
                                    {"id":"batch_1","object":"batch","status":"%s",\
                                    "endpoint":"/v1/chat/completions","output_file_id":%s}\
                                    """
                                            .formatted(now, out)));
        }
    }

    private static HttpResponse<String> create(World.Weir weir) {
        return weir.post(PATH, CREATE, "authorization", "Bearer wk_app");
    }

    /** Two answers of 100 and 50 tokens, at half of 2 and 8 USD a million. */
    @Test
    void aBatchIsSettledByItsResults() {
        World.Weir weir = world.weir(YAML);
        HttpResponse<String> created = create(weir);
        assertEquals(200, created.statusCode(), created.body());
        assertEquals("GET /v1/files/file-in/content", seen.getFirst());
        assertTrue(weir.nextCall().contains("\"cost_nano_usd\":0,"));
        FailureBench.until("asked twice", () -> seen.size() >= 4);
        status = "completed";
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertTrue(line.contains("\"model\":\"gpt-4.1\""), line);
        assertFalse(line.contains("estimated"), line);
        assertEquals("GET /v1/files/file-out/content", seen.getLast());
    }

    /**
     * Two worst cases of 1,000 tokens at 8 USD a million, and their input, are 17,300 of 30,000.
     */
    @Test
    void itsWorstCaseIsHeldMeanwhile() {
        World.Weir weir = world.weir(YAML.replace("1 USD", "0.03 USD"));
        assertEquals(200, create(weir).statusCode());
        HttpResponse<String> second = create(weir);
        assertEquals("budget_reserved", second.headers().firstValue("x-weir-reason").orElse(""));
        assertEquals(1, seen.stream().filter(s -> s.startsWith("POST")).count());
        status = "expired";
        weir.nextEvent("job");
        FailureBench.until("there is room", () -> create(weir).statusCode() == 200);
    }

    /** One that fails its validation has no results, and costs nothing. */
    @Test
    void aBatchThatDidNothingCostsNothing() {
        status = "failed";
        World.Weir weir = world.weir(YAML);
        assertEquals(200, create(weir).statusCode());
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":0,"), line);
        assertFalse(line.contains("estimated"), line);
    }

    @Test
    void resultsThatCannotBeReadAreChargedAtTheWorstCase() {
        results = ANSWER.formatted("a") + "oops\n";
        status = "completed";
        World.Weir weir = world.weir(YAML);
        create(weir);
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"estimated\":true,"), line);
        assertTrue(line.contains("\"output\":2000,"), line);
    }

    /** Files belong to an account, so nobody else could begin the batch. */
    @Test
    void theCredentialThatMayReadTheFileBeginsTheBatch() {
        owner = "sk-of-another-account";
        world.env("OTHER", owner);
        String both = "[{ name: a, secret: \"${SECRET}\" }, { name: b, secret: \"${OTHER}\" }]";
        World.Weir weir = world.weir(YAML.replace("[{ name: a, secret: \"${SECRET}\" }]", both));
        status = "completed";
        HttpResponse<String> created = create(weir);
        assertEquals(200, created.statusCode(), created.body());
        String line = weir.nextEvent("job");
        assertTrue(line.contains("\"cost_nano_usd\":600000,"), line);
        assertEquals(List.of("GET /v1/files/file-in/content"), strangers);
    }

    @Test
    void aKeyMayNotAskForAnotherModelInAFile() {
        requests = REQUESTS + ASK.formatted("c", "gpt-4o");
        HttpResponse<String> answer = create(world.weir(YAML));
        assertEquals(403, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("gpt-4o"), answer.body());
        assertEquals(1, seen.size(), "nothing but the file was asked for");
    }

    @Test
    void aFileThatCannotBeReadIsToldInTheCallersDialect() {
        World.Weir weir = world.weir(YAML);
        requests = REQUESTS + "{\"url\":\"/v1/chat/completions\",\"body\":{}}\n";
        HttpResponse<String> malformed = create(weir);
        assertEquals(400, malformed.statusCode());
        assertTrue(malformed.body().contains("line 3 of the batch's file"), malformed.body());
        fileStatus = 404;
        HttpResponse<String> missing = create(weir);
        assertEquals(400, missing.statusCode());
        assertTrue(missing.body().contains("invalid_request_error"), missing.body());
        assertTrue(missing.body().contains("the provider answered 404"), missing.body());
        fileStatus = 500;
        assertEquals(502, create(weir).statusCode());
        silent = true;
        assertEquals(504, create(weir).statusCode());
        assertTrue(seen.stream().noneMatch(s -> s.startsWith("POST")), seen.toString());
        assertEquals(0, weir.gauge("weir_spend_usd_total"));
    }

    /** Of pictures and videos nobody can say here what they cost. */
    @Test
    void otherBatchesHaveNoPrice() {
        World.Weir weir = world.weir(YAML.replace(", models: [\"gpt-4.1\"]", ""));
        String videos = CREATE.replace("/v1/chat/completions", "/v1/videos");
        HttpResponse<String> answer = weir.post(PATH, videos, "authorization", "Bearer wk_app");
        assertEquals(402, answer.statusCode(), answer.body());
        assertEquals("unpriced", answer.headers().firstValue("x-weir-reason").orElse(""));
    }
}
