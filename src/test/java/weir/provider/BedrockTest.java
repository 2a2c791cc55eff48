package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.key.Proof;
import weir.key.Secret;
import weir.usage.Usage;

final class BedrockTest {
    private static final String ARN =
            "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.meta.x-v1%3A0";
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=wk_1/20261124/eu-west-3/bedrock/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature=00";

    private final Provider provider = new Bedrock();

    @ParameterizedTest
    @CsvSource({
        "POST, /model/amazon.nova-lite-v1%3A0/converse, converse, METERED",
        "POST, /model/amazon.nova-lite-v1:0/converse-stream, converse-stream, METERED",
        "POST, /model/" + ARN + "/invoke, invoke, METERED",
        "POST, /model/x/invoke-with-response-stream, invoke-with-response-stream, METERED",
        "POST, /model/x/count-tokens, count-tokens, FREE",
        "POST, /model/x/invoke-with-bidirectional-stream, invoke-with-bidirectional-stream, UNPRICED",
        "POST, /model/x/new, other, UNPRICED",
        "GET, /model/x/converse, other, UNPRICED",
        "POST, /model/a/b/converse, other, UNPRICED",
        "POST, /model/converse, other, UNPRICED",
        "POST, /async-invoke, async-invoke, UNPRICED",
        "GET, /async-invoke/" + ARN + ", read, ACCOUNT",
        "POST, /guardrail/g/version/1/apply, guardrail, UNPRICED",
        "POST, /guardrail-checks/invoke, guardrail, UNPRICED",
        "POST, /openai/v1/chat/completions, chat.completions, METERED",
        "POST, /openai/v1/responses, responses, METERED",
        "POST, /anthropic/v1/messages, messages, METERED",
        "POST, /anthropic/v1/messages/batches, messages.batches, UNPRICED",
        "POST, /openaix/v1/chat/completions, other, UNPRICED",
    })
    void endpoints(String method, String path, String name, Endpoint.Cost cost) {
        assertEquals(new Endpoint(name, cost), provider.endpoint(HttpMethod.valueOf(method), path));
    }

    /** Trap 12: the slash of an ARN passes, and no other. */
    @Test
    void onlyArnsHaveSlashesInTheirNames() {
        for (String path : List.of("/model/" + ARN + "/converse", "/async-invoke/" + ARN)) {
            assertTrue(provider.slashesAreInNames(path), path);
        }
        for (String path :
                List.of(
                        "/model/x%2Fconverse/count-tokens",
                        "/model/arn%3Aaws%3Abedrock%3A%3A%3Aprompt%2F../converse",
                        "/model/arn%3Aaws%3Abedrock%3A%3A%3Aprompt%2F%2Fx/converse",
                        "/model/arn%3Aaws%3Abedrock%3A%3A%3Aprompt%2Fx%2Finvoke/count-tokens",
                        "/model/" + ARN + "%2Finvoke/count-tokens",
                        "/openai/v1%2F" + ARN)) {
            assertFalse(provider.slashesAreInNames(path), path);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.nova-lite-v1%3A0, amazon.nova-lite-v1:0, NOVA",
        ARN + ", us.meta.x-v1:0, LLAMA",
        "arn:aws:bedrock:us-east-1::foundation-model%2Fanthropic.c-v1:0, anthropic.c-v1:0, ANTHROPIC",
        "us-gov.anthropic.c, us-gov.anthropic.c, ANTHROPIC",
        "apac.anthropic.c, apac.anthropic.c, ANTHROPIC",
        "global.anthropic.c, global.anthropic.c, ANTHROPIC",
        "mistral.mistral-large, mistral.mistral-large, MISTRAL",
        "amazon.nova-canvas-v1:0, amazon.nova-canvas-v1:0, NOT_TEXT",
        "stability.sd3, stability.sd3, NOT_TEXT",
        "who.knows, who.knows, NOT_TEXT",
    })
    void models(String segment, String id, BedrockModel.Family family) {
        assertEquals(new BedrockModel(id, family), BedrockModel.of(segment));
    }

    @Test
    void anApplicationProfileHidesItsModel() {
        String arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
        BedrockModel model = BedrockModel.of(arn.replace(":", "%3A").replace("/", "%2F"));
        assertEquals(new BedrockModel(arn, BedrockModel.Family.NOT_TEXT), model);
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
        assertEquals("wk_1", provider.presentedKey(headers("Authorization", "Bearer wk_1"), null));
        assertEquals("wk_1", provider.presentedKey(headers("Authorization", SIGNED), null));
        assertEquals("wk_1", provider.presentedKey(headers("x-api-key", "wk_1"), null));
        assertEquals(
                "AKIA",
                provider.presentedKey(
                        headers("Authorization", SIGNED.replace("wk_1", "AKIA")), null));
        assertNull(provider.presentedKey(headers("Authorization", "AWS4-HMAC-SHA256 x"), null));
        assertNull(provider.presentedKey(headers(), null));
    }

    private Outgoing authorised(String authority, Proof proof) {
        MultiMap headers =
                headers(
                        "Authorization", SIGNED,
                        "X-Amz-Date", "20200101T000000Z",
                        "X-Amz-Security-Token", "callers",
                        "X-Amz-Content-Sha256", "callers",
                        "amz-sdk-request", "attempt=1");
        Outgoing outgoing =
                new Outgoing(
                                HttpMethod.POST,
                                authority,
                                "/model/" + ARN + "/converse",
                                headers,
                                List.of(Buffer.buffer("{}")))
                        .at(Instant.parse("2026-11-24T12:00:00Z"));
        provider.authorise(outgoing, proof);
        return outgoing;
    }

    /** Trap 13: the caller's signature is over this sidecar's address. */
    @Test
    void theCallersSignatureGivesWayToOurs() {
        Outgoing signed =
                authorised(
                        "bedrock-runtime.eu-central-1.amazonaws.com",
                        new Proof.AwsKeys("AKID", new Secret("s"), new Secret("session")));
        String authorization = signed.headers().getAll("authorization").getFirst();
        assertTrue(
                authorization.startsWith(
                        "AWS4-HMAC-SHA256 Credential=AKID/20261124/eu-central-1/bedrock/"),
                authorization);
        assertEquals(List.of("20261124T120000Z"), signed.headers().getAll("x-amz-date"));
        assertEquals(List.of("session"), signed.headers().getAll("x-amz-security-token"));
        assertFalse(signed.headers().contains("x-amz-content-sha256"));
        assertEquals("attempt=1", signed.headers().get("amz-sdk-request"));
        assertEquals("/model/" + ARN + "/converse", signed.target());
    }

    @Test
    void aBearerKeyTakesItsPlaceToo() {
        Outgoing sent = authorised("127.0.0.1:1", new Proof.Token(new Secret("ABSK")));
        assertEquals(List.of("Bearer ABSK"), sent.headers().getAll("authorization"));
        assertFalse(sent.headers().contains("x-amz-date"));
        assertFalse(sent.headers().contains("x-amz-security-token"));
    }

    @ParameterizedTest
    @CsvSource({
        "bedrock-runtime.us-west-2.amazonaws.com, us-west-2",
        "bedrock-runtime-fips.us-gov-west-1.amazonaws.com, us-gov-west-1",
        "bedrock-mantle.eu-north-1.api.aws, eu-north-1",
        "vpce-1-2.bedrock-runtime.ap-south-1.vpce.amazonaws.com, ap-south-1",
        "127.0.0.1:4000, eu-west-3",
        "bedrock.internal, eu-west-3",
    })
    void regions(String authority, String region) {
        Outgoing signed = authorised(authority, new Proof.AwsKeys("AKID", new Secret("s"), null));
        String authorization = signed.headers().getAll("authorization").getFirst();
        assertTrue(authorization.contains("/" + region + "/bedrock/"), authorization);
    }

    @Test
    void headersTellWhatABodyDoesNot() {
        Peek peek =
                (Peek)
                        provider.peek(
                                provider.endpoint(
                                        HttpMethod.POST, "/model/cohere.embed-v4%3A0/invoke"),
                                "/model/cohere.command-r-v1%3A0/invoke",
                                Buffer.buffer("{\"message\":\"x\"}"));
        MultiMap counted =
                headers(
                        "X-Amzn-Bedrock-Input-Token-Count", "7",
                        "X-Amzn-Bedrock-Output-Token-Count", "16",
                        "X-Amzn-Bedrock-Service-Tier", "priority");
        UsageReader reader =
                provider.usageReader(
                        new Endpoint("invoke", Endpoint.Cost.METERED),
                        peek,
                        new Answer(AnswerShape.BODY, "application/json", counted));
        reader.read(Buffer.buffer("{\"text\":\"It\"}"));
        reader.end();
        assertTrue(reader.report().complete());
        assertEquals(Usage.ofTokens(7, 16), reader.report().lines().getFirst().usage());
        assertEquals(List.of("priority"), reader.report().lines().getFirst().terms());
    }
}
