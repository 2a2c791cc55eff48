package weir.sdk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import weir.journey.World;
import weir.sdk.VendorServer.Answered;
import weir.sdk.VendorServer.Asked;

/**
 * The vendors that speak OpenAI's dialect, each where it differs: which paths it knows, where it
 * wants its key, what its usage looks like and when a stream tells it.
 */
final class SimulatedFamily {
    static final String TEXT = "A low dam.";
    private static final String JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln";

    /** In front of every operation of OpenAI's. */
    private static final Map<String, String> BELOW =
            Map.of(
                    "openai", "/v1/",
                    "azure", "/openai/deployments/my-deployment/",
                    "deepseek", "/",
                    "gemini", "/v1beta/openai/",
                    "groq", "/openai/v1/",
                    "mistral", "/v1/",
                    "together", "/v1/",
                    "xai", "/v1/");

    private final String vendor;

    SimulatedFamily(String vendor) {
        this.vendor = vendor;
    }

    /** A token as Entra ID issues it. */
    static String jwt() {
        return JWT;
    }

    Answered answer(Asked asked) {
        if (!isKnown(asked)) {
            return error(401, "no such key");
        }
        if (asked.wanted() != 200) {
            return error(asked.wanted(), "told to fail");
        }
        String below = Objects.requireNonNull(BELOW.get(vendor));
        String path =
                asked.path().replace("/openai/v1/", vendor.equals("azure") ? below : "/openai/v1/");
        if (path.equals("/anthropic/v1/messages")) {
            return Answered.json(200, message().encode());
        }
        if (!path.startsWith(below)) {
            return error(404, "no such path: " + asked.uri());
        }
        boolean stream = asked.body().getBoolean("stream", false);
        return switch (path.substring(below.length())) {
            case "chat/completions" ->
                    stream ? stream(asked) : Answered.json(200, chat(asked).encode());
            case "responses" -> Answered.json(200, response(asked).encode());
            case "embeddings" -> Answered.json(200, embeddings(asked).encode());
            case "images/generations" -> Answered.json(200, images().encode());
            case "audio/speech" -> new Answered(200, "audio/mpeg", List.of("ID3", "sound"));
            case "ocr" -> Answered.json(200, pages(asked).encode());
            default -> error(404, "no such path: " + asked.uri());
        };
    }

    private boolean isKnown(Asked asked) {
        boolean bearer = asked.header("authorization").equals("Bearer " + World.SECRET);
        boolean own = asked.header("api-key").equals(World.SECRET);
        boolean entra = asked.header("authorization").equals("Bearer " + JWT);
        boolean claude = asked.header("x-api-key").equals(World.SECRET);
        if (asked.path().startsWith("/anthropic/")) {
            return claude && !asked.headers().contains("authorization");
        }
        return vendor.equals("azure") ? own != entra : bearer;
    }

    private Answered error(int status, String message) {
        JsonObject error =
                new JsonObject().put("message", message).put("type", "error").put("code", "none");
        return Answered.json(
                status,
                switch (vendor) {
                    case "mistral" -> error.put("object", "error").encode();
                    case "xai" ->
                            new JsonObject().put("code", "none").put("error", message).encode();
                    default -> new JsonObject().put("error", error).encode();
                });
    }

    private String model(Asked asked) {
        return vendor.equals("azure") ? "gpt-4.1-2025-04-14" : asked.body().getString("model");
    }

    private JsonObject usage() {
        JsonObject usage =
                new JsonObject()
                        .put("prompt_tokens", 1200)
                        .put("completion_tokens", 40)
                        .put("total_tokens", 1240);
        JsonObject cached = new JsonObject().put("cached_tokens", 1024);
        return switch (vendor) {
            case "deepseek" ->
                    usage.put("prompt_cache_hit_tokens", 1024).put("prompt_cache_miss_tokens", 176);
            case "together" -> usage.put("cached_tokens", 1024);
            case "xai" ->
                    usage.put("prompt_tokens_details", cached)
                            .put("total_tokens", 1540)
                            .put(
                                    "completion_tokens_details",
                                    new JsonObject().put("reasoning_tokens", 300))
                            .put("cost_in_usd_ticks", 21840005);
            default -> usage.put("prompt_tokens_details", cached);
        };
    }

    private JsonObject chat(Asked asked) {
        JsonObject message = new JsonObject().put("role", "assistant").put("content", TEXT);
        JsonObject choice =
                new JsonObject()
                        .put("index", 0)
                        .put("message", message)
                        .put("finish_reason", "stop")
                        .put("logprobs", null);
        return new JsonObject()
                .put("id", "c1")
                .put("object", "chat.completion")
                .put("created", 1790000000)
                .put("model", model(asked))
                .put("choices", new JsonArray().add(choice))
                .put("usage", usage());
    }

    private JsonObject chunk(Asked asked, JsonArray choices) {
        return new JsonObject()
                .put("id", "c1")
                .put("object", "chat.completion.chunk")
                .put("created", 1790000000)
                .put("model", model(asked))
                .put("choices", choices);
    }

    private static JsonArray delta(String text, boolean last) {
        return new JsonArray()
                .add(
                        new JsonObject()
                                .put("index", 0)
                                .put("delta", new JsonObject().put("content", text))
                                .put("finish_reason", last ? "stop" : null));
    }

    private Answered stream(Asked asked) {
        List<String> events = new ArrayList<>();
        if (vendor.equals("azure")) {
            events.add(
                    event(chunk(asked, new JsonArray()).put("prompt_filter_results", List.of())));
        } else if (vendor.equals("deepseek")) {
            events.add(": keep-alive\n\n");
        }
        events.add(event(chunk(asked, delta(TEXT, false))));
        JsonObject last = chunk(asked, delta("", true));
        boolean wanted = asked.body().containsKey("stream_options");
        switch (vendor) {
            case "groq" ->
                    last.put("x_groq", new JsonObject().put("id", "r").put("usage", usage()));
            case "mistral", "together" -> last.put("usage", usage());
            default -> {}
        }
        if (wanted && (vendor.equals("mistral") || vendor.equals("together"))) {
            return error(422, "stream_options: extra input");
        }
        events.add(event(last));
        if (wanted) {
            events.add(event(chunk(asked, new JsonArray()).put("usage", usage())));
        }
        events.add("data: [DONE]\n\n");
        return new Answered(200, "text/event-stream", events);
    }

    private static String event(JsonObject data) {
        return "data: " + data.encode() + "\n\n";
    }

    private JsonObject response(Asked asked) {
        JsonObject text =
                new JsonObject()
                        .put("type", "output_text")
                        .put("text", TEXT)
                        .put("annotations", new JsonArray());
        JsonObject item =
                new JsonObject()
                        .put("id", "msg_1")
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("status", "completed")
                        .put("content", new JsonArray().add(text));
        return new JsonObject()
                .put("id", "resp_1")
                .put("object", "response")
                .put("created_at", 1790000000)
                .put("status", "completed")
                .put("model", model(asked))
                .put("output", new JsonArray().add(item))
                .put("parallel_tool_calls", true)
                .put("tool_choice", "auto")
                .put("tools", new JsonArray())
                .put(
                        "usage",
                        new JsonObject()
                                .put("input_tokens", 1200)
                                .put(
                                        "input_tokens_details",
                                        new JsonObject()
                                                .put("cached_tokens", 1024)
                                                .put("cache_write_tokens", 0))
                                .put("output_tokens", 340)
                                .put(
                                        "output_tokens_details",
                                        new JsonObject().put("reasoning_tokens", 300))
                                .put("total_tokens", 1540));
    }

    private JsonObject embeddings(Asked asked) {
        JsonArray data = new JsonArray();
        for (int i = 0; i < 2; i++) {
            data.add(
                    new JsonObject()
                            .put("object", "embedding")
                            .put("index", i)
                            .put("embedding", new JsonArray().add(0.25)));
        }
        JsonObject answer =
                new JsonObject()
                        .put("object", "list")
                        .put("id", "e1")
                        .put("model", model(asked))
                        .put("data", data);
        JsonObject usage =
                new JsonObject()
                        .put("prompt_tokens", 6)
                        .put("completion_tokens", 0)
                        .put("total_tokens", 6);
        return vendor.equals("together") ? answer : answer.put("usage", usage);
    }

    private JsonObject images() {
        JsonObject image = new JsonObject().put("url", "https://img.example/1.png");
        JsonObject answer =
                new JsonObject()
                        .put("created", 1790000000)
                        .put("data", new JsonArray().add(image).add(image));
        JsonObject usage =
                new JsonObject()
                        .put("input_tokens", 10)
                        .put(
                                "input_tokens_details",
                                new JsonObject().put("text_tokens", 10).put("image_tokens", 0))
                        .put("output_tokens", 1000)
                        .put("total_tokens", 1010);
        return vendor.equals("xai") ? answer : answer.put("usage", usage);
    }

    private JsonObject pages(Asked asked) {
        return new JsonObject()
                .put("pages", new JsonArray())
                .put("model", model(asked))
                .put("usage_info", new JsonObject().put("pages_processed", 3));
    }

    private static JsonObject message() {
        return new JsonObject()
                .put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", "deepseek-v4-pro")
                .put(
                        "content",
                        new JsonArray().add(new JsonObject().put("type", "text").put("text", TEXT)))
                .put("stop_reason", "end_turn")
                .put("stop_sequence", null)
                .put("usage", new JsonObject().put("input_tokens", 10).put("output_tokens", 4));
    }
}
