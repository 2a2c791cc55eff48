package weir.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form (RFC 7578, {@code multipart/form-data}), found in place: what a file holds
 * is passed over, and never copied.
 *
 * <p>A form is read as the JSON object that says the same: text becomes a string, {@code true},
 * {@code false} or a whole number; a file becomes the number of its bytes; {@code name[]} becomes
 * an element of {@code name}. So it is read by the same tables as other bodies, and as strictly.
 * What two servers might read in two ways is no form: other line ends, a name that is said twice, a
 * part in another encoding.
 */
final class Form {
    /** The vendors' largest forms have some twenty. */
    private static final int MAX_PARTS = 256;

    private static final int MAX_HEAD_BYTES = 4_096;

    /** Longer text is a prompt, whose size is all that matters. */
    private static final int MAX_TEXT_BYTES = 64 << 10;

    private static final Pattern BOUNDARY =
            Pattern.compile(
                    "multipart/form-data\\s*;\\s*(?:charset=[\\w-]+\\s*;\\s*)?"
                            + "boundary=(?:\"([^\"\\\\]{1,70})\"|([^\\s;\"]{1,70}))"
                            + "(?:\\s*;\\s*charset=[\\w-]+)?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern DISPOSITION =
            Pattern.compile("content-disposition:\\s*form-data\\s*(;.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME =
            Pattern.compile(
                    ";\\s*name=(?:\"([^\"\\\\]*)\"|([^\\s;\"]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE =
            Pattern.compile(";\\s*filename\\*?=", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENCODED =
            Pattern.compile("content-transfer-encoding:.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE = Pattern.compile("true|false|0|[1-9]\\d{0,8}");

    private static final byte[] LINE = "\r\n".getBytes(ISO_8859_1);
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] LAST = "--".getBytes(ISO_8859_1);
    private static final String LIST = "[]";

    private final Buffer body;
    private final byte[] delimiter;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private int at;

    private Form(Buffer body, String boundary) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(ISO_8859_1);
    }

    /** Whether a body says that it is one. */
    static boolean isOne(@Nullable String contentType) {
        return contentType != null && BOUNDARY.matcher(contentType).matches();
    }

    /** As JSON; null where it is no form. */
    static byte @Nullable [] json(String contentType, Buffer body) {
        Matcher type = BOUNDARY.matcher(contentType);
        if (!type.matches()) {
            return null;
        }
        Form form = new Form(body, type.group(1) == null ? type.group(2) : type.group(1));
        return form.read() ? form.json() : null;
    }

    /** A boundary stands alone between two lines; the first has no line in front of it. */
    private boolean read() {
        byte[] first = Arrays.copyOfRange(delimiter, LINE.length, delimiter.length);
        if (!stands(first, 0)) {
            return false;
        }
        at = first.length;
        for (int parts = 0; parts <= MAX_PARTS; parts++) {
            if (stands(LAST, at)) {
                return true;
            }
            if (!stands(LINE, at) || !part()) {
                return false;
            }
        }
        return false;
    }

    /** Reads the part whose head begins behind this line, up to behind the next boundary. */
    private boolean part() {
        int head = at + LINE.length;
        int headEnd = find(HEAD_END, head);
        if (headEnd < 0 || headEnd - head > MAX_HEAD_BYTES) {
            return false;
        }
        int from = headEnd + HEAD_END.length;
        // What is empty ends with the line that ends the head.
        int to = find(delimiter, from - LINE.length);
        if (to < 0) {
            return false;
        }
        at = to + delimiter.length;
        return field(
                body.getString(head, headEnd, "ISO-8859-1"), body.slice(from, Math.max(from, to)));
    }

    private boolean field(String head, Buffer content) {
        String parameters = "";
        for (String line : head.split("\r\n", -1)) {
            Matcher disposition = DISPOSITION.matcher(line);
            if (disposition.matches() && parameters.isEmpty()) {
                parameters = disposition.group(1);
            } else if (disposition.matches() || ENCODED.matcher(line).matches()) {
                return false;
            }
        }
        Matcher name = NAME.matcher(parameters);
        if (!name.find()) {
            return false;
        }
        String field = name.group(1) == null ? name.group(2) : name.group(1);
        boolean text = !FILE.matcher(parameters).find() && content.length() <= MAX_TEXT_BYTES;
        values.computeIfAbsent(field, f -> new ArrayList<>(1))
                .add(text ? content.toString(UTF_8) : Integer.toString(content.length()));
        return !name.find();
    }

    private int find(byte[] what, int from) {
        for (int i = from; i <= body.length() - what.length; i++) {
            if (body.getByte(i) == what[0] && stands(what, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean stands(byte[] what, int where) {
        if (where + what.length > body.length()) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (body.getByte(where + i) != what[i]) {
                return false;
            }
        }
        return true;
    }

    private byte @Nullable [] json() {
        boolean repeated =
                values.entrySet().stream()
                        .anyMatch(f -> f.getValue().size() > 1 && !f.getKey().endsWith(LIST));
        return repeated ? null : JsonText.object(this::write).getBytes();
    }

    private void write(JsonGenerator json) throws IOException {
        for (Map.Entry<String, List<String>> field : values.entrySet()) {
            String name = field.getKey();
            if (name.endsWith(LIST)) {
                json.writeArrayFieldStart(name.substring(0, name.length() - LIST.length()));
                for (String value : field.getValue()) {
                    write(json, value);
                }
                json.writeEndArray();
            } else {
                json.writeFieldName(name);
                write(json, field.getValue().getFirst());
            }
        }
    }

    private static void write(JsonGenerator json, String value) throws IOException {
        if (WHOLE.matcher(value).matches()) {
            json.writeRawValue(value);
        } else {
            json.writeString(value);
        }
    }
}
