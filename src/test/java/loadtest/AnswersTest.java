package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import loadtest.Lab.Event;
import loadtest.Lab.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The formats, as far as the SDKs do not check them: {@code weir.sdk.SimulatedProviderSdkTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AnswersTest {
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","messages":[{"role":"user","content":"one two three"}]}\
            """;
    private static final String CHAT_STREAM = CHAT.replace("}]}", "}],\"stream\":true}");
    private static final String CHAT_STREAM_USAGE =
            CHAT.replace("}]}", "}],\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    private static final String RESPONSES =
            """
            {"model":"gpt-6-luna","input":"one two three"}\
            """;
    private static final String RESPONSES_STREAM = RESPONSES.replace("}", ",\"stream\":true}");
    private static final String MESSAGES =
            """
            {"model":"m","max_tokens":50,"messages":[{"role":"user","content":"one two three"}]}\
            """;
    private static final String MESSAGES_STREAM = MESSAGES.replace("}]}", "}],\"stream\":true}");

    private Lab lab;

    @BeforeAll
    void start() {
        lab = new Lab();
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @Test
    void chatReportsWordsAsTokens() {
        Reply reply = lab.call("/v1/chat/completions", "tokens=5", CHAT);
        JsonObject usage = reply.json().getJsonObject("usage");
        assertEquals(3, usage.getInteger("prompt_tokens"));
        assertEquals(5, usage.getInteger("completion_tokens"));
        assertEquals(8, usage.getInteger("total_tokens"));
        JsonObject choice = reply.json().getJsonArray("choices").getJsonObject(0);
        assertEquals("A weir is a low", choice.getJsonObject("message").getString("content"));
        assertEquals("stop", choice.getString("finish_reason"));
        assertEquals("6ms", reply.head().getHeader("x-ratelimit-reset-requests"));
        assertTrue(reply.head().headers().contains("x-request-id"));
    }

    @Test
    void everyFigureCanBeDictated() {
        String script =
                "usage.input=1,usage.output=2,usage.cached=3,usage.cache_write=4,"
                        + "usage.reasoning=5,usage.audio_input=6,usage.audio_output=7,"
                        + "usage.rejected_prediction=8,usage.cache_write_1h=9,"
                        + "usage.web_searches=10,usage.web_fetches=11";
        JsonObject chat = lab.call("/v1/chat/completions", script, CHAT).json();
        assertEquals(
                new JsonObject(
                        """
                        {"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,
                        "prompt_tokens_details":
                        {"cached_tokens":3,"cache_write_tokens":4,"audio_tokens":6},
                        "completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":7,
                        "accepted_prediction_tokens":0,"rejected_prediction_tokens":8}}\
                        """),
                chat.getJsonObject("usage"));
        JsonObject response = lab.call("/v1/responses", script, RESPONSES).json();
        assertEquals(
                new JsonObject(
                        """
                        {"input_tokens":1,"input_tokens_details":{"cached_tokens":3,
                        "cache_write_tokens":13,"cache_write_tokens_details":
                        {"ttl_30m_tokens":4,"ttl_12h_tokens":9}},
                        "output_tokens":2,"output_tokens_details":{"reasoning_tokens":5},
                        "total_tokens":3}\
                        """),
                response.getJsonObject("usage"));
        JsonObject tools = response.getJsonObject("tool_usage");
        assertEquals(10, tools.getJsonObject("web_search").getInteger("num_requests"));
        String terms = ",tier=priority,speed=fast,geo=us";
        JsonObject message = lab.call("/v1/messages", script + terms, MESSAGES).json();
        assertEquals(
                new JsonObject(
                        """
                        {"input_tokens":1,"cache_creation_input_tokens":13,
                        "cache_read_input_tokens":3,"cache_creation":
                        {"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":9},
                        "output_tokens":2,"output_tokens_details":{"thinking_tokens":5},
                        "service_tier":"priority","speed":"fast","inference_geo":"us",
                        "server_tool_use":{"web_search_requests":10,"web_fetch_requests":11}}\
                        """),
                message.getJsonObject("usage"));
    }

    @Test
    void chatStreamHasUsageOnlyWhereAskedFor() {
        List<Event> plain = lab.call("/v1/chat/completions", "tokens=4", CHAT_STREAM).events();
        assertEquals(1 + 4 + 1 + 1, plain.size());
        assertEquals("[DONE]", plain.getLast().data());
        for (Event event : plain.subList(0, plain.size() - 1)) {
            assertFalse(event.json().containsKey("usage"));
            assertEquals(1, event.json().getJsonArray("choices").size());
        }
        List<Event> asked =
                lab.call("/v1/chat/completions", "tokens=4", CHAT_STREAM_USAGE).events();
        assertEquals(plain.size() + 1, asked.size());
        for (Event event : asked.subList(0, asked.size() - 2)) {
            assertTrue(event.json().containsKey("usage"));
            assertNull(event.json().getValue("usage"));
        }
        JsonObject last = asked.get(asked.size() - 2).json();
        assertEquals(new JsonArray(), last.getJsonArray("choices"));
        assertEquals(4, last.getJsonObject("usage").getInteger("completion_tokens"));
        assertEquals("A weir is a", content(plain));
    }

    @Test
    void severalChoicesAreToldApartAndAllCounted() {
        String two = CHAT_STREAM_USAGE.replace("\"stream\":", "\"n\":2,\"stream\":");
        List<Event> events = lab.call("/v1/chat/completions", "tokens=3", two).events();
        JsonObject usage = events.get(events.size() - 2).json().getJsonObject("usage");
        assertEquals(6, usage.getInteger("completion_tokens"));
        assertEquals("AA weir weir is is", content(events));
    }

    @Test
    void theCapEndsAnAnswer() {
        String capped = CHAT.replace("}]}", "}],\"max_completion_tokens\":2}");
        JsonObject chat = lab.call("/v1/chat/completions", "tokens=9", capped).json();
        assertEquals(2, chat.getJsonObject("usage").getInteger("completion_tokens"));
        assertEquals(
                "length", chat.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        String stream = RESPONSES_STREAM.replace("}", ",\"max_output_tokens\":2}");
        Event last = lab.call("/v1/responses", "tokens=9", stream).events().getLast();
        assertEquals("response.incomplete", last.name());
        JsonObject message = lab.call("/v1/messages", "tokens=99", MESSAGES).json();
        assertEquals("max_tokens", message.getString("stop_reason"));
    }

    @Test
    void responsesStreamCountsItsEvents() {
        List<Event> events = lab.call("/v1/responses", "tokens=3", RESPONSES_STREAM).events();
        for (int i = 0; i < events.size(); i++) {
            assertEquals(i, events.get(i).json().getInteger("sequence_number"));
            assertEquals(events.get(i).name(), events.get(i).json().getString("type"));
        }
        JsonObject response = events.getLast().json().getJsonObject("response");
        assertEquals("response.completed", events.getLast().name());
        assertEquals(6, response.getJsonObject("usage").getInteger("total_tokens"));
        Event failed = lab.call("/v1/responses", "failed", RESPONSES_STREAM).events().getLast();
        assertEquals("response.failed", failed.name());
        assertNotEmpty(failed.json().getJsonObject("response").getJsonObject("usage"));
    }

    @Test
    void messagesStreamAccumulatesUsage() {
        String script = "tokens=3,usage.cache_write_1h=8";
        List<Event> events = lab.call("/v1/messages", script, MESSAGES_STREAM).events();
        assertEquals(
                "message_start content_block_start ping content_block_delta content_block_delta"
                        + " content_block_delta content_block_stop message_delta message_stop",
                events.stream().map(Event::name).collect(Collectors.joining(" ")));
        JsonObject start = events.getFirst().json().getJsonObject("message").getJsonObject("usage");
        assertEquals(1, start.getInteger("output_tokens"));
        assertEquals(
                8, start.getJsonObject("cache_creation").getInteger("ephemeral_1h_input_tokens"));
        JsonObject delta = events.get(events.size() - 2).json().getJsonObject("usage");
        assertEquals(3, delta.getInteger("input_tokens"));
        assertEquals(8, delta.getInteger("cache_creation_input_tokens"));
        assertEquals(3, delta.getInteger("output_tokens"));
        assertFalse(delta.containsKey("cache_creation"));
    }

    @Test
    void usageCanBeLeftOut() {
        assertFalse(lab.call("/v1/chat/completions", "no-usage", CHAT).json().containsKey("usage"));
        assertNull(lab.call("/v1/responses", "no-usage", RESPONSES).json().getValue("usage"));
        assertFalse(lab.call("/v1/messages", "no-usage", MESSAGES).json().containsKey("usage"));
        List<Event> events =
                lab.call("/v1/chat/completions", "no-usage", CHAT_STREAM_USAGE).events();
        assertTrue(events.stream().noneMatch(e -> e.data().contains("usage")));
    }

    @Test
    void streamsBreakOffInTheVendorsWords() {
        List<Event> chat =
                lab.call("/v1/chat/completions", "tokens=4,error-in-stream", CHAT_STREAM).events();
        assertEquals(1 + 2 + 1, chat.size());
        assertEquals(
                "server_error", chat.getLast().json().getJsonObject("error").getString("type"));
        Event response =
                lab.call("/v1/responses", "error-in-stream", RESPONSES_STREAM).events().getLast();
        assertEquals("error", response.name());
        Event message =
                lab.call("/v1/messages", "error-in-stream", MESSAGES_STREAM).events().getLast();
        assertEquals("error", message.name());
        assertEquals("overloaded_error", message.json().getJsonObject("error").getString("type"));
    }

    @Test
    void embeddingsAnswerOnceForEachInput() {
        String body = "{\"model\":\"e\",\"input\":[\"a b\",\"c\"],\"dimensions\":4}";
        JsonObject reply = lab.call("/v1/embeddings", "", body).json();
        assertEquals(2, reply.getJsonArray("data").size());
        JsonObject second = reply.getJsonArray("data").getJsonObject(1);
        assertEquals(4, second.getJsonArray("embedding").size());
        assertEquals(3, reply.getJsonObject("usage").getInteger("total_tokens"));
    }

    @Test
    void freeEndpointsAnswer() {
        assertEquals(4, lab.call("/v1/models", "", "").json().getJsonArray("data").size());
        JsonObject counted = lab.call("/v1/messages/count_tokens", "", MESSAGES).json();
        assertEquals(new JsonObject("{\"input_tokens\":3}"), counted);
        JsonObject input = lab.call("/v1/responses/input_tokens", "", RESPONSES).json();
        assertEquals(3, input.getInteger("input_tokens"));
        JsonObject moderation = lab.call("/v1/moderations", "", "{\"input\":\"x\"}").json();
        assertFalse(moderation.getJsonArray("results").getJsonObject(0).getBoolean("flagged"));
    }

    @Test
    void legacyCompletionsStreamToo() {
        String body =
                "{\"model\":\"m\",\"prompt\":\"a b\",\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true}}";
        List<Event> events = lab.call("/v1/completions", "tokens=2", body).events();
        assertEquals(2 + 1 + 1 + 1, events.size());
        JsonObject usage = events.get(3).json().getJsonObject("usage");
        assertEquals(4, usage.getInteger("total_tokens"));
    }

    private static void assertNotEmpty(JsonObject json) {
        assertFalse(json.isEmpty());
    }

    /** The text of all chunks in the order in which they came, whatever their choice. */
    private static String content(List<Event> events) {
        return IntStream.range(0, events.size() - 1)
                .mapToObj(i -> events.get(i).json().getJsonArray("choices"))
                .filter(choices -> !choices.isEmpty())
                .map(choices -> choices.getJsonObject(0).getJsonObject("delta"))
                .map(delta -> delta.getString("content", ""))
                .collect(Collectors.joining());
    }
}
