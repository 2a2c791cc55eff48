package loadtest;

import java.util.List;
import java.util.stream.Collectors;

/** OpenAI's endpoints that cost nothing: models, moderations, counting. */
final class OpenAiCatalogue {
    private static final Template MODELS =
            Template.of(
                    """
                    {"object":"list","data":[$models]}\
                    """);
    private static final Template MODEL =
            Template.of(
                    """
                    {"id":"$id","object":"model","created":$created,"owned_by":"sim"}\
                    """);
    private static final Template MODERATIONS =
            Template.of(
                    """
                    {"id":"$id","model":$model,"results":[{"flagged":false,"categories":{$flags},
                    "category_scores":{$scores},"category_applied_input_types":{$types}}]}\
                    """);
    private static final Template COUNT =
            Template.of(
                    """
                    {"object":"response.input_tokens","input_tokens":$in}\
                    """);
    private static final List<String> MODEL_NAMES =
            List.of("gpt-6-astra", "gpt-6.1-sol", "gpt-6-luna", "text-embedding-3-small");
    private static final List<String> HARMS =
            List.of(
                    "harassment",
                    "harassment/threatening",
                    "hate",
                    "hate/threatening",
                    "illicit",
                    "illicit/violent",
                    "self-harm",
                    "self-harm/instructions",
                    "self-harm/intent",
                    "sexual",
                    "sexual/minors",
                    "violence",
                    "violence/graphic");

    private OpenAiCatalogue() {}

    static Answer models(Order order) {
        String models =
                MODEL_NAMES.stream()
                        .map(name -> MODEL.fill(name, OpenAiAnswers.CREATED))
                        .collect(Collectors.joining(","));
        return Answer.plain(MODELS.fill(models), order.text(), order.script());
    }

    static Answer moderation(Order order) {
        String json =
                MODERATIONS.fill(
                        order.id("modr-"),
                        order.model(),
                        forEachHarm("false"),
                        forEachHarm("0.01"),
                        forEachHarm("[\"text\"]"));
        return Answer.plain(json, order.text(), order.script());
    }

    static Answer inputTokens(Order order) {
        Tally tally = new Tally(order.script(), order.ask().inputTokens(), 0);
        return Answer.plain(COUNT.fill(tally.of(Figure.INPUT)), order.text(), order.script());
    }

    private static String forEachHarm(String value) {
        return HARMS.stream()
                .map(harm -> '"' + harm + "\":" + value)
                .collect(Collectors.joining(","));
    }
}
