package weir.sdk;

import java.util.List;
import weir.journey.World;
import weir.sdk.VendorServer.Answered;
import weir.sdk.VendorServer.Asked;

/** What Cohere answers under both versions of its API, as cohere 7.3.1 reads it. */
final class SimulatedCohere {
    static final String TEXT = "A weir is a low dam.";

    private static final String UNITS =
            """
            "billed_units":{"input_tokens":8.0,"output_tokens":6.0},\
            "tokens":{"input_tokens":72.0,"output_tokens":8.0}\
            """;
    private static final String META = "\"meta\":{\"api_version\":{\"version\":\"1\"},";

    private SimulatedCohere() {}

    static Answered answer(Asked asked) {
        if (!asked.header("authorization").equals("Bearer " + World.SECRET)) {
            return Answered.json(401, "{\"message\":\"invalid api token\"}");
        } else if (asked.wanted() != 200) {
            return Answered.json(asked.wanted(), "{\"message\":\"told to\"}");
        }
        boolean stream = asked.body().getBoolean("stream", false);
        return switch (asked.path()) {
            case "/v2/chat" -> stream ? events() : Answered.json(200, chat());
            case "/v1/chat" -> stream ? lines() : Answered.json(200, old());
            case "/v2/embed" ->
                    Answered.json(
                            200,
                            "{\"id\":\"e\",\"response_type\":\"embeddings_by_type\","
                                    + "\"embeddings\":{\"float\":[[0.25],[0.5]]},"
                                    + "\"texts\":[\"a weir\",\"a low dam\"],"
                                    + META
                                    + "\"billed_units\":{\"input_tokens\":5.0}}}");
            case "/v2/rerank" ->
                    Answered.json(
                            200,
                            "{\"id\":\"r\",\"results\":[{\"index\":0,\"relevance_score\":0.9}],"
                                    + META
                                    + "\"billed_units\":{\"search_units\":1.0}}}");
            default -> Answered.json(404, "{\"message\":\"not found\"}");
        };
    }

    private static String chat() {
        return "{\"id\":\"c\",\"finish_reason\":\"COMPLETE\",\"message\":{\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"text\",\"text\":\""
                + TEXT
                + "\"}]},\"usage\":{"
                + UNITS
                + "}}";
    }

    private static String old() {
        return "{\"response_id\":\"r\",\"text\":\""
                + TEXT
                + "\",\"generation_id\":\"g\",\"finish_reason\":\"COMPLETE\","
                + META
                + UNITS
                + "}}";
    }

    private static Answered events() {
        return new Answered(
                200,
                "text/event-stream",
                List.of(
                        event(
                                "message-start",
                                "\"id\":\"c\",\"delta\":{\"message\":{\"role\":\"assistant\","
                                        + "\"content\":[],\"tool_plan\":\"\",\"tool_calls\":[],"
                                        + "\"citations\":[]}}"),
                        event(
                                "content-start",
                                "\"index\":0,\"delta\":{\"message\":{\"content\":"
                                        + "{\"type\":\"text\",\"text\":\"\"}}}"),
                        event(
                                "content-delta",
                                "\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\""
                                        + TEXT
                                        + "\"}}}"),
                        event("content-end", "\"index\":0"),
                        event(
                                "message-end",
                                "\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{"
                                        + UNITS
                                        + "}}"),
                        "data: [DONE]\n\n"));
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static Answered lines() {
        return new Answered(
                200,
                "application/stream+json",
                List.of(
                        "{\"is_finished\":false,\"event_type\":\"stream-start\","
                                + "\"generation_id\":\"g\"}\n",
                        "{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\""
                                + TEXT
                                + "\"}\n",
                        "{\"is_finished\":true,\"event_type\":\"stream-end\","
                                + "\"finish_reason\":\"COMPLETE\",\"response\":"
                                + old()
                                + "}\n"));
    }
}
