package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import weir.usage.UsageReport;

/**
 * Reads usage out of Bedrock's binary streams, and lets every byte pass. Events of Converse are
 * JSON themselves; a {@code chunk} of Invoke holds the model's own JSON in Base64.
 *
 * <p>A stream that ends with an exception has no usage, or not the last: such a report is not
 * complete.
 */
final class BedrockReader implements UsageReader {
    private static final Buffer NOTHING = Buffer.buffer(0);
    private static final byte[] NO_JSON = {};

    private final AwsEventStream messages = new AwsEventStream(this::look);
    private final BedrockUsage usage;

    BedrockReader(BedrockUsage usage) {
        this.usage = usage;
    }

    @Override
    public Buffer read(Buffer chunk) {
        messages.read(chunk);
        return chunk;
    }

    @Override
    public Buffer end() {
        return NOTHING;
    }

    @Override
    public UsageReport report() {
        return usage.report(messages.payloadBytes());
    }

    private void look(String type, byte[] payload) {
        byte[] json = type.equals("chunk") ? decoded(payload) : payload;
        if (!type.isEmpty() && json.length > 0) {
            usage.begin();
            if (Json.walk(BedrockUsage.FIELDS, usage, json, json.length)) {
                usage.end();
            }
        }
    }

    /** The model's own JSON; empty where it cannot be read. */
    private static byte[] decoded(byte[] payload) {
        try (JsonParser parser = Json.FACTORY.createParser(payload)) {
            return Json.find(parser, "bytes") == JsonToken.VALUE_STRING
                    ? parser.getBinaryValue()
                    : NO_JSON;
        } catch (IOException e) {
            return NO_JSON;
        }
    }
}
