package weir.provider;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All vendors that Weir knows. */
public final class Providers {
    /** By the word for {@code type} in weir.yaml. */
    public static final Map<String, Provider> ALL =
            Stream.of(
                            new OpenAi(),
                            new Anthropic(),
                            new Bedrock(),
                            new TwoFaced(Azure.FLAVOUR),
                            new TwoFaced(DeepSeek.FLAVOUR),
                            new OpenAi(Groq.FLAVOUR),
                            new OpenAi(Mistral.FLAVOUR),
                            new OpenAi(Together.FLAVOUR),
                            new OpenAi(Xai.FLAVOUR),
                            new Gemini(),
                            new Vertex(),
                            new Cohere(),
                            new Replicate())
                    .collect(Collectors.toUnmodifiableMap(Provider::name, Function.identity()));

    /** Whose dialect is spoken where the caller's cannot be told: the best known one. */
    public static final Provider DEFAULT = new OpenAi();

    private Providers() {}
}
