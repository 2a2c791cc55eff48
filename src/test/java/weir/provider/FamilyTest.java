package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.key.Proof;
import weir.key.Secret;
import weir.usage.Kind;
import weir.usage.UsageReport;

/** The vendors that speak OpenAI's dialect, where they differ; traps are the dossier's. */
final class FamilyTest {
    private static final String JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln";

    private static Provider vendor(String name) {
        Provider provider = Providers.ALL.get(name);
        assertNotNull(provider, name);
        return provider;
    }

    private static Peek peek(String vendor, String method, String target, String json) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Endpoint endpoint = vendor(vendor).endpoint(HttpMethod.valueOf(method), path);
        String body = json.replace('\'', '"');
        PeekResult result = vendor(vendor).peek(endpoint, target, Buffer.buffer(body));
        if (result instanceof Peek peek) {
            return peek;
        }
        throw new AssertionError(result);
    }

    private static Peek chat(String vendor, String target, String more) {
        return peek(
                vendor, "POST", target, "{'model':'m','stream':true,'messages':[]" + more + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "azure, POST, /openai/deployments/d/chat/completions, chat.completions, METERED",
        "azure, POST, /openai/deployments/d-1.x_y/embeddings, embeddings, METERED",
        "azure, POST, /openai/v1/responses, responses, METERED",
        "azure, POST, /openai/responses, responses, METERED",
        "azure, POST, /openai/deployments/d/images/generations, images.generations, UNPRICED",
        "azure, POST, /openai/deployments/d/images/edits, images.edits, UNPRICED",
        "azure, POST, /openai/deployments/d/audio/transcriptions, audio.transcriptions, METERED",
        "azure, POST, /openai/deployments/d/../e/chat/completions, other, UNPRICED",
        "azure, POST, /openai/deployments/d%2Fe/chat/completions, other, UNPRICED",
        "azure, POST, /openai/batches/b_1/cancel, cancel, ACCOUNT",
        "azure, GET, /openai/models, models, FREE",
        "azure, GET, /openai/realtime, realtime, METERED",
        "azure, POST, /anthropic/v1/messages, messages, METERED",
        "deepseek, POST, /chat/completions, chat.completions, METERED",
        "deepseek, POST, /v1/chat/completions, chat.completions, METERED",
        "deepseek, POST, /beta/completions, completions, METERED",
        "deepseek, POST, /v1/tools/search, tools.search, METERED",
        "deepseek, GET, /user/balance, read, ACCOUNT",
        "deepseek, GET, /models, models, FREE",
        "deepseek, POST, /anthropic/v1/messages, messages, METERED",
        "deepseek, POST, /anthropic/v1/messages/batches, messages.batches, UNPRICED",
        "deepseek, POST, /anthropic/v1/chat/completions, other, UNPRICED",
        "groq, POST, /openai/v1/chat/completions, chat.completions, METERED",
        "groq, POST, /openai/v1/audio/speech, audio.speech, METERED",
        "groq, POST, /openai/v1/audio/transcriptions, audio.transcriptions, METERED",
        "groq, GET, /openai/v1/models, models, FREE",
        "groq, POST, /openai/v1/batches/b/cancel, cancel, ACCOUNT",
    })
    void endpoints(String name, String method, String path, String endpoint, Endpoint.Cost cost) {
        assertEquals(
                new Endpoint(endpoint, cost),
                vendor(name).endpoint(HttpMethod.valueOf(method), path));
    }

    @ParameterizedTest
    @CsvSource({
        "mistral, POST, /v1/fim/completions, fim.completions, METERED",
        "mistral, POST, /v1/agents/completions, agents.completions, METERED",
        "mistral, POST, /v1/agents, other, UNPRICED",
        "mistral, POST, /v1/conversations, conversations, METERED",
        "mistral, POST, /v1/conversations/c, other, UNPRICED",
        "mistral, POST, /v1/conversations/c/restart, other, UNPRICED",
        "mistral, POST, /v1/connectors/c/tools/t/call, other, UNPRICED",
        "mistral, POST, /v1/ocr, ocr, METERED",
        "mistral, POST, /v1/chat/moderations, moderations, METERED",
        "mistral, POST, /v1/batch/jobs/j/cancel, cancel, ACCOUNT",
        "mistral, GET, /v1/audio/transcriptions/realtime, other, UNPRICED",
        "together, POST, /v1/rerank, rerank, METERED",
        "together, POST, /v1/images/generations, images.generations, UNPRICED",
        "together, POST, /v2/videos, other, UNPRICED",
        "together, POST, /tci/execute, other, UNPRICED",
        "xai, POST, /v1/chat/completions, chat.completions, METERED",
        "xai, POST, /v1/images/generations, images.generations, METERED",
        "xai, GET, /v1/chat/deferred-completion/d, read, ACCOUNT",
        "xai, POST, /xai_api.Chat/GetCompletion, other, UNPRICED",
    })
    void moreEndpoints(
            String name, String method, String path, String endpoint, Endpoint.Cost cost) {
        endpoints(name, method, path, endpoint, cost);
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek, /chat/completions, true",
        "xai, /v1/chat/completions, true",
        "groq, /openai/v1/chat/completions, false",
        "mistral, /v1/chat/completions, false",
        "together, /v1/chat/completions, false",
        "azure, /openai/v1/chat/completions, true",
        "azure, /openai/v1/chat/completions?api-version=preview, true",
        "azure, /openai/deployments/d/chat/completions?api-version=2024-10-21, true",
        "azure, /openai/deployments/d/chat/completions?api-version=2025-04-01-preview, true",
        "azure, /openai/deployments/d/chat/completions?api-version=2024-02-01, false",
    })
    void trap4UsageIsAskedForWhereItMustBe(String name, String target, boolean asked) {
        assertEquals(asked, chat(name, target, "").usageEdit() != null);
    }

    /** The guard is in the recordings of xai. */
    @Test
    void trap10TheWholeBillIsTheTruth() {
        Peek peek = chat("xai", "/v1/chat/completions", "");
        Endpoint chat = new Endpoint("chat.completions", Endpoint.Cost.METERED);
        assertEquals(OptionalLong.of(2_184_001), bill(chat, peek, "21840005").billedNanoUsd());
        assertEquals(
                OptionalLong.of(200_000_000_000L),
                bill(chat, peek, "2000000000000").billedNanoUsd());
        for (String none : List.of("null", "-1", "\"5\"", "1e3", "99999999999999999999")) {
            assertEquals(OptionalLong.empty(), bill(chat, peek, none).billedNanoUsd(), none);
        }
    }

    private static UsageReport bill(Endpoint endpoint, Peek peek, String ticks) {
        String json =
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                        + "\"cost_in_usd_ticks\":"
                        + ticks
                        + "}}";
        Answer answer =
                new Answer(
                        AnswerShape.BODY, "application/json", MultiMap.caseInsensitiveMultiMap());
        UsageReader reader = vendor("xai").usageReader(endpoint, peek, answer);
        reader.read(Buffer.buffer(json));
        reader.end();
        return reader.report();
    }

    @Test
    void trap11WhatIsAnsweredLaterHasNoPriceHere() {
        assertTrue(chat("xai", "/v1/chat/completions", ",'deferred':true").unmetered());
        assertFalse(chat("xai", "/v1/chat/completions", ",'deferred':false").unmetered());
        for (String name : List.of("azure", "groq", "mistral", "xai", "deepseek")) {
            String target = name.matches("azure|groq") ? "/openai/v1/responses" : "/v1/responses";
            Peek peek = peek(name, "POST", target, "{'model':'m','background':true}");
            assertTrue(peek.unmetered(), name);
        }
    }

    @Test
    void trap18ADeploymentIsNotItsName() {
        String classic = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
        Peek peek = chat("azure", classic, "");
        assertEquals("gpt-4o", peek.model());
        assertFalse(peek.visibleOutput(), "gpt-4o may be the name of a model that reasons");
        Peek v1 = chat("azure", "/openai/v1/chat/completions", "");
        assertEquals("m", v1.model());
        String image =
                ",'x':1,'messages':[{'content':[{'image_url':{'url':'data:image/png;base64,AA'}}]}]";
        String body = "{'model':'m'" + image + "}";
        assertEquals(
                OpenAiRequest.TEMPLATE_TOKENS + OpenAiRequest.IMAGE_TOKENS_4O_MINI,
                peek("azure", "POST", classic, body).extraInputTokens(),
                "any model may see it");
        assertEquals("m-known", v1.named(m -> m + "-known").model());
    }

    @Test
    void trap20WhatTheRequestAloneTells() {
        Peek speech =
                peek("openai", "POST", "/v1/audio/speech", "{'model':'tts-1','input':'weir'}");
        assertEquals(4, speech.media().amount(Kind.CHARACTERS));
        Peek images =
                peek("xai", "POST", "/v1/images/generations", "{'model':'m','prompt':'a','n':3}");
        assertEquals(3, images.media().amount(Kind.IMAGES));
        Peek one = peek("xai", "POST", "/v1/images/generations", "{'model':'m','prompt':'a'}");
        assertEquals(1, one.media().amount(Kind.IMAGES));
        Peek drawn =
                peek("openai", "POST", "/v1/images/generations", "{'model':'m','prompt':'','n':4}");
        assertEquals(4, drawn.choices());
        assertNull(drawn.lowerCap());
        Peek document = peek("mistral", "POST", "/v1/ocr", "{'model':'m','document':{}}");
        assertEquals(Mistral.MAX_PAGES, document.media().amount(Kind.PAGES));
        Peek chosen = peek("mistral", "POST", "/v1/ocr", "{'model':'m','pages':[1,2,9]}");
        assertEquals(3, chosen.media().amount(Kind.PAGES));
        Peek range = peek("mistral", "POST", "/v1/ocr", "{'model':'m','pages':'1-900'}");
        assertEquals(Mistral.MAX_PAGES, range.media().amount(Kind.PAGES));
        String audio = "{'model':'m','messages':[{'content':[{'input_audio':'x'}]}]}";
        Peek heard = peek("mistral", "POST", "/v1/chat/completions", audio);
        assertEquals(Mistral.MAX_AUDIO_MILLIS, heard.media().amount(Kind.AUDIO_MILLIS));
        Peek query = peek("deepseek", "POST", "/v1/tools/search", "{'query':'weir'}");
        assertEquals("tools.search", query.model());
        assertEquals(1, query.media().amount(Kind.REQUESTS));
    }

    @Test
    void whatAVendorChoosesItselfCannotBePriced() {
        Peek compound =
                peek("groq", "POST", "/openai/v1/chat/completions", "{'model':'groq/compound'}");
        assertEquals(List.of(Peek.ANY), compound.otherModels());
        Peek agent = peek("mistral", "POST", "/v1/agents/completions", "{'agent_id':'ag_1'}");
        assertEquals("ag_1", agent.model());
        assertTrue(agent.unseenInput() && agent.serverTools());
        Peek conversation = peek("mistral", "POST", "/v1/conversations", "{'agent_id':'ag_1'}");
        assertTrue(conversation.unseenInput() && conversation.serverTools());
        Peek guarded = chat("together", "/v1/chat/completions", ",'safety_model':'Llama-Guard'");
        assertEquals(List.of("Llama-Guard"), guarded.otherModels());
        assertTrue(chat("xai", "/v1/chat/completions", ",'search_parameters':{}").serverTools());
    }

    private static MultiMap authorised(
            String vendor, String target, @Nullable String secret, String... sent) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < sent.length; i += 2) {
            headers.add(sent[i], sent[i + 1]);
        }
        vendor(vendor)
                .authorise(
                        new Outgoing(HttpMethod.POST, "api.example", target, headers, List.of()),
                        secret == null ? null : new Proof.Token(new Secret(secret)));
        return headers;
    }

    @Test
    void azuresKeyAndItsTokenStandInTheirOwnHeaders() {
        String[][] ways = {
            {"api-key", "wk_1"},
            {"Authorization", "Bearer wk_1"},
            {"api-key", "placeholder", "authorization", "Bearer wk_1"},
        };
        for (String[] sent : ways) {
            MultiMap presented = MultiMap.caseInsensitiveMultiMap();
            for (int i = 0; i < sent.length; i += 2) {
                presented.add(sent[i], sent[i + 1]);
            }
            assertEquals("wk_1", vendor("azure").presentedKey(presented, null));
            MultiMap key = authorised("azure", "/openai/v1/responses", "k", sent);
            assertEquals(List.of("k"), key.getAll("api-key"));
            assertFalse(key.contains("authorization"));
            MultiMap token = authorised("azure", "/openai/v1/responses", JWT, sent);
            assertEquals("Bearer " + JWT, token.get("authorization"));
            assertFalse(token.contains("api-key"));
            assertEquals(0, authorised("azure", "/openai/v1/responses", null, sent).size());
        }
    }

    @Test
    void trap8DeepSeeksAnthropicFaceTakesTheOldHeader() {
        for (String header : List.of("authorization", "x-api-key")) {
            String sent = header.equals("authorization") ? "Bearer wk_1" : "wk_1";
            MultiMap face = authorised("deepseek", "/anthropic/v1/messages", "k", header, sent);
            assertEquals("k", face.get("x-api-key"));
            assertEquals(1, face.size());
            MultiMap own = authorised("deepseek", "/chat/completions", "k", header, sent);
            assertEquals("Bearer k", own.get("authorization"));
            assertEquals(1, own.size());
        }
    }

    /** The dossier's B5: the body decides which exception the application sees. */
    @ParameterizedTest
    @CsvSource({
        "azure, /openai/v1/responses, '{\"error\":{\"message\":\"no\",\"type\"'",
        "azure, /anthropic/v1/messages, '{\"type\":\"error\",\"error\"'",
        "deepseek, /anthropic/v1/messages, '{\"type\":\"error\",\"error\"'",
        "deepseek, /chat/completions, '{\"error\":{\"message\":\"no\",\"type\"'",
        "mistral, /v1/ocr, '{\"object\":\"error\",\"message\":\"no\",\"type\"'",
        "xai, /v1/responses, '{\"code\":\"invalid_api_key\",\"error\":\"no\",\"weir\"'",
        "gemini, /v1beta/openai/chat/completions, '{\"error\":{\"message\":\"no\",\"type\"'",
    })
    void errorsAreInTheVendorsOwnShape(String name, String path, String begin) {
        String body =
                vendor(name)
                        .dialect(path)
                        .errorBody(weir.limit.Reason.UNKNOWN_KEY, "no", "r1", List.of())
                        .toString();
        assertTrue(body.startsWith(begin), body);
        assertTrue(body.contains("\"reason\":\"unknown_key\""), body);
    }
}
