package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.SessionBench.AUTH;
import static weir.journey.SessionBench.COST;
import static weir.journey.SessionBench.CREATE;
import static weir.journey.SessionBench.CREATED;
import static weir.journey.SessionBench.DONE;
import static weir.journey.SessionBench.TARGET;
import static weir.journey.SessionBench.WORST;
import static weir.journey.SessionBench.usd;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import loadtest.SelfSigned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may have a session, and with what it is asked for. */
final class SessionUpgradeTest {
    private final SessionBench bench = new SessionBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aRefusalAtTheUpgradeIsAnOrdinaryAnswer() {
        bench.start("50", "1", "1min");
        assertRefused(401, "unknown_key", TARGET, "authorization: Bearer wk_nobody");
        assertRefused(401, "unknown_key", TARGET);
        assertRefused(403, "not_allowed", "/openai/v1/realtime?model=gpt-realtime-2", AUTH);
        assertRefused(400, "bad_request", TARGET + "&model=gpt-realtime-mini", AUTH);
        WireSocket one = bench.ask();
        assertEquals(101, one.status());
        assertRefused(429, "rate_limited", TARGET, AUTH);
        one.vanish();
        bench.line();
    }

    @Test
    void aBudgetWithoutRoomForOneTurnAdmitsNone() {
        bench.start(usd(WORST - 1));
        assertRefused(402, "budget_exhausted", TARGET, AUTH);
        assertRefused(403, "not_allowed", "/openai/v1/live/sessions", AUTH);
        assertTrue(bench.provider.isAlone());
    }

    @Test
    void aProvidersRefusalPassesAsItIs() {
        bench.start("50");
        for (int status : new int[] {401, 404}) {
            String body = "{\"error\":{\"code\":\"its_own\"}}";
            bench.provider.answer(
                    "HTTP/1.1 "
                            + status
                            + " No\r\nx-own: yes\r\ncontent-length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            WireSocket caller = bench.ask();
            assertEquals(status, caller.status());
            assertEquals("yes", caller.header("x-own"));
            assertTrue(caller.head.endsWith(body), caller.head);
            JsonObject line = bench.line();
            assertEquals("upstream_error", line.getString("outcome"), line::encode);
            assertEquals(0, line.getLong("cost_nano_usd"), line::encode);
        }
    }

    /** HTTP/2 has WebSockets in another way; a session is asked for in HTTP/1.1 all the same. */
    @Test
    void aSessionOverTlsIsAskedForInItsOwnVersion(@TempDir Path directory) throws Exception {
        Path ca = directory.resolve("cert.pem");
        SelfSigned.write(ca, directory.resolve("key.pem"));
        try (SessionProvider secure = SessionProvider.secure(directory.resolve("store.p12"))) {
            String yaml =
                    SessionBench.yaml("50", "10", "1min")
                            .replace("\"${SESSIONS}\"", "https://" + secure.authority())
                            .replace(
                                    "timeouts:",
                                    "http: 2\n    tls: { ca: " + ca + " }\n    timeouts:");
            bench.weir = bench.world.weir(yaml);
            WireSocket caller = bench.ask();
            assertEquals(101, caller.status(), caller.head);
            WireSocket upstream = secure.session();
            caller.text(CREATE);
            assertEquals(CREATE, upstream.said());
            upstream.text(CREATED);
            upstream.text(DONE);
            assertEquals(CREATED, caller.said());
            assertEquals(DONE, caller.said());
            caller.vanish();
            assertTrue(upstream.isClosed());
            assertEquals(COST, bench.line().getLong("cost_nano_usd"));
        }
    }

    /** Where a browser has to put its key. */
    @Test
    void aKeyAmongTheProtocolsIsReadAndDoesNotGoOn() {
        bench.start("50");
        WireSocket caller =
                WireSocket.ask(
                        bench.weir.port(),
                        TARGET,
                        "sec-websocket-protocol: realtime, openai-insecure-api-key.wk_app");
        assertEquals(101, caller.status(), caller.head);
        WireSocket upstream = bench.provider.session();
        assertEquals("realtime", upstream.header("sec-websocket-protocol"));
        assertEquals("Bearer " + World.SECRET, upstream.header("authorization"));
        assertFalse(upstream.head.contains("wk_"), upstream.head);
        caller.vanish();
        assertEquals("app", bench.line().getString("key"));
    }

    /**
     * What has no price passes where no budget minds, and costs its flat price where it has one.
     */
    @Test
    void aSessionOfWhichNobodyKnowsThePricePassesWhereItMay() {
        bench.weir =
                bench.world.weir(
                        """
                        providers:
                          xai: { base-url: "${SESSIONS}", credentials: [{ name: a, secret: "${SECRET}" }] }
                        callers: { default-tenant: shop }
                        limits: [{ name: purse, spend: 1 USD/total, unpriced: 0.25 USD }]
                        """);
        WireSocket caller = WireSocket.ask(bench.weir.port(), "/xai/v1/realtime?model=grok-voice");
        assertEquals(101, caller.status(), caller.head);
        WireSocket upstream = bench.provider.session();
        caller.text(CREATE);
        assertEquals(CREATE, upstream.said());
        caller.close(1000, "");
        assertEquals(1000, upstream.frame().code());
        upstream.close(1000, "");
        upstream.vanish();
        assertEquals(250_000_000, bench.line().getLong("cost_nano_usd"));
    }

    private void assertRefused(int status, String reason, String target, String... headers) {
        WireSocket refused = WireSocket.ask(bench.weir.port(), target, headers);
        assertEquals(status, refused.status(), refused.head);
        assertEquals(reason, refused.header("x-weir-reason"), refused.head);
        JsonObject line = bench.line();
        assertEquals(reason, line.getString("reason"), line::encode);
    }
}
