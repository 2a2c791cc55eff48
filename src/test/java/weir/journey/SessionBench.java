package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** A sidecar before a provider of OpenAI's Realtime API that the test plays itself. */
final class SessionBench {
    /** gpt-realtime: 32,000 tokens of 32 USD, and 4,096 of 64 USD a million. */
    static final long WORST = 32_000 * 32_000L + 4_096 * 64_000L;

    static final String YAML =
            """
            providers:
              openai:
                base-url: "${SESSIONS}"
                credentials: [{ name: a, secret: "${SECRET}" }]
                timeouts: { idle: IDLE }
            callers:
              keys: [{ name: app, tenant: shop, sha256: "${KEY}", models: ["gpt-realtime"] }]
            limits:
              - { name: one-a-time, concurrent: CONCURRENT }
              - { name: purse, per: [tenant], spend: SPEND USD/total }
            """;
    static final String TARGET = "/openai/v1/realtime?model=gpt-realtime";
    static final String AUTH = "authorization: Bearer wk_app";
    static final String CREATE = "{\"type\":\"response.create\"}";
    static final String CREATED = "{\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}";

    /**
     * 1,000 in, of which 600 were heard and 400 cached, 300 of these heard: 300 new ones at 32 USD
     * a million, 300 of text at 4, 400 cached at 0.40; 200 out, 150 of them spoken, at 64 and 16.
     */
    static final String DONE =
            "{\"type\":\"response.done\",\"response\":{\"id\":\"r\",\"usage\":{\"input_tokens\":1000,"
                    + "\"output_tokens\":200,\"input_token_details\":{\"text_tokens\":400,"
                    + "\"audio_tokens\":600,\"cached_tokens\":400,\"cached_tokens_details\":{"
                    + "\"text_tokens\":100,\"audio_tokens\":300}},\"output_token_details\":{"
                    + "\"text_tokens\":50,\"audio_tokens\":150}}}}";

    static final long COST =
            300 * 32_000L + 300 * 4_000L + 400 * 400L + 150 * 64_000L + 50 * 16_000L;

    final World world = new World();
    final SessionProvider provider;
    World.Weir weir;

    SessionBench() {
        try {
            provider = new SessionProvider();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        world.env("SESSIONS", "http://" + provider.authority()).env("KEY", World.sha256("wk_app"));
    }

    void close() {
        provider.close();
        world.close();
    }

    void start(String spend) {
        start(spend, "10", "1min");
    }

    void start(String spend, String concurrent, String idle) {
        weir = world.weir(yaml(spend, concurrent, idle));
    }

    static String yaml(String spend, String concurrent, String idle) {
        String yaml = YAML.replace("SPEND", spend).replace("CONCURRENT", concurrent);
        return yaml.replace("IDLE", idle);
    }

    /** One turn that the caller asks for, as both sides see it. */
    static void turn(WireSocket caller, WireSocket upstream) {
        caller.text(CREATE);
        assertEquals(CREATE, upstream.said());
        upstream.text(CREATED);
        upstream.text(DONE);
        assertEquals(CREATED, caller.said());
        assertEquals(DONE, caller.said());
    }

    WireSocket ask() {
        return WireSocket.ask(weir.port(), TARGET, AUTH);
    }

    JsonObject line() {
        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals("", weir.bugs());
        return line;
    }

    static String usd(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, 9).toPlainString();
    }
}
