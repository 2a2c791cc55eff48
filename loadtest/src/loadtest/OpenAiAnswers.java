package loadtest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * OpenAI's answers, except the Responses API. The shapes are those that the official Python SDK's
 * types demand ({@code openai} 3.54.0, checked by its strict response validation).
 */
final class OpenAiAnswers {
    /** Answers do not depend on the clock: 2026-11-24. */
    static final long CREATED = 1_795_478_400;

    private static final Template CHAT =
            Template.of(
                    """
                    {"id":"$id","object":"chat.completion","created":$created,"model":$model,
                    "choices":[$choices],$usage
                    "service_tier":"$tier","system_fingerprint":"fp_sim"}\
                    """);
    private static final Template CHAT_CHOICE =
            Template.of(
                    """
                    {"index":$index,"message":{"role":"assistant","content":$text,"refusal":null,
                    "annotations":[]},
                    "logprobs":null,"finish_reason":"$reason"}\
                    """);
    private static final Template CHAT_CHUNK =
            Template.of(
                    """
                    data: {"id":"$id","object":"chat.completion.chunk","created":$created,"model":$model,
                    "service_tier":"$tier","system_fingerprint":"fp_sim","choices":[$choices]$usage}\
                    """);
    private static final Template CHUNK_CHOICE =
            Template.of(
                    """
                    {"index":$index,"delta":$delta,"logprobs":null,"finish_reason":$reason}\
                    """);
    private static final Template CHAT_USAGE =
            Template.of(
                    """
                    {"prompt_tokens":$in,"completion_tokens":$out,"total_tokens":$total,
                    "prompt_tokens_details":{"cached_tokens":$cached,"cache_write_tokens":$write,
                    "audio_tokens":$audio},
                    "completion_tokens_details":{"reasoning_tokens":$reasoning,"audio_tokens":$speech,
                    "accepted_prediction_tokens":0,"rejected_prediction_tokens":$rejected}}\
                    """);
    private static final Template COMPLETION =
            Template.of(
                    """
                    {"id":"$id","object":"text_completion","created":$created,"model":$model,
                    "choices":[$choices]$usage}\
                    """);
    private static final Template COMPLETION_CHOICE =
            Template.of(
                    """
                    {"text":$text,"index":$index,"logprobs":null,"finish_reason":$reason}\
                    """);
    private static final Template EMBEDDINGS =
            Template.of(
                    """
                    {"object":"list","data":[$data],"model":$model$usage}\
                    """);
    private static final Template EMBEDDINGS_USAGE =
            Template.of(
                    """
                    ,"usage":{"prompt_tokens":$in,"total_tokens":$total}\
                    """);
    private static final Template EMBEDDING =
            Template.of(
                    """
                    {"object":"embedding","index":$index,"embedding":$vector}\
                    """);
    private static final Template ERROR =
            Template.of(
                    """
                    {"error":{"message":$message,"type":"$type","param":null,"code":$code}}\
                    """);
    private static final String DONE = "data: [DONE]\n\n";
    private static final String BREAK = "\n\n";

    private OpenAiAnswers() {}

    static Answer chat(Order order) {
        Text text = order.text();
        Tally tally = order.tally(text);
        if (order.ask().stream()) {
            return chatStream(order, text, tally);
        }
        String reason = text.capped() ? "length" : "stop";
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < order.ask().choices(); i++) {
            choices.add(CHAT_CHOICE.fill(i, Answer.quoted(text), reason));
        }
        String usage = tally.hidden() ? "" : "\"usage\":" + usage(tally) + ",";
        String json =
                CHAT.fill(
                        order.id("chatcmpl-"),
                        CREATED,
                        order.model(),
                        String.join(",", choices),
                        usage,
                        tier(order));
        return Answer.plain(json, text, order.script());
    }

    /**
     * Only a caller that asks gets usage: one more chunk without choices, and a null in all others.
     */
    private static Answer chatStream(Order order, Text text, Tally tally) {
        boolean usage = order.ask().includeUsage() && !tally.hidden();
        String none = usage ? ",\"usage\":null" : "";
        int choices = order.ask().choices();
        List<String> head = new ArrayList<>();
        List<String> tail = new ArrayList<>();
        String reason = text.capped() ? "\"length\"" : "\"stop\"";
        for (int i = 0; i < choices; i++) {
            String role = "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}";
            head.add(chunk(order, CHUNK_CHOICE.fill(i, role, "null"), none));
            tail.add(chunk(order, CHUNK_CHOICE.fill(i, "{}", reason), none));
        }
        if (usage) {
            tail.add(chunk(order, "", ",\"usage\":" + usage(tally)));
        }
        tail.add(DONE);
        return Answer.events(
                head,
                order.events(text),
                i -> {
                    String delta = "{\"content\":" + Template.quote(text.piece(i / choices)) + "}";
                    return chunk(order, CHUNK_CHOICE.fill(i % choices, delta, "null"), none);
                },
                order.breaksOff() ? List.of(errorEvent()) : tail);
    }

    private static String chunk(Order order, String choices, String usage) {
        return CHAT_CHUNK.fill(
                        order.id("chatcmpl-"), CREATED, order.model(), tier(order), choices, usage)
                + BREAK;
    }

    static Answer completion(Order order) {
        Text text = order.text();
        Tally tally = order.tally(text);
        String reason = text.capped() ? "\"length\"" : "\"stop\"";
        if (order.ask().stream()) {
            return completionStream(order, text, tally);
        }
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < order.ask().choices(); i++) {
            choices.add(COMPLETION_CHOICE.fill(Answer.quoted(text), i, reason));
        }
        String usage = tally.hidden() ? "" : ",\"usage\":" + usage(tally);
        return Answer.plain(
                completion(order, String.join(",", choices), usage), text, order.script());
    }

    private static Answer completionStream(Order order, Text text, Tally tally) {
        boolean usage = order.ask().includeUsage() && !tally.hidden();
        String none = usage ? ",\"usage\":null" : "";
        int choices = order.ask().choices();
        String reason = text.capped() ? "\"length\"" : "\"stop\"";
        List<String> tail = new ArrayList<>();
        for (int i = 0; i < choices; i++) {
            tail.add(data(completion(order, COMPLETION_CHOICE.fill("\"\"", i, reason), none)));
        }
        if (usage) {
            tail.add(data(completion(order, "", ",\"usage\":" + usage(tally))));
        }
        tail.add(DONE);
        return Answer.events(
                List.of(),
                order.events(text),
                i -> {
                    String piece = Template.quote(text.piece(i / choices));
                    String choice = COMPLETION_CHOICE.fill(piece, i % choices, "null");
                    return data(completion(order, choice, none));
                },
                order.breaksOff() ? List.of(errorEvent()) : tail);
    }

    private static String completion(Order order, String choices, String usage) {
        return COMPLETION.fill(order.id("cmpl-"), CREATED, order.model(), choices, usage);
    }

    private static String usage(Tally tally) {
        return CHAT_USAGE.fill(
                tally.of(Figure.INPUT),
                tally.of(Figure.OUTPUT),
                tally.total(),
                tally.of(Figure.CACHED),
                tally.of(Figure.CACHE_WRITE),
                tally.of(Figure.AUDIO_INPUT),
                tally.of(Figure.REASONING),
                tally.of(Figure.AUDIO_OUTPUT),
                tally.of(Figure.REJECTED_PREDICTION));
    }

    static Answer embeddings(Order order) {
        Tally tally = new Tally(order.script(), order.ask().inputTokens(), 0);
        List<String> data = new ArrayList<>();
        for (int i = 0; i < order.ask().members(); i++) {
            data.add(EMBEDDING.fill(i, vector(order.ask())));
        }
        String usage =
                tally.hidden() ? "" : EMBEDDINGS_USAGE.fill(tally.of(Figure.INPUT), tally.total());
        String json = EMBEDDINGS.fill(String.join(",", data), order.model(), usage);
        return Answer.plain(json, order.text(), order.script());
    }

    private static String vector(Ask ask) {
        int dimensions = ask.dimensions();
        if (!ask.base64()) {
            return "[" + "0.25,".repeat(dimensions - 1) + "0.25]";
        }
        ByteBuffer floats =
                ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < dimensions; i++) {
            floats.putFloat(0.25f);
        }
        return '"' + Base64.getEncoder().encodeToString(floats.array()) + '"';
    }

    /**
     * An error body; the vendor's usual words for the status, unless the script has another code.
     */
    static String error(int status, String message, String code) {
        String type =
                switch (status) {
                    case 429 -> "rate_limit_error";
                    case 503 -> "service_unavailable_error";
                    default -> status >= 500 ? "server_error" : "invalid_request_error";
                };
        String usual =
                switch (status) {
                    case 401 -> "invalid_api_key";
                    case 404 -> "not_found";
                    case 429 -> "rate_limit_exceeded";
                    case 503 -> "server_is_overloaded";
                    default -> "";
                };
        String word = code.isEmpty() ? usual : code;
        return ERROR.fill(
                Template.quote(message),
                word.equals("insufficient_quota") ? word : type,
                word.isEmpty() ? "null" : Template.quote(word));
    }

    private static String errorEvent() {
        return data(error(500, "The server had an error while processing your request", ""));
    }

    private static String data(String json) {
        return "data: " + json + BREAK;
    }

    static String tier(Order order) {
        return order.script().text(Word.TIER, "default");
    }
}
