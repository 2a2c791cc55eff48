package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnthropicTest {
    private final Provider provider = new Anthropic();

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages, messages, METERED",
        "POST, /messages, messages, METERED",
        "POST, /v1/messages/count_tokens, messages.count_tokens, FREE",
        "POST, /v1/oauth/token, oauth.token, ACCOUNT",
        "POST, /v1/messages/batches, messages.batches, METERED",
        "POST, /v1/messages/batches/msgbatch_1/cancel, messages.batches.cancel, ACCOUNT",
        "GET, /v1/messages/batches, messages.batches.read, ACCOUNT",
        "GET, /v1/messages/batches/msgbatch_1, messages.batches.read, ACCOUNT",
        "DELETE, /v1/messages/batches/msgbatch_1, delete, ACCOUNT",
        "POST, /v1/sessions, other, UNPRICED",
        "POST, /v1/complete, other, UNPRICED",
        "POST, /v1/chat/completions, other, UNPRICED",
        "GET, /v1/messages/batches/msgbatch_1/results, read, ACCOUNT",
        "GET, /v1/models, models, FREE",
        "GET, /v1/sessions/s/events/stream, other, UNPRICED",
        "DELETE, /v1/files/file_1, delete, ACCOUNT",
    })
    void endpoints(String method, String path, String name, Endpoint.Cost cost) {
        Endpoint endpoint = provider.endpoint(HttpMethod.valueOf(method), path);
        assertEquals(name, endpoint.name());
        assertEquals(cost, endpoint.cost());
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    @Test
    void presentedKeys() {
        assertEquals("wk_1", provider.presentedKey(headers("X-Api-Key", "wk_1"), null));
        assertEquals("wk_1", provider.presentedKey(headers("Authorization", "Bearer wk_1"), null));
        assertEquals(
                "wk_1",
                provider.presentedKey(
                        headers("x-api-key", "dummy", "Authorization", "Bearer wk_1"), null));
        assertEquals(
                "wk_1",
                provider.presentedKey(
                        headers("x-api-key", "wk_1", "Authorization", "Bearer dummy"), null));
        assertEquals(
                "a",
                provider.presentedKey(
                        headers("x-api-key", " a ", "Authorization", "Bearer b"), null));
        assertEquals(
                "b",
                provider.presentedKey(headers("x-api-key", "", "Authorization", "Bearer b"), null));
        assertNull(
                provider.presentedKey(headers("x-api-key", " ", "Authorization", "Bearer"), null));
        assertNull(provider.presentedKey(headers(), null));
    }

    @Test
    void exactlyOneCredentialInTheCallersStyle() {
        assertAuthorised(headers("X-API-Key", "wk_1"), List.of("sk"), List.of());
        assertAuthorised(headers("authorization", "Bearer wk_1"), List.of(), List.of("Bearer sk"));
        assertAuthorised(
                headers("authorization", "Bearer wk_1", "x-api-key", "a", "x-api-key", "b"),
                List.of("sk"),
                List.of());
        assertAuthorised(headers(), List.of("sk"), List.of());
    }

    private void assertAuthorised(
            MultiMap headers, List<String> apiKeys, List<String> authorizations) {
        Outgoings.authorise(provider, headers, "sk");
        assertEquals(apiKeys, headers.getAll("x-api-key"));
        assertEquals(authorizations, headers.getAll("authorization"));
    }
}
