package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;

/**
 * What the bodies of Replicate's predictions say. Shapes: replicate-python 1.0.7, {@code
 * prediction.py}, {@code deployment.py}, {@code model.py}.
 *
 * <p>What is in {@code input} is the model's own affair. Three names are common enough to be read:
 * limits on output tokens, and the number of images. A model that calls its limit otherwise is
 * bounded by its own maximum; a string that looks like a URL is input that the body does not hold.
 */
final class ReplicateRequest {
    /**
     * For which a prediction may run at most, because Weir sends this deadline with it; the
     * vendor's own is the same for most models.
     */
    static final long MOST_SECONDS = 1_800;

    /** Models that make several images make at most so many where the request does not say. */
    private static final long USUAL_IMAGES = 4;

    private static final long MAX_IMAGES = 1_000;
    private static final int TEMPLATE_TOKENS = 500;

    /** {@code owner/name:64 hexadecimal digits}, {@code owner/name}, or the digits alone. */
    private static final Pattern VERSION = Pattern.compile("([\\w.-]+/[\\w.-]+)(?::[0-9a-f]+)?");

    private static final Pattern IN_PATH =
            Pattern.compile("/(?:v1/)?(models/|deployments/)([\\w.-]+/[\\w.-]+)/predictions.*");

    static final Fields<Request> FIELDS =
            new Fields.Builder<Request>()
                    .on("version", RequestFields.text("version", (r, text) -> version(r, text)))
                    .on("input.**.url", ReplicateRequest::link)
                    .on("input.max_tokens", RequestFields.cap("input.max_tokens", 1))
                    .on("input.max_new_tokens", RequestFields.cap("input.max_new_tokens", 1))
                    .on(
                            "input.max_completion_tokens",
                            RequestFields.cap("input.max_completion_tokens", 1))
                    .on("input.max_output_tokens", RequestFields.cap("input.max_output_tokens", 1))
                    .on(
                            "input.num_outputs",
                            RequestFields.whole(
                                    "input.num_outputs",
                                    0,
                                    MAX_IMAGES,
                                    (r, n) -> r.media.set(Kind.IMAGES, n)))
                    .on("webhook", RequestFields.present(r -> {}))
                    .build();

    private ReplicateRequest() {}

    static PeekResult peek(String target, byte[] body) {
        return Request.peek(FIELDS, body, null, r -> finish(r, named(target)));
    }

    private static void finish(Request request, @Nullable String named) {
        if (named != null) {
            request.model = named;
        }
        request.extraInputTokens = TEMPLATE_TOKENS;
        request.thinks = true;
        request.media.set(Kind.HARDWARE_MILLIS, MOST_SECONDS * 1_000);
        if (request.media.amount(Kind.IMAGES) == 0) {
            request.media.set(Kind.IMAGES, USUAL_IMAGES);
        }
    }

    /** {@code owner/name}, or {@code deployments/owner/name}, where the path names the model. */
    private static @Nullable String named(String target) {
        Matcher path = IN_PATH.matcher(target);
        if (!path.matches()) {
            return null;
        }
        String name = path.group(2);
        return path.group(1).equals("models/") ? name : path.group(1) + name;
    }

    private static void version(Request request, String text) {
        Matcher version = VERSION.matcher(text);
        request.model = version.matches() ? version.group(1) : text;
    }

    private static void link(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        request.unseenInput |=
                token == JsonToken.VALUE_STRING
                        && !parser.getText().startsWith("data:")
                        && !parser.getText().isEmpty();
    }
}
