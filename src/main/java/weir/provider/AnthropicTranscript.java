package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import weir.usage.Usage;

/**
 * A stream of Anthropic's Messages. Shapes: anthropic-python 2.12.0, {@code
 * types/raw_message_stream_event.py} and the types that it names.
 *
 * <p>Generated text stands below {@code delta} and, where a block begins, below {@code
 * content_block}. The stream ends with {@code content_block_stop} for each open block, {@code
 * message_delta} with the reason and the usage, {@code message_stop}.
 */
final class AnthropicTranscript implements Transcript.Draft {
    private static final Set<String> SILENT =
            Set.of("message_start", "content_block_stop", "message_delta", "message_stop", "ping");
    private static final Set<String> SPEAKING =
            Set.of("content_block_start", "content_block_delta");

    private static final Fields<AnthropicTranscript> FIELDS =
            new Fields.Builder<AnthropicTranscript>()
                    .text("type", (t, type) -> t.type = type)
                    .count("index", (t, index) -> t.index = index)
                    .on("delta.**", AnthropicTranscript::text)
                    .on("delta.type", (t, token, parser) -> {})
                    .on("delta.stop_reason", AnthropicTranscript::stop)
                    .on("content_block.**", AnthropicTranscript::text)
                    .build();

    private final Set<Long> openBlocks = new TreeSet<>();
    private long outputBytes;
    private boolean stopped;

    // The event being read.
    private String type = "";
    private long index;
    private long eventBytes;

    @Override
    public void event(byte[] data, int length) {
        type = "";
        index = 0;
        eventBytes = 0;
        boolean valid = Json.walk(FIELDS, this, data, length);
        if (valid && SPEAKING.contains(type)) {
            outputBytes += eventBytes;
        } else if (!valid || !SILENT.contains(type)) {
            outputBytes += length;
        }
        switch (type) {
            case "content_block_start" -> openBlocks.add(index);
            case "content_block_stop" -> openBlocks.remove(index);
            case "message_stop", "error" -> stopped = true;
            default -> {
                // Tells of no beginning and no end.
            }
        }
    }

    private static void text(AnthropicTranscript transcript, JsonToken token, JsonParser parser)
            throws IOException {
        transcript.eventBytes += Json.scalarBytes(token, parser);
    }

    private static void stop(AnthropicTranscript transcript, JsonToken token, JsonParser parser) {
        transcript.stopped |= token == JsonToken.VALUE_STRING;
    }

    @Override
    public void sentinel() {
        stopped = true;
    }

    @Override
    public long outputTokens() {
        return outputBytes;
    }

    @Override
    public boolean isOpen() {
        return !stopped;
    }

    @Override
    public Buffer ending(Usage charged) {
        Buffer events = Buffer.buffer();
        for (long open : openBlocks) {
            add(events, "content_block_stop", json -> json.writeNumberField("index", open));
        }
        add(
                events,
                "message_delta",
                json -> {
                    json.writeObjectFieldStart("delta");
                    json.writeStringField("stop_reason", "max_tokens");
                    json.writeNullField("stop_sequence");
                    json.writeEndObject();
                    json.writeObjectFieldStart("usage");
                    json.writeNumberField("output_tokens", charged.outputTokens());
                    json.writeEndObject();
                });
        return add(events, "message_stop", json -> {});
    }

    private static Buffer add(Buffer events, String type, JsonText.Members members) {
        Buffer data =
                JsonText.object(json -> {
                    json.writeStringField("type", type);
                    members.write(json);
                });
        return events.appendString("event: " + type + "\ndata: ")
                .appendBuffer(data)
                .appendString("\n\n");
    }
}
