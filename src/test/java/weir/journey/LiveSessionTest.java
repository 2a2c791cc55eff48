package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.journey.WireSocket.Frame;

/** A session of Gemini's Live API, whose model is known by the caller's first message. */
final class LiveSessionTest {
    /** gemini-3.8-live: 131,072 tokens of 3 USD, and 65,536 of 12 USD a million. */
    private static final long WORST = 131_072 * 3_000L + 65_536 * 12_000L;

    private static final String YAML =
            """
            providers:
              gemini: { base-url: "${SESSIONS}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers:
              keys: [{ name: app, tenant: shop, sha256: "${KEY}", models: ["gemini-*-live"] }]
            limits:
              - { name: one-a-time, concurrent: CONCURRENT }
              - { name: purse, per: [tenant], spend: SPEND USD/total }
            """;
    private static final String TARGET =
            "/gemini/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    private static final String KEYED = TARGET + "?key=wk_app";
    private static final String SETUP = "{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}";
    private static final String DONE = "{\"setupComplete\":{}}";
    private static final String ASK =
            "{\"client_content\":{\"turns\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"turn_complete\":true}}";
    private static final String SAYS =
            "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"AAAA\"}}]}}}";

    /** 300 in, 200 of them heard, at 3 and 0.75 USD a million; 100 spoken at 12. */
    private static final String ENDS =
            "{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{\"promptTokenCount\":300,"
                    + "\"responseTokenCount\":100,\"totalTokenCount\":400,\"promptTokensDetails\":["
                    + "{\"modality\":\"TEXT\",\"tokenCount\":100},"
                    + "{\"modality\":\"AUDIO\",\"tokenCount\":200}],\"responseTokensDetails\":["
                    + "{\"modality\":\"AUDIO\",\"tokenCount\":100}]}}";

    private static final long COST = 100 * 750L + 200 * 3_000L + 100 * 12_000L;

    private final World world = new World();
    private SessionProvider provider;
    private World.Weir weir;

    @BeforeEach
    void open() throws IOException {
        provider = new SessionProvider();
        world.env("SESSIONS", "http://" + provider.authority()).env("KEY", World.sha256("wk_app"));
    }

    @AfterEach
    void close() {
        provider.close();
        world.close();
    }

    private void start(long nanoUsd, String concurrent) {
        String yaml = YAML.replace("SPEND", SessionBench.usd(nanoUsd));
        weir = world.weir(yaml.replace("CONCURRENT", concurrent));
    }

    private WireSocket ask(String setup) {
        WireSocket caller = WireSocket.ask(weir.port(), KEYED);
        assertEquals(101, caller.status(), caller.head);
        assertEquals(WireSocket.ACCEPT, caller.header("sec-websocket-accept"));
        caller.text(setup);
        return caller;
    }

    private JsonObject line() {
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("", weir.bugs());
        return line;
    }

    private static void binary(WireSocket from, String message) {
        from.send(new Frame(0x80 | WireSocket.BINARY, Buffer.buffer(message)));
    }

    @Test
    void passesBothWaysAndCostsWhatItsTurnsDo() {
        start(50_000_000_000L, "10");
        WireSocket caller = ask(SETUP);
        caller.text(ASK);
        WireSocket upstream = provider.session();
        assertTrue(upstream.head.contains("BidiGenerateContent HTTP/1.1\r\n"), upstream.head);
        assertEquals(World.SECRET, upstream.header("x-goog-api-key"));
        assertFalse(upstream.head.contains("wk_"), upstream.head);
        assertEquals(SETUP, upstream.said());
        assertEquals(ASK, upstream.said());
        for (int turn = 0; turn < 2; turn++) {
            for (String message : List.of(DONE, SAYS, ENDS)) {
                binary(upstream, message);
                assertEquals(message, caller.said());
            }
            caller.text(ASK);
            assertEquals(ASK, upstream.said());
        }
        binary(upstream, SAYS);
        binary(upstream, ENDS);
        caller.said();
        caller.said();
        upstream.close(1000, "");
        upstream.vanish();
        JsonObject line = line();
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals("gemini-3.8-live", line.getString("model"), line::encode);
        assertEquals("live", line.getString("endpoint"), line::encode);
        assertEquals(3 * COST, line.getLong("cost_nano_usd"), line::encode);
        assertEquals(WORST, line.getLong("reserved_nano_usd"), line::encode);
    }

    @Test
    void aKeyThatNobodyKnowsIsRefusedAtTheUpgrade() {
        start(50_000_000_000L, "10");
        WireSocket caller = WireSocket.ask(weir.port(), TARGET + "?key=wk_nobody");
        assertEquals(401, caller.status());
        assertTrue(caller.head.contains("UNAUTHENTICATED"), caller.head);
    }

    /** What limits need to know comes behind the upgrade, so they refuse by a close. */
    @Test
    void limitsRefuseByAClose() {
        start(2 * WORST, "1");
        assertCloses(1008, "not_allowed", ask(SETUP.replace("3.8-live", "3.8-flash")));
        assertCloses(1008, "bad_request", ask(ASK));
        assertCloses(1008, "bad_request", ask("no JSON"));
        WireSocket one = ask(SETUP);
        WireSocket upstream = provider.session();
        assertCloses(1013, "rate_limited", ask(SETUP));
        one.vanish();
        assertEquals("caller_gone", line().getString("outcome"));
        assertTrue(upstream.isClosed());
        assertTrue(provider.isAlone());
    }

    private void assertCloses(int code, String reason, WireSocket caller) {
        Frame close = caller.frame();
        assertEquals(code, close.code());
        assertTrue(close.reason().startsWith(reason + ": "), close.reason());
        assertTrue(caller.isClosed());
        JsonObject line = line();
        assertEquals(reason, line.getString("reason"), line::encode);
    }

    @Test
    void aProvidersRefusalIsToldByAClose() {
        start(WORST, "1");
        provider.answer("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n");
        Frame close = ask(SETUP).frame();
        assertEquals(1014, close.code());
        assertEquals("the provider answered 429 Too Many Requests", close.reason());
        JsonObject line = line();
        assertEquals("upstream_error", line.getString("outcome"), line::encode);
        assertEquals(0, line.getLong("cost_nano_usd"), line::encode);
    }

    @Test
    void aBudgetThatRunsOutClosesTheSession() {
        start(WORST + COST / 2, "10");
        WireSocket caller = ask(SETUP);
        WireSocket upstream = provider.session();
        upstream.said();
        binary(upstream, SAYS);
        binary(upstream, ENDS);
        assertEquals(SAYS, caller.said());
        assertEquals(ENDS, caller.said());
        Frame close = caller.frame();
        assertEquals(1008, close.code());
        assertTrue(close.reason().startsWith("budget_exhausted: "), close.reason());
        JsonObject line = line();
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertEquals(COST, line.getLong("cost_nano_usd"), line::encode);
    }
}
