package weir.sdk;

import java.util.List;
import weir.journey.World;
import weir.sdk.VendorServer.Answered;
import weir.sdk.VendorServer.Asked;

/**
 * What Google answers under both of its APIs, as google-genai 3.4.0 and anthropic 2.12.0 read it.
 * It takes its secret only where each API takes it, and never in the URL.
 */
final class SimulatedGoogle {
    static final String TEXT = "A weir is a low dam.";

    private static final String USAGE =
            """
            {"promptTokenCount":1000,"cachedContentTokenCount":400,"candidatesTokenCount":50,\
            "thoughtsTokenCount":70,"totalTokenCount":1120,\
            "cacheTokensDetails":[{"modality":"TEXT","tokenCount":400}]}\
            """;

    /** The same before all of the answer is there. */
    private static final String LESS =
            "{\"promptTokenCount\":1000,\"thoughtsTokenCount\":70,\"totalTokenCount\":1070}";

    private static final String ERROR =
            "{\"error\":{\"code\":STATUS,\"message\":\"told to\",\"status\":\"WORD\"}}";

    private static final String MESSAGE =
            """
            {"id":"m1","type":"message","role":"assistant","model":"claude-sonnet-5",\
            "content":[{"type":"text","text":"A weir is a low dam."}],"stop_reason":"end_turn",\
            "stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":10}}\
            """;

    private SimulatedGoogle() {}

    static Answered answer(Asked asked) {
        boolean vertex = asked.path().contains("/projects/");
        boolean known =
                vertex
                        ? asked.header("authorization").equals("Bearer " + World.SECRET)
                                && !asked.headers().contains("x-goog-api-key")
                        : asked.header("x-goog-api-key").equals(World.SECRET)
                                && !asked.headers().contains("authorization");
        if (!known || asked.uri().contains("key=")) {
            return error(401);
        }
        return asked.wanted() == 200 ? served(asked) : error(asked.wanted());
    }

    private static Answered error(int status) {
        String word = status == 429 ? "RESOURCE_EXHAUSTED" : "INTERNAL";
        return Answered.json(
                status, ERROR.replace("STATUS", Integer.toString(status)).replace("WORD", word));
    }

    private static Answered served(Asked asked) {
        String path = asked.path();
        return switch (path.substring(path.lastIndexOf(':') + 1)) {
            case "generateContent" -> Answered.json(200, chunk(TEXT, "\"STOP\"", USAGE));
            case "streamGenerateContent" -> stream(asked);
            case "batchEmbedContents" ->
                    Answered.json(200, "{\"embeddings\":[{\"values\":[0.25]},{\"values\":[0.5]}]}");
            case "countTokens" -> Answered.json(200, "{\"totalTokens\":6}");
            case "rawPredict" -> Answered.json(200, MESSAGE);
            case "streamRawPredict" -> claude();
            default ->
                    path.endsWith("/models")
                            ? Answered.json(200, "{\"models\":[{\"name\":\"models/g\"}]}")
                            : error(404);
        };
    }

    private static String chunk(String text, String finish, String usage) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
                + text
                + "\"}],\"role\":\"model\"},\"finishReason\":"
                + finish
                + ",\"index\":0}],\"usageMetadata\":"
                + usage
                + ",\"modelVersion\":\"gemini-3.8-flash\",\"responseId\":\"r1\"}";
    }

    private static Answered stream(Asked asked) {
        String half = chunk("A weir is ", "null", LESS);
        String rest = chunk("a low dam.", "\"STOP\"", USAGE);
        String last =
                asked.header("x-sim").equals("error-in-stream")
                        ? ERROR.replace("STATUS", "503").replace("WORD", "UNAVAILABLE")
                        : rest;
        if (asked.uri().contains("alt=sse")) {
            return new Answered(
                    200,
                    "text/event-stream",
                    List.of("data: " + half + "\r\n\r\n", "data: " + last + "\r\n\r\n"));
        }
        return new Answered(
                200,
                "application/json; charset=UTF-8",
                List.of("[" + half + "\n", ",\r\n" + last, "\n]\n"));
    }

    private static Answered claude() {
        String start = MESSAGE.replace("{\"type\":\"text\",\"text\":\"" + TEXT + "\"}", "");
        return new Answered(
                200,
                "text/event-stream",
                List.of(
                        event(
                                "message_start",
                                "\"message\":"
                                        + start.replace("\"end_turn\"", "null")
                                                .replace(":10}", ":1}")),
                        event(
                                "content_block_start",
                                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                        event(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                                        + TEXT
                                        + "\"}"),
                        event("content_block_stop", "\"index\":0"),
                        event(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                        + "\"usage\":{\"output_tokens\":10}"),
                        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }
}
