package loadtest;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the simulated provider can be asked. */
@SuppressWarnings("ImmutableEnumChecker") // lists of List.of, functions that capture nothing
enum Operation {
    CHAT("/v1/chat/completions", List.of("model", "messages"), OpenAiAnswers::chat),
    COMPLETIONS("/v1/completions", List.of("model", "prompt"), OpenAiAnswers::completion),
    RESPONSES("/v1/responses", List.of("model"), OpenAiResponses::answer),
    INPUT_TOKENS("/v1/responses/input_tokens", List.of(), OpenAiCatalogue::inputTokens),
    EMBEDDINGS("/v1/embeddings", List.of("model", "input"), OpenAiAnswers::embeddings),
    MODERATIONS("/v1/moderations", List.of("input"), OpenAiCatalogue::moderation),
    OPENAI_MODELS("/v1/models", List.of(), OpenAiCatalogue::models),
    MESSAGES("/v1/messages", List.of("model", "max_tokens", "messages"), AnthropicAnswers::message),
    COUNT_TOKENS(
            "/v1/messages/count_tokens",
            List.of("model", "messages"),
            AnthropicAnswers::countTokens),
    ANTHROPIC_MODELS("/v1/models", List.of(), AnthropicAnswers::models);

    private final String path;
    private final List<String> required;
    private final Function<Order, Answer> answer;

    Operation(String path, List<String> required, Function<Order, Answer> answer) {
        this.path = path;
        this.required = required;
        this.answer = answer;
    }

    /** Both vendors list models under one path; only Anthropic's clients send a version. */
    static Optional<Operation> of(HttpServerRequest request) {
        boolean versioned = request.headers().contains("anthropic-version");
        for (Operation operation : values()) {
            boolean list = operation == OPENAI_MODELS || operation == ANTHROPIC_MODELS;
            if (operation.path.equals(request.path())
                    && request.method().equals(list ? HttpMethod.GET : HttpMethod.POST)
                    && (!list || versioned == (operation == ANTHROPIC_MODELS))) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /** The first field that a request lacks; empty where it lacks none. */
    Optional<String> missing(Ask ask) {
        return required.stream().filter(field -> !ask.fields().contains(field)).findFirst();
    }

    Answer answer(Order order) {
        return answer.apply(order);
    }

    /** Whether the body is JSON that has to be read first. */
    boolean hasBody() {
        return this != OPENAI_MODELS && this != ANTHROPIC_MODELS;
    }
}
