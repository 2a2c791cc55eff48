package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BedrockRequestTest {
    private static final String CLAUDE = "us.anthropic.claude-haiku-5-5-v1%3A0";

    private final Provider provider = new Bedrock();

    private PeekResult look(String model, String operation, String json, String... headers) {
        String path = "/model/" + model + "/" + operation;
        MultiMap sent = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            sent.add(headers[i], headers[i + 1]);
        }
        Endpoint endpoint = provider.endpoint(HttpMethod.POST, path);
        return provider.peek(endpoint, path, sent, Buffer.buffer(json.replace('\'', '"')));
    }

    private Peek peek(String model, String operation, String json, String... headers) {
        return assertInstanceOf(Peek.class, look(model, operation, json, headers));
    }

    private static String lowered(Peek peek, String json) {
        StringBuilder body = new StringBuilder(json.replace('\'', '"'));
        for (Peek.BodyEdit edit : peek.edits(OptionalLong.of(100)).reversed()) {
            body.replace(edit.from(), edit.to(), edit.text());
        }
        return body.toString().replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "amazon.nova-lite|converse|{'inferenceConfig':{'maxTokens':500}}"
                        + "|{'inferenceConfig':{'maxTokens':100}}",
                "amazon.nova-lite|converse|{'inferenceConfig': {'topP':1}}"
                        + "|{'inferenceConfig': {'maxTokens':100,'topP':1}}",
                "amazon.nova-lite|converse|{'inferenceConfig':{ }}"
                        + "|{'inferenceConfig':{'maxTokens':100 }}",
                "amazon.nova-lite|converse|{'inferenceConfig':{'maxTokens':null}}"
                        + "|{'inferenceConfig':{'maxTokens':100}}",
                "amazon.nova-lite|converse| {'messages':[]}"
                        + "|{'inferenceConfig':{'maxTokens':100},'messages':[]}",
                "amazon.nova-lite|converse|{}|{'inferenceConfig':{'maxTokens':100}}",
                "amazon.nova-lite|invoke|{'inferenceConfig':{'max_new_tokens':500}}"
                        + "|{'inferenceConfig':{'max_new_tokens':100}}",
                "anthropic.c|invoke|{'max_tokens':500}|{'max_tokens':100}",
                "meta.l|invoke|{'prompt':''}|{'max_gen_len':100,'prompt':''}",
                "amazon.titan-text-x|invoke|{'textGenerationConfig':{'maxTokenCount':500}}"
                        + "|{'textGenerationConfig':{'maxTokenCount':100}}",
                "mistral.m|invoke|{'max_tokens':500}|{'max_tokens':100}",
            })
    void becomesAHundred(String model, String operation, String json, String expected) {
        String lowered = lowered(peek(model, operation, json), json);
        assertEquals(expected, lowered);
        Peek again = peek(model, operation, lowered);
        assertEquals(OptionalLong.of(100), again.outputCap());
        assertEquals(List.of(), again.edits(OptionalLong.of(100)));
    }

    /** What this model does not obey bounds nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "meta.l|invoke|{'max_tokens':1}",
                "amazon.nova-lite|converse|{'max_tokens':1,'inferenceConfig':{'max_new_tokens':1}}",
                "openai.gpt-oss-20b|invoke|{'max_tokens':1}",
                "cohere.command-r|invoke|{'max_tokens':1}",
            })
    void aCapOfAnotherFamilyIsNone(String model, String operation, String json) {
        assertEquals(OptionalLong.empty(), peek(model, operation, json).outputCap());
    }

    @Test
    void theModelsOwnFieldsMayRaiseTheCap() {
        Peek peek =
                peek(
                        CLAUDE,
                        "converse",
                        "{'inferenceConfig':{'maxTokens':10},"
                                + "'additionalModelRequestFields':{'max_tokens':9000}}");
        assertEquals(OptionalLong.of(9_000), peek.outputCap());
    }

    @Test
    void modelAndStreamStandInThePath() {
        Peek plain = peek(CLAUDE, "invoke", "{'model':'other','stream':true,'max_tokens':1}");
        assertEquals("us.anthropic.claude-haiku-5-5-v1:0", plain.model());
        assertFalse(plain.stream());
        assertTrue(peek(CLAUDE, "converse-stream", "{}").stream());
        assertTrue(peek(CLAUDE, "invoke-with-response-stream", "{}").stream());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'document':{'format':'pdf','source':{'bytes':'AA=='}}}|true",
                "{'document':{'format':'txt','source':{'bytes':'AA=='}}}|false",
                "{'image':{'source':{'s3Location':{'uri':'s3://b'}}}}|true",
                "{'image':{'source':{'bytes':'AA=='}}}|false",
                "{'video':{'source':{'bytes':'AA=='}}}|true",
                "{'toolResult':{'content':[{'document':{'format':'docx'}}]}}|true",
                "{'toolUse':{'input':{'video':1}}}|false",
                "{'text':'video'}|false",
            })
    void whatTheBodyDoesNotShow(String block, boolean unseen) {
        String json = "{'messages':[{'role':'user','content':[" + block + "]}]}";
        assertEquals(unseen, peek(CLAUDE, "converse", json).unseenInput());
    }

    /** An image costs by its pixels, whatever its bytes are. */
    @Test
    void imagesAndToolsAreMoreThanTheirBytes() {
        long nothing = peek(CLAUDE, "converse", "{}").extraInputTokens();
        String image = "{'messages':[{'content':[{'image':{'source':{'bytes':'AA=='}}}]}]}";
        long more = peek(CLAUDE, "converse", image).extraInputTokens();
        assertEquals(AnthropicRequest.IMAGE_TOKENS, more - nothing);
        String tools = "{'toolConfig':{'tools':[{'toolSpec':{}}]}}";
        Peek withTools = peek(CLAUDE, "converse", tools);
        assertEquals(AnthropicRequest.TOOLS_TOKENS, withTools.extraInputTokens() - nothing);
        assertNull(withTools.lowerCap());
    }

    /** Trap 18: the price is not a function of the model's name. */
    @Test
    void termsAndGuardrailsInBodyAndHeaders() {
        String json =
                "{'serviceTier':{'type':'priority'},'performanceConfig':{'latency':'optimized'},"
                        + "'guardrailConfig':{'guardrailIdentifier':'g'}}";
        Peek converse = peek(CLAUDE, "converse", json);
        Peek invoke =
                peek(
                        CLAUDE,
                        "invoke",
                        "{}",
                        "X-Amzn-Bedrock-Service-Tier",
                        "priority",
                        "X-Amzn-Bedrock-PerformanceConfig-Latency",
                        "optimized",
                        "X-Amzn-Bedrock-GuardrailIdentifier",
                        "g");
        for (Peek peek : List.of(converse, invoke)) {
            assertEquals(List.of("priority", "optimized"), peek.terms());
            assertEquals(List.of(BedrockRequest.GUARDRAIL), peek.otherModels());
        }
        assertEquals(
                List.of(), peek(CLAUDE, "converse", "{'serviceTier':{'type':'default'}}").terms());
    }

    @Test
    void whatIsNotBilledByTokensHasNoMeter() {
        assertTrue(peek("amazon.nova-canvas-v1%3A0", "invoke", "{}").unmetered());
        assertTrue(peek("cohere.rerank-v3-5%3A0", "invoke", "{}").unmetered());
        assertFalse(peek("amazon.titan-embed-text-v2%3A0", "invoke", "{}").unmetered());
    }

    @Test
    void brokenRequestsAreRefused() {
        for (String json :
                List.of(
                        "[]",
                        "",
                        "{'inferenceConfig':1}",
                        "{'inferenceConfig':null}",
                        "{'inferenceConfig':{'maxTokens':'1'}}",
                        "{'inferenceConfig':{'maxTokens':1,'maxTokens':2}}")) {
            assertInstanceOf(PeekResult.Malformed.class, look(CLAUDE, "converse", json), json);
        }
    }
}
