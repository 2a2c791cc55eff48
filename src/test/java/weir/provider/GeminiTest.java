package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.key.Proof;
import weir.key.Secret;

/** Endpoints and credentials of Google's two APIs. */
final class GeminiTest {
    private static final String NATIVE = "/v1beta/models/gemini-3.8-flash:generateContent";

    private final Provider gemini = new Gemini();
    private final Provider vertex = new Vertex();

    @ParameterizedTest
    @CsvSource({
        "POST, /v1beta/models/gemini-3.8-flash:generateContent, generateContent, METERED",
        "POST, /v1/models/gemini-3.8-flash:streamGenerateContent, streamGenerateContent, METERED",
        "POST, /v1beta/tunedModels/mine-1:generateContent, generateContent, METERED",
        "POST, /v1beta/models/gemini-embedding-001:embedContent, embedContent, METERED",
        "POST, /v1beta/models/gemini-embedding-2:batchEmbedContents, batchEmbedContents, METERED",
        "POST, /v1beta/models/imagen-4.0-generate-001:predict, predict, METERED",
        "POST, /v1beta/models/veo-3.1-generate-preview:predict, other, UNPRICED",
        "POST, /v1beta/models/veo-3.1:predictLongRunning, predictLongRunning, UNPRICED",
        "POST, /v1beta/models/gemini-3.8-flash:countTokens, countTokens, FREE",
        "POST, /v1beta/models/gemini-3.8-flash:batchGenerateContent, batches, UNPRICED",
        "POST, /v1beta/models/gemini-3.8-flash:newMethod, other, UNPRICED",
        "POST, /v1beta/models/gemini-3.8-flash%3AgenerateContent, other, UNPRICED",
        "POST, /v1beta/models/a/b:generateContent, other, UNPRICED",
        "POST, /v1beta/cachedContents, cachedContents, UNPRICED",
        "POST, /v1beta/interactions, interactions, UNPRICED",
        "POST, /upload/v1beta/files, files, ACCOUNT",
        "POST, /v1beta/batches/b-1:cancel, cancel, ACCOUNT",
        "POST, /v1beta/openai/chat/completions, chat.completions, METERED",
        "POST, /v1beta/openai/embeddings, embeddings, METERED",
        "POST, /v1beta/openai/images/generations, images.generations, UNPRICED",
        "POST, /$rpc/google.ai.generativelanguage.v1beta.GenerativeService/X, other, UNPRICED",
        "GET, /v1beta/models, models, FREE",
        "GET, /v1beta/models/gemini-3.8-flash, models, FREE",
        "GET, /v1beta/openai/models, models, FREE",
        "GET, /v1beta/files/f-1, read, ACCOUNT",
        "GET, /v1beta/files/f-1:download, read, ACCOUNT",
        "GET, /v1beta/models/gemini-3.8-flash:generateContent, other, UNPRICED",
        "GET, /ws/google.ai.generativelanguage.v1beta.GenerativeService.X, other, UNPRICED",
        "DELETE, /v1beta/cachedContents/c-1, delete, ACCOUNT",
        "PATCH, /v1beta/cachedContents/c-1, other, UNPRICED",
    })
    void endpointsOfGemini(String method, String path, String name, Endpoint.Cost cost) {
        assertEquals(new Endpoint(name, cost), gemini.endpoint(HttpMethod.valueOf(method), path));
    }

    @ParameterizedTest
    @CsvSource({
        "google/models/gemini-3.8-flash:generateContent, generateContent, METERED",
        "google/models/gemini-3.8-flash:streamGenerateContent, streamGenerateContent, METERED",
        "google/models/gemini-3.8-flash:countTokens, countTokens, FREE",
        "google/models/gemini-3.8-flash:computeTokens, computeTokens, FREE",
        "google/models/text-embedding-005:predict, predict, METERED",
        "google/models/veo-3.1:predictLongRunning, predictLongRunning, UNPRICED",
        "anthropic/models/claude-sonnet-5@20260101:rawPredict, rawPredict, METERED",
        "anthropic/models/claude-sonnet-5:streamRawPredict, streamRawPredict, METERED",
        "anthropic/models/count-tokens:rawPredict, countTokens, FREE",
        "anthropic/models/claude-sonnet-5:predict, other, UNPRICED",
        "mistralai/models/mistral-large:rawPredict, other, UNPRICED",
    })
    void endpointsOfVertex(String call, String name, Endpoint.Cost cost) {
        for (String before : List.of("/v1/projects/p-1/locations/us-east5/", "/v1beta1/")) {
            String path = before + "publishers/" + call;
            assertEquals(new Endpoint(name, cost), vertex.endpoint(HttpMethod.POST, path));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, endpoints/123:generateContent, generateContent, METERED",
        "POST, endpoints/openapi/chat/completions, chat.completions, METERED",
        "POST, batchPredictionJobs, other, UNPRICED",
        "POST, cachedContents, other, UNPRICED",
        "GET, operations/1, read, ACCOUNT",
        "DELETE, cachedContents/1, delete, ACCOUNT",
    })
    void moreEndpointsOfVertex(String method, String call, String name, Endpoint.Cost cost) {
        String path = "/v1/projects/p-1/locations/global/" + call;
        assertEquals(new Endpoint(name, cost), vertex.endpoint(HttpMethod.valueOf(method), path));
    }

    @Test
    void aKeyIsPresentedInThreePlaces() {
        MultiMap none = MultiMap.caseInsensitiveMultiMap();
        assertNull(gemini.presentedKey(none, null));
        assertNull(gemini.presentedKey(none, "alt=sse&key="));
        assertEquals("wk_1", gemini.presentedKey(none, "alt=sse&key=wk_1"));
        assertEquals("wk_1", gemini.presentedKey(none, "%6bey=wk%5F1"));
        assertEquals("wk_1", gemini.presentedKey(none, "access_token=wk_1"));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("X-Goog-Api-Key", "AIza");
        assertEquals("AIza", gemini.presentedKey(headers, null));
        assertEquals("wk_1", gemini.presentedKey(headers, "key=wk_1"));
        headers.add("Authorization", "Bearer wk_2");
        assertEquals("wk_2", gemini.presentedKey(headers, null));
    }

    /** Wherever the caller put it, none of it leaves; nothing else of the query changes. */
    @ParameterizedTest
    @CsvSource({
        "?key=wk_1, ''",
        "?key=wk_1&alt=sse, ?alt=sse",
        "?alt=sse&key=wk_1&key=wk_2&prettyPrint=false, ?alt=sse&prettyPrint=false",
        "?%6Bey=wk_1, ''",
        "?access_token=wk_1&monkey=%20, ?monkey=%20",
        "?alt=sse, ?alt=sse",
        "'', ''",
    })
    void noCredentialLeavesInTheUrl(String query, String left) {
        for (Provider provider : List.of(gemini, vertex)) {
            Outgoing request = authorised(provider, NATIVE + query, "AQ.secret");
            assertEquals(NATIVE + left, request.target());
            assertEquals(List.of("AQ.secret"), request.headers().getAll("x-goog-api-key"));
            assertFalse(request.headers().contains("authorization"));
        }
    }

    @Test
    void aSecretGoesWhereItsKindBelongs() {
        assertBearer(authorised(gemini, NATIVE, "ya29.token"));
        assertBearer(authorised(gemini, "/v1beta/openai/chat/completions", "AIza"));
        assertBearer(authorised(vertex, NATIVE, "ya29.token"));
        assertBearer(authorised(vertex, NATIVE, "any"));
        assertTrue(authorised(gemini, NATIVE, "any").headers().contains("x-goog-api-key"));
        assertTrue(authorised(vertex, NATIVE, "AIza").headers().contains("x-goog-api-key"));
    }

    private static void assertBearer(Outgoing request) {
        assertTrue(String.valueOf(request.headers().get("authorization")).startsWith("Bearer "));
        assertFalse(request.headers().contains("x-goog-api-key"));
    }

    /** They would make another request of it than the one that was priced. */
    @Test
    void headersThatChangeTheRequestStayBehind() {
        Outgoing request = authorised(gemini, "/v1beta/cachedContents", "AQ.secret");
        assertFalse(request.headers().contains("x-http-method-override"));
        assertFalse(request.headers().contains("x-goog-fieldmask"));
        assertEquals("p", request.headers().get("x-goog-user-project"));
    }

    private static Outgoing authorised(Provider provider, String target, String secret) {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("x-goog-api-key", "wk_1")
                        .add("authorization", "Bearer wk_1")
                        .add("X-HTTP-Method-Override", "POST")
                        .add("X-Goog-FieldMask", "candidates")
                        .add("x-goog-user-project", "p");
        Outgoing request = new Outgoing(HttpMethod.POST, "api.example", target, headers, List.of());
        provider.authorise(request, new Proof.Token(new Secret(secret)));
        return request;
    }
}
