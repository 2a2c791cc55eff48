package weir.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How Weir writes JSON of its own. */
final class JsonText {
    private JsonText() {}

    /** Writes the members of an object. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    static Buffer object(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    /** A member whose elements are JSON already. */
    static void array(JsonGenerator json, String name, List<String> elements) throws IOException {
        json.writeArrayFieldStart(name);
        for (String element : elements) {
            json.writeRawValue(element);
        }
        json.writeEndArray();
    }

    /**
     * Copies the members of an object that is a member of this document, but for some; none where
     * there is no such document or object.
     */
    static void copyMembers(
            JsonGenerator json, byte @Nullable [] document, String of, Set<String> without)
            throws IOException {
        if (document == null) {
            return;
        }
        try (JsonParser parser = Json.FACTORY.createParser(document)) {
            if (Json.find(parser, of) != JsonToken.START_OBJECT) {
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (without.contains(name)) {
                    parser.skipChildren();
                } else {
                    json.writeFieldName(name);
                    json.copyCurrentStructure(parser);
                }
            }
        }
    }
}
