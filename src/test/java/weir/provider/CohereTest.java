package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.usage.Kind;
import weir.usage.Usage;

/** Endpoints, credentials and requests of Cohere. Quotes are written as {@code '}. */
final class CohereTest {
    private final Provider provider = new Cohere();

    @ParameterizedTest
    @CsvSource({
        "POST, /v2/chat, chat, METERED",
        "POST, /v1/chat, chat.v1, METERED",
        "POST, /v2/embed, embed, METERED",
        "POST, /v1/embed, embed, METERED",
        "POST, /v2/rerank, rerank, METERED",
        "POST, /v1/tokenize, tokenize, FREE",
        "POST, /v1/check-api-key, check-api-key, ACCOUNT",
        "POST, /v1/embed-jobs/j-1/cancel, cancel, ACCOUNT",
        "POST, /v2/parse, parse, UNPRICED",
        "POST, /v1/generate, other, UNPRICED",
        "POST, /v1/classify, other, UNPRICED",
        "POST, /chat, other, UNPRICED",
        "POST, /v2/chat/, other, UNPRICED",
        "POST, /compatibility/v1/chat/completions, chat.completions, METERED",
        "POST, /compatibility/v1/embeddings, embeddings, METERED",
        "GET, /v1/models, models, FREE",
        "GET, /v1/models/command-a, models, FREE",
        "GET, /v1/embed-jobs/j-1, read, ACCOUNT",
        "GET, /v2/batches, read, ACCOUNT",
        "DELETE, /v1/datasets/d-1, delete, ACCOUNT",
        "GET, /v1/../x, other, UNPRICED",
    })
    void endpoints(String method, String path, String name, Endpoint.Cost cost) {
        assertEquals(new Endpoint(name, cost), provider.endpoint(HttpMethod.valueOf(method), path));
    }

    @Test
    void theCredentialIsABearerToken() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("authorization", "Bearer wk_1");
        assertEquals("wk_1", provider.presentedKey(headers, null));
        Outgoings.authorise(provider, headers, "co-up");
        assertEquals(List.of("Bearer co-up"), headers.getAll("Authorization"));
    }

    private Peek peek(String endpoint, String body) {
        PeekResult seen =
                provider.peek(
                        new Endpoint(endpoint, Endpoint.Cost.METERED),
                        "/v2/x",
                        Buffer.buffer(body.replace('\'', '"')));
        return assertInstanceOf(Peek.class, seen);
    }

    @Test
    void chats() {
        Peek plain = peek("chat", "{'model':'command-a','stream':true,'max_tokens':9}");
        assertEquals("command-a", plain.model());
        assertTrue(plain.stream());
        assertEquals(OptionalLong.of(9), plain.outputCap());
        assertFalse(plain.unseenInput() || plain.serverTools() || plain.visibleOutput());
        assertTrue(
                peek("chat.v1", "{'model':'command-r','connectors':[{'id':'web-search'}]}")
                        .serverTools());
        assertTrue(peek("chat.v1", "{'model':'command-r','conversation_id':'c'}").unseenInput());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"{'type':'image_url','image_url':{'url':'data:image/png;base64,aGk='}}\", 1, false",
                "\"{'type':'image_url','image_url':'data:image/png;base64,aGk='}\", 1, false",
                "\"{'type':'image_url','image_url':{'url':'https://x/y.png'}}\", 0, true",
                "\"{'type':'text','text':'x'}\", 0, false",
            })
    void images(String part, long images, boolean unseen) {
        for (Peek peek :
                List.of(
                        peek("chat", "{'model':'c','messages':[{'content':[" + part + "]}]}"),
                        peek("embed", "{'model':'c','inputs':[{'content':[" + part + "]}]}"))) {
            assertEquals(unseen, peek.unseenInput());
            assertEquals(images, peek.extraInputTokens() / CohereRequest.IMAGE_TOKENS);
        }
    }

    /** Trap 20: what some models bill by the piece, others bill by tokens. */
    @Test
    void embeddedImagesAreBilledInTwoWays() {
        String body = "{'model':'MODEL','images':['data:image/png;base64,aGk=','x']}";
        Peek pieces = peek("embed", body.replace("MODEL", "embed-english-v3.0"));
        assertEquals(Usage.of(Kind.INPUT_IMAGES, 2), pieces.media());
        Peek tokens = peek("embed", body.replace("MODEL", "embed-v4.0"));
        assertEquals(Usage.NONE, tokens.media());
        assertEquals(2 * CohereRequest.IMAGE_TOKENS, tokens.extraInputTokens());
    }

    @Test
    void rerankingIsBoundedByItsDocuments() {
        String body = "{'model':'MODEL','query':'weir','documents':[DOCS]}";
        String hundred = "'d'" + ",'d'".repeat(99);
        String many = body.replace("DOCS", hundred);
        for (String model : List.of("rerank-v3.5", "rerank-english-v3.0", "rerank-v4.0-pro")) {
            Peek few = peek("rerank", body.replace("MODEL", model).replace("DOCS", "'a','b'"));
            assertEquals(Usage.of(Kind.SEARCH_UNITS, 1), few.media());
            assertEquals(
                    Usage.of(Kind.SEARCH_UNITS, 2),
                    peek("rerank", many.replace("MODEL", model)).media());
        }
        Peek tokens = peek("rerank", many.replace("MODEL", "rerank-v5.0-pro"));
        assertEquals(Usage.NONE, tokens.media());
        assertEquals(400, tokens.extraInputTokens());
    }
}
