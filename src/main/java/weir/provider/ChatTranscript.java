package weir.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import weir.usage.Usage;

/**
 * A stream of chat completions or of the older completions. Shapes: openai-python 3.54.0, {@code
 * types/chat/chat_completion_chunk.py} and {@code types/completion.py}.
 *
 * <p>Generated text stands below {@code delta}, whatever its name (content, refusal, arguments of
 * tools, an imitator's reasoning), or in {@code text}. It ends with a finish reason for each
 * choice, the usage if that was asked for, and {@code [DONE]}.
 */
final class ChatTranscript implements Transcript.Draft {
    private static final Fields<ChatTranscript> FIELDS =
            new Fields.Builder<ChatTranscript>()
                    .text("id", (t, id) -> t.id = id)
                    .text("object", (t, object) -> t.object = object)
                    .text("model", (t, model) -> t.model = model)
                    .text("service_tier", (t, tier) -> t.tier = tier)
                    .text("system_fingerprint", (t, print) -> t.fingerprint = print)
                    .count("created", (t, created) -> t.created = created)
                    .on("choices", (t, token, parser) -> t.known = true)
                    .on("choices[]", (t, token, parser) -> t.nextChoice())
                    .count("choices[].index", (t, index) -> t.index = index)
                    .on("choices[].finish_reason", ChatTranscript::finish)
                    .on("choices[].text", ChatTranscript::text)
                    .on("choices[].delta.**", ChatTranscript::text)
                    .build();

    private final int choices;
    private final boolean usageWanted;
    private final BitSet finished = new BitSet();
    private String id = "";
    private String object = "chat.completion.chunk";
    private String model;
    private @Nullable String tier;
    private @Nullable String fingerprint;
    private long created;
    private long outputBytes;
    private boolean over;

    // The event being read, and the choice in it.
    private boolean known;
    private long index;
    private boolean finishes;

    ChatTranscript(Peek peek) {
        this.choices = peek.choices();
        this.usageWanted = peek.usageEdit() == null;
        this.model = peek.model();
    }

    @Override
    public void event(byte[] data, int length) {
        long before = outputBytes;
        known = false;
        boolean valid = Json.walk(FIELDS, this, data, length);
        nextChoice();
        if (!valid || !known) {
            outputBytes = before + length;
        }
    }

    private void nextChoice() {
        if (finishes && index < choices) {
            finished.set((int) index);
        }
        index = 0;
        finishes = false;
    }

    private static void finish(ChatTranscript transcript, JsonToken token, JsonParser parser) {
        transcript.finishes = token == JsonToken.VALUE_STRING;
    }

    private static void text(ChatTranscript transcript, JsonToken token, JsonParser parser)
            throws IOException {
        transcript.outputBytes += Json.scalarBytes(token, parser);
    }

    @Override
    public void sentinel() {
        over = true;
    }

    @Override
    public long outputTokens() {
        return outputBytes;
    }

    @Override
    public boolean isOpen() {
        return !over && finished.cardinality() < choices;
    }

    @Override
    public Buffer ending(Usage charged) {
        Buffer events = Buffer.buffer();
        for (int i = finished.nextClearBit(0); i < choices; i = finished.nextClearBit(i + 1)) {
            int open = i;
            add(
                    events,
                    json -> {
                        json.writeArrayFieldStart("choices");
                        choice(json, open);
                        json.writeEndArray();
                        if (usageWanted) {
                            json.writeNullField("usage");
                        }
                    });
        }
        if (usageWanted) {
            add(events, json -> usage(json, charged));
        }
        return events.appendString("data: [DONE]\n\n");
    }

    private void choice(JsonGenerator json, int open) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", open);
        if (object.equals("text_completion")) {
            json.writeStringField("text", "");
        } else {
            json.writeObjectFieldStart("delta");
            json.writeEndObject();
        }
        json.writeNullField("logprobs");
        json.writeStringField("finish_reason", "length");
        json.writeEndObject();
    }

    private static void usage(JsonGenerator json, Usage charged) throws IOException {
        json.writeArrayFieldStart("choices");
        json.writeEndArray();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", charged.inputTokens());
        json.writeNumberField("completion_tokens", charged.outputTokens());
        json.writeNumberField("total_tokens", charged.totalTokens());
        json.writeEndObject();
    }

    private void add(Buffer events, JsonText.Members members) {
        Buffer data =
                JsonText.object(json -> {
                    json.writeStringField("id", id);
                    json.writeStringField("object", object);
                    json.writeNumberField("created", created);
                    json.writeStringField("model", model);
                    if (tier != null) {
                        json.writeStringField("service_tier", tier);
                    }
                    if (fingerprint != null) {
                        json.writeStringField("system_fingerprint", fingerprint);
                    }
                    members.write(json);
                });
        events.appendString("data: ").appendBuffer(data).appendString("\n\n");
    }
}
