package weir.provider;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import weir.provider.Peek.BodyEdit;

/**
 * Absolute URLs in answers that a vendor's clients follow to go on with what they began through
 * Weir. They name the vendor's own address, so whoever follows one passes Weir by, and shows his
 * virtual key to a stranger. Only the members that are named here are looked at: what an
 * application hands on to others, the address of a file, has to stay what it is.
 */
public final class Links {
    private final Fields<Found> fields;

    private record Found(Buffer answer, String home, List<BodyEdit> edits) {}

    /**
     * Links of one kind of answer.
     *
     * @param origin scheme and host that they begin with
     * @param members as {@link Fields} names them
     */
    Links(String origin, String... members) {
        Buffer begin = Buffer.buffer("\"" + origin + "/");
        Fields.Builder<Found> builder = new Fields.Builder<>();
        for (String member : members) {
            builder.on(
                    member,
                    (found, token, parser) -> {
                        int at = (int) parser.currentTokenLocation().getByteOffset();
                        int end = at + begin.length() - 1;
                        if (token == JsonToken.VALUE_STRING && begins(found.answer(), at, begin)) {
                            found.edits().add(new BodyEdit(at + 1, end, found.home()));
                        }
                    });
        }
        this.fields = builder.build();
    }

    private static boolean begins(Buffer answer, int at, Buffer begin) {
        int end = at + begin.length();
        return end <= answer.length() && answer.slice(at, end).equals(begin);
    }

    /**
     * How an answer has to change; not at all where it is no JSON.
     *
     * @param home what stands for the vendor's address: scheme, host, and the provider's name
     */
    public List<BodyEdit> back(Buffer answer, String home) {
        Found found = new Found(answer, home, new ArrayList<>());
        boolean whole = Json.walk(fields, found, Bytes.of(answer), answer.length());
        return whole ? found.edits() : List.of();
    }
}
