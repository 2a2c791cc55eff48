package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.provider.BedrockModel.Family;

/**
 * What Bedrock's requests say. The model and whether the answer is a stream stand in the path.
 *
 * <h2>Output caps</h2>
 *
 * <p>Converse has one name for all models. Invoke takes the model's own body, so a name counts only
 * where this family is known to obey it: a Llama would not, if it were told {@code max_tokens}. The
 * bodies of other families are not looked into for one; what the model can make at most bounds
 * them. {@code additionalModelRequestFields} of Converse go to the model as they are, so a cap in
 * them counts beside Converse's own, and the larger of both is the bound.
 *
 * <h2>Input beyond the body's bytes</h2>
 *
 * <p>As in {@link AnthropicRequest}, whose models take most from a request. Documents but plain
 * ones, videos and everything in S3 are input that the body does not show.
 *
 * <h2>What else is billed</h2>
 *
 * <p>A guardrail is billed by units of text that no answer reports, so it counts as another model
 * that may work inside the request: it has a price only where the configuration gives it one.
 * Shapes: botocore 1.44.5, {@code bedrock-runtime/2023-09-30/service-2.json}.
 */
final class BedrockRequest {
    /** Stands for guardrails among the models. */
    static final String GUARDRAIL = "guardrail";

    private static final String CONVERSE_CAP = "inferenceConfig.maxTokens";

    private static final Set<String> PLAIN_DOCUMENTS = Set.of("txt", "md", "csv", "html");

    private static final String[] MODELS_OWN = {
        "max_tokens", "max_new_tokens", "max_gen_len", "maxTokens", "max_completion_tokens"
    };

    private static final Fields<Request> CONVERSE = converse().build();

    private static final Fields<Request> NOVA =
            converse()
                    .on(
                            "inferenceConfig.max_new_tokens",
                            RequestFields.cap("inferenceConfig.max_new_tokens", 1))
                    .build();

    /** Names of output caps, by family. */
    private static final Map<Family, String> CAPS =
            Map.of(
                    Family.ANTHROPIC, "max_tokens",
                    Family.NOVA, CONVERSE_CAP,
                    Family.TITAN, "textGenerationConfig.maxTokenCount",
                    Family.LLAMA, "max_gen_len",
                    Family.MISTRAL, "max_tokens");

    private static final Map<Family, Fields<Request>> NATIVE =
            Map.of(
                    Family.ANTHROPIC, AnthropicRequest.MESSAGES,
                    Family.NOVA, NOVA,
                    Family.TITAN, capped(Family.TITAN),
                    Family.LLAMA, capped(Family.LLAMA),
                    Family.MISTRAL, capped(Family.MISTRAL),
                    Family.OTHER_TEXT, plain().build(),
                    Family.NOT_TEXT, plain().build());

    private BedrockRequest() {}

    private static Fields.Builder<Request> converse() {
        Fields.Builder<Request> fields =
                new Fields.Builder<Request>()
                        .on("inferenceConfig", RequestFields.capObject("inferenceConfig"))
                        .on(CONVERSE_CAP, RequestFields.cap(CONVERSE_CAP, 1))
                        .on("messages.**.image", RequestFields.present(r -> r.images++))
                        .on("messages.**.document.format", BedrockRequest::document)
                        .on("messages.**.video", RequestFields.present(r -> r.unseenInput = true))
                        .on("messages.**.audio", RequestFields.present(r -> r.unseenInput = true))
                        .on(
                                "messages.**.s3Location",
                                RequestFields.present(r -> r.unseenInput = true))
                        .closed("messages.**.input")
                        .closed("messages.**.json")
                        .on("promptVariables", RequestFields.present(r -> r.unseenInput = true))
                        .on("toolConfig.tools[]", RequestFields.present(r -> r.hasTools = true))
                        .on(
                                "toolConfig.tools[].systemTool",
                                RequestFields.present(r -> r.serverTools = true))
                        .on("outputConfig", RequestFields.present(r -> r.structured = true))
                        .on("guardrailConfig", RequestFields.present(r -> r.otherModel(GUARDRAIL)))
                        .on("serviceTier.type", term("serviceTier.type"))
                        .on("performanceConfig.latency", term("performanceConfig.latency"));
        String own = "additionalModelRequestFields";
        for (String name : MODELS_OWN) {
            fields.on(own + "." + name, RequestFields.cap(own + "." + name, 0));
        }
        return fields.on(own + ".thinking.budget_tokens", AnthropicRequest::thinkingBudget)
                .on(own + ".tools[]", RequestFields.present(BedrockRequest::modelsOwnTool));
    }

    /** Bodies of text alone, and of images besides. */
    private static Fields.Builder<Request> plain() {
        return new Fields.Builder<Request>()
                .on("images[]", RequestFields.present(r -> r.images++))
                .on("messages.**.image_url", RequestFields.present(r -> r.unseenInput = true))
                .on("n", RequestFields.choices("n"))
                .on("num_generations", RequestFields.candidates("num_generations"))
                .on("tools[]", RequestFields.present(r -> r.hasTools = true));
    }

    private static Fields<Request> capped(Family family) {
        String cap = CAPS.getOrDefault(family, "");
        Fields.Builder<Request> fields = plain().on(cap, RequestFields.cap(cap, 0));
        int dot = cap.indexOf('.');
        if (dot >= 0) {
            String object = cap.substring(0, dot);
            fields.on(object, RequestFields.capObject(object));
        }
        return fields.build();
    }

    static PeekResult converse(BedrockModel model, boolean stream, byte[] body) {
        return Request.peek(CONVERSE, body, CONVERSE_CAP, r -> finish(r, model, stream));
    }

    /**
     * Of the model's own body.
     *
     * @param headers say what Converse says in its body
     */
    static PeekResult invoke(BedrockModel model, boolean stream, MultiMap headers, byte[] body) {
        return Request.peek(
                NATIVE.getOrDefault(model.family(), CONVERSE),
                body,
                CAPS.get(model.family()),
                r -> {
                    finish(r, model, stream);
                    term(r, headers.get("x-amzn-bedrock-service-tier"));
                    term(r, headers.get("x-amzn-bedrock-performanceconfig-latency"));
                    if (headers.contains("x-amzn-bedrock-guardrailidentifier")) {
                        r.otherModel(GUARDRAIL);
                    }
                    r.unmetered |= model.family() == Family.NOT_TEXT;
                });
    }

    private static void finish(Request request, BedrockModel model, boolean stream) {
        request.model = model.id();
        request.stream = stream;
        request.extraInputTokens += AnthropicRequest.template(request);
        // Nobody here ends a stream in the vendor's words, so its output need not be counted.
        request.hiddenOutput = true;
    }

    private static void document(Request request, JsonToken token, JsonParser parser)
            throws IOException {
        String format = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        request.unseenInput |= !PLAIN_DOCUMENTS.contains(format);
    }

    /** Its schema may be one that the vendor keeps. */
    private static void modelsOwnTool(Request request) {
        request.hasTools = true;
        request.extraInputTokens += AnthropicRequest.KNOWN_TOOL_TOKENS;
    }

    private static Fields.Handler<Request> term(String field) {
        return RequestFields.text(field, BedrockRequest::term);
    }

    private static void term(Request request, @Nullable String word) {
        if (word != null && !word.equals("default") && !word.equals("standard")) {
            request.term(word);
        }
    }
}
