package weir.provider;

import static java.util.Map.entry;
import static weir.provider.Endpoint.Cost.METERED;
import static weir.provider.Endpoint.Cost.UNPRICED;

import java.util.Map;

/**
 * OpenAI's API as vendors serve it beside their own: chat and embeddings (ai.google.dev, OpenAI
 * compatibility; docs.cohere.com, Compatibility API). Whatever their total has beyond prompt and
 * completion was thought, and is billed as output.
 */
final class Imitation {
    static final OpenAi OPENAI =
            new OpenAi(
                    new Flavour.Builder("imitation", "")
                            .post(
                                    Map.ofEntries(
                                            entry(
                                                    "chat/completions",
                                                    new Endpoint("chat.completions", METERED)),
                                            entry(
                                                    "embeddings",
                                                    new Endpoint("embeddings", METERED)),
                                            entry(
                                                    "images/generations",
                                                    new Endpoint("images.generations", UNPRICED))))
                            .asking(target -> true)
                            .quirks(new Quirks((fields, at) -> fields, Imitation::addThoughts, ""))
                            .build());

    private Imitation() {}

    private static void addThoughts(OpenAiUsage.Shape shape, OpenAiSeen seen, Peek peek) {
        long thought = seen.total - seen.input - seen.output;
        if (shape.isChat() && seen.input >= 0 && seen.output >= 0 && thought > 0) {
            seen.output += thought;
            seen.reasoning = Math.max(seen.reasoning, thought);
        }
    }
}
