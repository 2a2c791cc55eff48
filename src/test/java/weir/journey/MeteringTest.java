package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import weir.usage.Kind;

/**
 * Every metered endpoint, plain and streamed: what the log says was used is what the provider was
 * told to report, and what it cost is what {@link PriceFacts} works out from the price book.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeteringTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
              anthropic: { base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits:
              - { name: much, per: [provider], spend: 900 USD/day, tokens: 90000000/min }
            """;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String LEGACY = "/openai/v1/completions";
    private static final String RESPONSES = "/openai/v1/responses";
    private static final String EMBEDDINGS = "/openai/v1/embeddings";
    private static final String MESSAGES = "/anthropic/v1/messages";

    private final World world = new World();
    private final World.Weir weir = world.weir(YAML);
    private final PriceFacts facts = new PriceFacts();

    /**
     * One call.
     *
     * @param fields members of the body beside the prompt's
     * @param sim what the provider is told to report
     * @param used what must come of it, as {@code kind=amount} with spaces between
     * @param terms tier and region that set the price, each empty for none
     */
    private record Call(
            String path, String model, String fields, String sim, String used, Terms terms) {
        Call(String path, String model, String sim, String used) {
            this(path, model, "", sim, used, Terms.STANDARD);
        }

        Call on(String tier, String region) {
            return new Call(path, model, fields, sim, used, new Terms(tier, region));
        }

        Call with(String more) {
            return new Call(path, model, fields + "," + more, sim, used, terms);
        }

        Map<String, Long> kinds() {
            Map<String, Long> kinds = new TreeMap<>();
            for (String item : used.split(" ", -1)) {
                int equals = item.indexOf('=');
                kinds.put(item.substring(0, equals), Long.valueOf(item.substring(equals + 1)));
            }
            return kinds;
        }

        String body(boolean stream) {
            String prompt =
                    switch (path) {
                        case LEGACY -> "\"prompt\":\"A weir is\"";
                        case RESPONSES, EMBEDDINGS -> "\"input\":\"A weir is\"";
                        default -> "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
                    };
            String cap = path.equals(MESSAGES) ? ",\"max_tokens\":900" : "";
            String streams = stream ? ",\"stream\":true" : "";
            return "{\"model\":\"" + model + "\"," + prompt + cap + streams + fields + "}";
        }
    }

    private record Terms(String tier, String region) {
        static final Terms STANDARD = new Terms("", "");
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private static List<Call> calls() {
        String mixed = "usage.input=1000,usage.output=500,usage.cached=300,usage.cache_write=100";
        String split = "input=600 cached_input=300 cache_write_30m=100 output=380 reasoning=120";
        Call chat = new Call(CHAT, "gpt-6-luna", mixed + ",usage.reasoning=120", split);
        Call response = new Call(RESPONSES, "gpt-6-luna", chat.sim(), split);
        String many = "usage.input=300000,usage.output=700";
        return List.of(
                chat,
                chat.with("\"n\":3"),
                new Call(CHAT, "gpt-6-luna", many, "input=300000 output=700"),
                new Call(CHAT, "gpt-6-luna", "usage.input=272000", "input=272000 output=16"),
                new Call(CHAT, "gpt-6-luna", "usage.input=272001", "input=272001 output=16"),
                new Call(CHAT, "gpt-audio", AUDIO, AUDIO_USED),
                new Call(CHAT, "gpt-4o-search-preview", mixed(""), SEARCHED),
                new Call(CHAT, "gpt-6-luna", chat.sim() + ",tier=flex", split).on("flex", ""),
                new Call(CHAT, "gpt-6-luna", chat.sim() + ",tier=priority", split)
                        .on("priority", ""),
                chat.with("\"service_tier\":\"priority\""),
                new Call(LEGACY, "gpt-3.5-turbo-instruct", many, "input=300000 output=700"),
                response,
                response.with("\"max_output_tokens\":9"),
                new Call(RESPONSES, "gpt-6-luna", chat.sim() + ",failed", split),
                new Call(
                                RESPONSES,
                                "gpt-6-sol",
                                chat.sim() + LONG_WRITES_AND_SEARCHES + ",tier=flex",
                                "input=450 cached_input=300 cache_write_30m=100 cache_write_12h=150"
                                        + " output=380 reasoning=120 web_search=3")
                        .with("\"tools\":[{\"type\":\"web_search\"}]")
                        .on("flex", ""),
                new Call(EMBEDDINGS, "text-embedding-3-small", "usage.input=1234", "input=1234"));
    }

    private static final String LONG_WRITES_AND_SEARCHES =
            ",usage.cache_write_1h=150,usage.web_searches=3";
    private static final String AUDIO =
            "usage.input=1000,usage.output=500,usage.audio_input=400,usage.audio_output=200";
    private static final String AUDIO_USED =
            "input=600 audio_input=400 output=300 audio_output=200";
    private static final String SEARCHED = "input=1000 output=500 web_search=1";

    private static String mixed(String more) {
        return "usage.input=1000,usage.output=500" + more;
    }

    private static List<Call> messages() {
        String sim =
                mixed(",usage.cached=5000,usage.cache_write=300,usage.cache_write_1h=200")
                        + ",usage.reasoning=120,usage.web_searches=2";
        String used =
                "input=1000 cached_input=5000 cache_write_5m=300 cache_write_1h=200"
                        + " output=380 reasoning=120 web_search=2";
        Call opus = new Call(MESSAGES, "claude-opus-5-5", sim, used);
        return List.of(
                new Call(MESSAGES, "claude-haiku-5-5", sim, used),
                opus,
                new Call(MESSAGES, "claude-opus-5-5", sim + ",speed=fast", used).on("fast", ""),
                new Call(MESSAGES, "claude-opus-5-5", sim + ",geo=us", used).on("", "us"),
                new Call(MESSAGES, "claude-opus-5-5", sim + ",tier=batch", used).on("batch", ""),
                new Call(MESSAGES, "claude-opus-5-5", sim + ",tier=priority,speed=standard", used),
                opus.with("\"speed\":\"fast\"").on("fast", ""),
                opus.with("\"inference_geo\":\"us\"").on("", "us"),
                new Call(
                        MESSAGES,
                        "claude-haiku-5-5",
                        "usage.input=1,usage.cached=100000,usage.output=9",
                        "input=1 cached_input=100000 output=9"));
    }

    @TestFactory
    List<DynamicTest> whatIsReportedIsLoggedAndCharged() {
        List<DynamicTest> tests = new ArrayList<>();
        List<Call> all = new ArrayList<>(calls());
        all.addAll(messages());
        for (Call call : all) {
            for (boolean stream : new boolean[] {false, true}) {
                if (!stream || !call.path().equals(EMBEDDINGS)) {
                    String name = call.body(stream) + " " + call.sim();
                    tests.add(DynamicTest.dynamicTest(name, () -> check(call, stream)));
                }
            }
        }
        return tests;
    }

    private void check(Call call, boolean stream) {
        HttpResponse<String> answer =
                weir.post(
                        call.path(),
                        call.body(stream),
                        "authorization",
                        "Bearer any",
                        "anthropic-version",
                        "2023-06-01",
                        "x-weir-cost",
                        "comment",
                        "x-sim",
                        call.sim());

        JsonObject line = new JsonObject(weir.nextCall());
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(call.kinds(), kinds(line), line::encodePrettily);
        assertFalse(line.getBoolean("estimated", false), line::encodePrettily);
        assertEquals("ok", line.getString("outcome"));
        Terms terms = call.terms();
        long cost = facts.nanoUsd(call.model(), call.kinds(), terms.tier(), terms.region());
        assertEquals(cost, line.getLong("cost_nano_usd"), line::encodePrettily);
        String usd = BigDecimal.valueOf(cost, 9).stripTrailingZeros().toPlainString();
        if (stream) {
            String end = ": x-weir-cost-usd=" + usd + "\n\n";
            assertTrue(answer.body().endsWith(end), answer.body());
        } else {
            assertEquals(usd, answer.headers().firstValue("x-weir-cost-usd").orElse("none"));
        }
    }

    private static Map<String, Long> kinds(JsonObject line) {
        Map<String, Long> kinds = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            if (line.containsKey(name)) {
                kinds.put(name, line.getLong(name));
            }
        }
        return kinds;
    }
}
