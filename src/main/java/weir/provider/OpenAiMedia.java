package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import weir.usage.Kind;

/**
 * Requests for pictures and speech. Shapes: openai-python 3.54.0, {@code
 * types/image_generate_params.py}, {@code image_edit_params.py}, {@code
 * types/audio/speech_create_params.py}.
 *
 * <p>OpenAI bills a picture by tokens, which the answer reports; nothing in the request bounds them
 * but the model. Others bill by the piece: as many as were asked for. Speech is billed by the
 * characters of its text, and its answer says nothing. Models that bill speech by tokens have no
 * price by the character, and so none at all.
 */
final class OpenAiMedia {
    private OpenAiMedia() {}

    /** Pictures of so many tokens each. */
    static Reading images() {
        return new Reading(
                pictures().on("n", RequestFields.choices("n")).build(), null, OpenAiMedia::finish);
    }

    /** Pictures that are made of others, in a form or by reference. */
    static Reading edits() {
        return new Reading(
                pictures()
                        .on("n", RequestFields.choices("n"))
                        .on("image", OpenAiMedia::given)
                        .on("image[]", OpenAiMedia::given)
                        .on("mask", OpenAiMedia::given)
                        .on("images[]", OpenAiMedia::given)
                        .build(),
                null,
                r -> {
                    r.extraInputTokens = r.images * OpenAiRequest.IMAGE_TOKENS;
                    finish(r);
                });
    }

    /** In a form it is the number of its bytes; else the body does not hold it. */
    private static void given(Request request, JsonToken token, JsonParser parser) {
        request.images += token == JsonToken.VALUE_NUMBER_INT ? 1 : 0;
        request.unseenInput |= token == JsonToken.START_OBJECT || token == JsonToken.VALUE_STRING;
    }

    /** Pictures that have one price each. */
    static Reading pieces() {
        Fields.Handler<Request> number =
                RequestFields.whole(
                        "n", 1, Request.MAX_CHOICES, (r, n) -> r.media.set(Kind.IMAGES, n));
        return new Reading(pictures().on("n", number).build(), null, OpenAiMedia::finishPieces);
    }

    static Reading speech() {
        return new Reading(
                OpenAiRequest.common().on("input", OpenAiMedia::spoken).build(),
                null,
                r -> r.hiddenOutput = true);
    }

    private static Fields.Builder<Request> pictures() {
        return OpenAiRequest.common()
                .on("svg.model", RequestFields.text("svg.model", Request::otherModel));
    }

    private static void finish(Request request) {
        // The vendor's own default, which may change.
        request.model = request.model == null ? Peek.ANY : request.model;
        request.hiddenOutput = true;
    }

    private static void finishPieces(Request request) {
        finish(request);
        request.media.set(Kind.IMAGES, Math.max(1, request.media.amount(Kind.IMAGES)));
    }

    private static void spoken(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            request.media.set(Kind.CHARACTERS, text.codePointCount(0, text.length()));
        } else {
            request.wrong("input", "a string", token);
        }
    }
}
