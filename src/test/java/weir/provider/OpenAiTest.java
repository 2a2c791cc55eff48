package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiTest {
    private final Provider provider = new OpenAi();

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/chat/completions, chat.completions, METERED",
        "POST, /chat/completions, chat.completions, METERED",
        "POST, /v1/chat/completions/, chat.completions, METERED",
        "POST, /v1/completions, completions, METERED",
        "POST, /v1/responses, responses, METERED",
        "POST, /v1/responses/compact, responses.compact, METERED",
        "POST, /v1/embeddings, embeddings, METERED",
        "POST, /v1/responses/input_tokens, responses.input_tokens, FREE",
        "POST, /v1/moderations, moderations, FREE",
        "POST, /v1/responses/resp_1/cancel, cancel, ACCOUNT",
        "POST, /v1/responses/../images/cancel, other, UNPRICED",
        "POST, /v1/images/generations, images.generations, METERED",
        "POST, /v1/audio/speech, audio.speech, METERED",
        "POST, /v1/audio/transcriptions, audio.transcriptions, METERED",
        "POST, /v1/realtime/client_secrets, other, UNPRICED",
        "POST, /v1//chat/completions, other, UNPRICED",
        "POST, /v1/./chat/completions, other, UNPRICED",
        "POST, /v1/chat/completion%73, other, UNPRICED",
        "POST, /V1/chat/completions, other, UNPRICED",
        "PUT, /v1/chat/completions, other, UNPRICED",
        "GET, /v1/models, models, FREE",
        "GET, /v1/models/gpt-6-astra, models, FREE",
        "HEAD, /v1/models, models, FREE",
        "GET, /v1/responses/resp_1, read, ACCOUNT",
        "DELETE, /v1/files/file-1, delete, ACCOUNT",
        "GET, /v1/realtime, realtime, METERED",
        "GET, /v1/models/../realtime, other, UNPRICED",
        "GET, /v1/models/%2e%2e/realtime, other, UNPRICED",
        "GET, /, other, UNPRICED",
        "GET, '', other, UNPRICED",
    })
    void endpoints(String method, String path, String name, Endpoint.Cost cost) {
        assertEquals(new Endpoint(name, cost), provider.endpoint(HttpMethod.valueOf(method), path));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "Bearer sk-1, sk-1",
                "bearer sk-1, sk-1",
                "BEARER   sk-1, sk-1",
                "Bearer\tsk-1, sk-1",
                "Bearer, none",
                "'Bearer ', none",
                "'', none",
                "sk-1, none",
                "Bearersk-1, none",
                "Basic c2s=, none",
            })
    void presentedKeys(String header, String key) {
        assertEquals(
                key,
                provider.presentedKey(
                        MultiMap.caseInsensitiveMultiMap().add("Authorization", header), null));
    }

    @Test
    void aVirtualKeyGoesFirst() {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("authorization", "Bearer placeholder")
                        .add("Authorization", "Bearer wk_1");
        assertEquals("wk_1", provider.presentedKey(headers, null));
        Outgoings.authorise(provider, headers, "sk-up");
        assertEquals(List.of("Bearer sk-up"), headers.getAll("Authorization"));
    }
}
