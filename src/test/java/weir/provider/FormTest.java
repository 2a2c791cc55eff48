package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.usage.Kind;

/** Forms; {@code |} stands for the end of a line, {@code '} for a quote. */
final class FormTest {
    private static final String TYPE = "multipart/form-data; boundary=b0-1";
    private static final String FILE =
            "--b0-1|Content-Disposition: form-data; name='file'; filename='a.mp3'|"
                    + "Content-Type: audio/mpeg||\0\1|--b0|--b0-|--b0-1|";
    private static final String MODEL =
            "Content-Disposition: form-data; name='model'||whisper-1|--b0-1";

    private static Buffer bytes(String form) {
        return Buffer.buffer(form.replace("|", "\r\n").replace('\'', '"'), "ISO-8859-1");
    }

    private static @Nullable String json(String form) {
        byte[] json = Form.json(TYPE, bytes(form));
        return json == null ? null : new String(json, StandardCharsets.UTF_8);
    }

    @Test
    void textIsTextAndFilesAreTheirSizes() {
        assertEquals("{\"file\":15,\"model\":\"whisper-1\"}", json(FILE + MODEL + "--|"));
        assertEquals(
                "{\"model\":\"whisper-1\",\"stream\":true,\"n\":2,\"e\":\"\",\"t\":[\"a\",7]}",
                json(
                        "--b0-1|"
                                + MODEL
                                + "|content-disposition:form-data;name=stream||true|--b0-1"
                                + "|Content-Disposition: form-data; name='n'||2|--b0-1"
                                + "|Content-Disposition: form-data; name='e'|||--b0-1"
                                + "|Content-Disposition: form-data; name='t[]'||a|--b0-1"
                                + "|Content-Disposition: form-data; name='t[]'||7|--b0-1--"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b0-1",
                "--b0-1|" + MODEL,
                "preamble|--b0-1|" + MODEL + "--",
                "--b0-1|" + MODEL + "|" + MODEL + "--",
                "--b0-1 |" + MODEL + "--",
                "--b0-1|Content-Disposition: form-data||x|--b0-1--",
                "--b0-1|Content-Disposition: form-data; name='a'; name='model'||x|--b0-1--",
                "--b0-1|Content-Disposition: form-data; name='a'|"
                        + "Content-Disposition: form-data; name='model'||x|--b0-1--",
                "--b0-1|Content-Transfer-Encoding: base64|" + MODEL + "--",
                "--b0-1|Content-Disposition: attachment; name='model'||x|--b0-1--",
            })
    void whatMayBeReadInTwoWaysIsNoForm(String form) {
        assertNull(json(form));
    }

    @Test
    void onlyFormsAreForms() {
        assertTrue(Form.isOne("Multipart/Form-Data; boundary=\"b 1\""));
        assertTrue(Form.isOne("multipart/form-data; charset=utf-8; boundary=b"));
        assertFalse(Form.isOne("multipart/mixed; boundary=b"));
        assertFalse(Form.isOne("multipart/form-data; boundary=b; boundary=c"));
        assertFalse(Form.isOne("application/json"));
    }

    private static Peek peek(String vendor, String path, String form) {
        Provider provider = Objects.requireNonNull(Providers.ALL.get(vendor));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("content-type", TYPE);
        Endpoint endpoint = provider.endpoint(HttpMethod.POST, path);
        return assertInstanceOf(Peek.class, provider.peek(endpoint, path, headers, bytes(form)));
    }

    private static String asking(String format) {
        return FILE
                + "Content-Disposition: form-data; name='response_format'||"
                + format
                + "|--b0-1|"
                + MODEL
                + "--|";
    }

    /** 15 bytes, at 500 a second. */
    @Test
    void theTimeOfASoundIsBoundedByItsBytes() {
        Peek peek = peek("openai", "/v1/audio/transcriptions", FILE + MODEL + "--|");
        assertEquals("whisper-1", peek.model());
        assertEquals(30, peek.media().amount(Kind.AUDIO_MILLIS));
        assertEquals(15, peek.extraInputTokens());
        assertFalse(peek.unmetered());
    }

    @Test
    void answersThatTellNothingAreUnmetered() {
        String path = "/v1/audio/transcriptions";
        assertTrue(peek("openai", path, asking("srt")).unmetered());
        assertFalse(peek("openai", path, asking("verbose_json")).unmetered());
        assertTrue(peek("openai", path, "--b0-1|" + MODEL + "--").unmetered(), "no sound");
        String translations = "/v1/audio/translations";
        assertTrue(peek("openai", translations, FILE + MODEL + "--").unmetered());
        assertFalse(peek("openai", translations, asking("verbose_json")).unmetered());
        assertTrue(peek("groq", "/openai" + path, FILE + MODEL + "--").unmetered());
        assertFalse(peek("groq", "/openai" + path, asking("verbose_json")).unmetered());
        assertFalse(peek("mistral", path, FILE + MODEL + "--").unmetered());
        String azure = "/openai/deployments/d/audio/transcriptions";
        assertEquals("d", peek("azure", azure, FILE + MODEL + "--").model());
    }

    @Test
    void picturesToEditAreCounted() {
        String image = "--b0-1|Content-Disposition: form-data; name='image[]'; filename='a'||x|";
        Peek peek = peek("openai", "/v1/images/edits", image + image + "--b0-1|" + MODEL + "--");
        assertEquals(2 * OpenAiRequest.IMAGE_TOKENS, peek.extraInputTokens());
        assertFalse(peek.unseenInput());
    }
}
