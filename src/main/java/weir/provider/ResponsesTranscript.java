package weir.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.usage.Usage;

/**
 * A stream of OpenAI's Responses. Shapes: openai-python 3.54.0, {@code
 * types/responses/response_stream_event.py} and the types that it names.
 *
 * <p>Generated text stands in {@code delta}, and once more in the events that close a part, an item
 * and the response, which are not counted again. The stream ends by closing the open part and item,
 * and with {@code response.incomplete}: the response as it began, with what came of it.
 */
final class ResponsesTranscript implements Transcript.Draft {
    /** What is kept of an event that the ending repeats; a larger one is left out of it. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private static final Set<String> BEGINS =
            Set.of("response.created", "response.queued", "response.in_progress");
    private static final Set<String> ENDS =
            Set.of("response.completed", "response.incomplete", "response.failed", "error");

    /** Members of a response that its ending says anew. */
    private static final Set<String> ENDED =
            Set.of("status", "incomplete_details", "output", "usage");

    /** Members of an item that its ending says anew. */
    private static final Set<String> ITEM_ENDED = Set.of("status", "content", "arguments");

    private static final Fields<ResponsesTranscript> FIELDS =
            new Fields.Builder<ResponsesTranscript>()
                    .text("type", (t, type) -> t.type = type)
                    .count("sequence_number", (t, number) -> t.sequence = number)
                    .count("output_index", (t, index) -> t.outputIndex = index)
                    .on("delta", ResponsesTranscript::delta)
                    .on("item.**", ResponsesTranscript::text)
                    .text("item.id", (t, id) -> t.itemId = id)
                    .text("item.type", (t, type) -> t.itemType = type)
                    .build();

    /** The event that told of the response as it began; null until then. */
    private byte @Nullable [] response;

    /** Items that have come to their end, as JSON. */
    private final List<String> items = new ArrayList<>();

    /** The event that told of the item under way; null where none is. */
    private byte @Nullable [] openItem;

    /** Parts of the open item that have come to their end, as JSON. */
    private final List<String> parts = new ArrayList<>();

    private boolean openPart;
    private final StringBuilder text = new StringBuilder();
    private String itemId = "";
    private String itemType = "";
    private long outputIndex;
    private long sequence;
    private long outputBytes;
    private boolean over;

    // The event being read.
    private String type = "";
    private String delta = "";
    private long eventBytes;

    @Override
    public void event(byte[] data, int length) {
        type = "";
        delta = "";
        eventBytes = 0;
        boolean valid = Json.walk(FIELDS, this, data, length);
        over |= ENDS.contains(type);
        if (valid && (type.endsWith(".delta") || type.equals("response.output_item.added"))) {
            outputBytes += eventBytes;
        } else if (!valid || !(isSilent() || ENDS.contains(type))) {
            outputBytes += length;
        }
        keep(data, length);
    }

    private boolean isSilent() {
        return BEGINS.contains(type)
                || type.endsWith(".done")
                || type.equals("response.content_part.added")
                || type.equals("response.output_text.annotation.added");
    }

    private void keep(byte[] data, int length) {
        switch (type) {
            case "response.created", "response.queued", "response.in_progress" ->
                    response = copy(data, length);
            case "response.output_item.added" -> {
                openItem = copy(data, length);
                parts.clear();
                startPart(false);
            }
            case "response.content_part.added" -> startPart(true);
            case "response.output_text.delta", "response.function_call_arguments.delta" ->
                    text.append(delta);
            case "response.content_part.done" -> {
                add(parts, Json.member(data, length, "part"));
                startPart(false);
            }
            case "response.output_item.done" -> {
                add(items, Json.member(data, length, "item"));
                openItem = null;
            }
            default -> {
                // Nothing that the ending needs.
            }
        }
    }

    private void startPart(boolean open) {
        openPart = open;
        text.setLength(0);
    }

    private static byte @Nullable [] copy(byte[] data, int length) {
        return length <= MAX_KEPT_BYTES ? Arrays.copyOf(data, length) : null;
    }

    private static void add(List<String> to, @Nullable String json) {
        if (json != null) {
            to.add(json);
        }
    }

    private static void delta(ResponsesTranscript transcript, JsonToken token, JsonParser parser)
            throws IOException {
        text(transcript, token, parser);
        if (token == JsonToken.VALUE_STRING) {
            transcript.delta = parser.getText();
        }
    }

    private static void text(ResponsesTranscript transcript, JsonToken token, JsonParser parser)
            throws IOException {
        transcript.eventBytes += Json.scalarBytes(token, parser);
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
        return !over;
    }

    @Override
    public Buffer ending(Usage charged) {
        Buffer events = Buffer.buffer();
        if (openItem != null) {
            closeItem(events, openItem);
        }
        add(
                events,
                "response.incomplete",
                json -> {
                    json.writeObjectFieldStart("response");
                    JsonText.copyMembers(json, response, "response", ENDED);
                    json.writeStringField("status", "incomplete");
                    json.writeObjectFieldStart("incomplete_details");
                    json.writeStringField("reason", "max_output_tokens");
                    json.writeEndObject();
                    JsonText.array(json, "output", items);
                    usage(json, charged);
                    json.writeEndObject();
                });
        return events;
    }

    private void closeItem(Buffer events, byte[] item) {
        if (openPart) {
            String part = JsonText.object(this::part).toString();
            add(
                    events,
                    "response.output_text.done",
                    json -> {
                        place(json);
                        json.writeStringField("text", text.toString());
                        JsonText.array(json, "logprobs", List.of());
                    });
            add(
                    events,
                    "response.content_part.done",
                    json -> {
                        place(json);
                        json.writeFieldName("part");
                        json.writeRawValue(part);
                    });
            parts.add(part);
        }
        items.add(JsonText.object(json -> item(json, item)).toString());
        add(
                events,
                "response.output_item.done",
                json -> {
                    json.writeNumberField("output_index", outputIndex);
                    json.writeFieldName("item");
                    json.writeRawValue(items.getLast());
                });
        openItem = null;
    }

    private void place(JsonGenerator json) throws IOException {
        json.writeStringField("item_id", itemId);
        json.writeNumberField("output_index", outputIndex);
        json.writeNumberField("content_index", parts.size());
    }

    private void part(JsonGenerator json) throws IOException {
        json.writeStringField("type", "output_text");
        JsonText.array(json, "annotations", List.of());
        JsonText.array(json, "logprobs", List.of());
        json.writeStringField("text", text.toString());
    }

    private void item(JsonGenerator json, byte[] item) throws IOException {
        JsonText.copyMembers(json, item, "item", ITEM_ENDED);
        json.writeStringField("status", "incomplete");
        if (itemType.equals("message")) {
            JsonText.array(json, "content", parts);
        } else if (itemType.equals("function_call")) {
            json.writeStringField("arguments", text.toString());
        }
    }

    private static void usage(JsonGenerator json, Usage charged) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", charged.inputTokens());
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("cached_tokens", 0);
        json.writeNumberField("cache_write_tokens", 0);
        json.writeEndObject();
        json.writeNumberField("output_tokens", charged.outputTokens());
        json.writeObjectFieldStart("output_tokens_details");
        json.writeNumberField("reasoning_tokens", 0);
        json.writeEndObject();
        json.writeNumberField("total_tokens", charged.totalTokens());
        json.writeEndObject();
    }

    private void add(Buffer events, String name, JsonText.Members members) {
        sequence++;
        Buffer data =
                JsonText.object(json -> {
                    json.writeStringField("type", name);
                    json.writeNumberField("sequence_number", sequence);
                    members.write(json);
                });
        events.appendString("event: " + name + "\ndata: ").appendBuffer(data).appendString("\n\n");
    }
}
