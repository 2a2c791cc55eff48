package weir.app.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;

/**
 * Secrets: one environment variable, or one file, and nothing else. No message here shows what was
 * found, not even where it stands in the file: it may be the secret.
 */
final class Secrets {
    /** Above any key or token of any vendor. */
    static final int MAX_BYTES = 64 << 10;

    private static final String ALLOWED =
            "${VAR} as the whole value, or file:/path; secrets come from the environment or a file";
    private static final String CONTENT =
            "1 to 65536 bytes of visible ASCII, one line break at the end aside";

    private Secrets() {}

    static @Nullable Secret read(Value value) {
        String raw = value.raw();
        if (raw == null) {
            value.error(value.kind(), ALLOWED);
            return null;
        }
        String variable = Interpolation.soleVariable(raw);
        if (variable != null) {
            String found = value.source().environment().apply(variable);
            if (found == null) {
                value.error("${" + variable + "}, which is not set", "a variable that is set");
                return null;
            }
            return secret(value, found, "the variable " + variable);
        }
        if (!raw.startsWith("file:")) {
            value.error("a literal", ALLOWED);
            return null;
        }
        return fromFile(value);
    }

    private static @Nullable Secret fromFile(Value value) {
        Path path =
                value.parse(
                        new Scalar<>(
                                "file:/path",
                                text ->
                                        text.startsWith("file:")
                                                ? value.source()
                                                        .resolve(text.substring("file:".length()))
                                                : null));
        if (path == null) {
            return null;
        }
        String place = value.shown();
        try {
            byte[] bytes = value.source().read(path, MAX_BYTES);
            if (bytes == null) {
                value.error(place + ", more than 65536 bytes", CONTENT);
                return null;
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return secret(value, withoutLastBreak(text), place);
        } catch (CharacterCodingException e) {
            value.error(place + ", which is not text", CONTENT);
        } catch (IOException e) {
            value.error(place + ", which cannot be read", "a readable file");
        }
        return null;
    }

    private static @Nullable Secret secret(Value value, String text, String place) {
        // What ends up in a header must not be able to end the header.
        if (text.isEmpty() || text.length() > MAX_BYTES) {
            value.error(place + (text.isEmpty() ? ", which is empty" : ", too long"), CONTENT);
            return null;
        }
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            value.error(place + ", which holds other characters", CONTENT);
            return null;
        }
        return new Secret(text);
    }

    private static String withoutLastBreak(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
