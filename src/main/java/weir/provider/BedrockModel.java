package weir.provider;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as a path names it: by an id ({@code amazon.nova-lite-v1:0}), an inference profile
 * ({@code us.amazon.nova-lite-v1:0}) or an ARN of either. Other ARNs (application profiles,
 * provisioned throughput, stored prompts) hide the model, so they stand for themselves: they have a
 * price only where the configuration gives them one.
 *
 * @param id what limits match and prices are looked up by, region prefix included
 * @param family what its native bodies look like
 */
record BedrockModel(String id, Family family) {
    /** Native bodies, by the vendor and kind of model. */
    enum Family {
        ANTHROPIC,
        NOVA,
        TITAN,
        LLAMA,
        MISTRAL,
        /** Billed by tokens; the names in its bodies are not known well enough to rest on them. */
        OTHER_TEXT,
        /** Billed by images, seconds or queries, or by nobody knows what. */
        NOT_TEXT
    }

    /** An ARN with its one slash; colons and that slash are escaped by all SDKs. */
    private static final Pattern ARN =
            Pattern.compile(
                    "arn:aws[a-z-]*:(?:bedrock|sagemaker):[a-z0-9-]*:[0-9]*:"
                            + "(?<kind>[a-z-]+)/(?<id>\\w[\\w.:-]*)");

    private static final Set<String> NAMING = Set.of("foundation-model", "inference-profile");

    /** The longest first part that wins is listed first. */
    private static final List<Map.Entry<String, Family>> FAMILIES =
            List.of(
                    Map.entry("anthropic.", Family.ANTHROPIC),
                    Map.entry("amazon.nova-canvas", Family.NOT_TEXT),
                    Map.entry("amazon.nova-reel", Family.NOT_TEXT),
                    Map.entry("amazon.nova-sonic", Family.NOT_TEXT),
                    Map.entry("amazon.nova-2-sonic", Family.NOT_TEXT),
                    Map.entry("amazon.nova-2-omni", Family.NOT_TEXT),
                    Map.entry("amazon.nova-2-multimodal-embeddings", Family.NOT_TEXT),
                    Map.entry("amazon.nova-", Family.NOVA),
                    Map.entry("amazon.titan-text-", Family.TITAN),
                    Map.entry("amazon.titan-embed-text", Family.OTHER_TEXT),
                    Map.entry("meta.", Family.LLAMA),
                    Map.entry("mistral.voxtral", Family.NOT_TEXT),
                    Map.entry("mistral.", Family.MISTRAL),
                    Map.entry("cohere.command", Family.OTHER_TEXT),
                    Map.entry("ai21.", Family.OTHER_TEXT),
                    Map.entry("deepseek.", Family.OTHER_TEXT),
                    Map.entry("google.gemma", Family.OTHER_TEXT),
                    Map.entry("minimax.", Family.OTHER_TEXT),
                    Map.entry("moonshot.", Family.OTHER_TEXT),
                    Map.entry("moonshotai.", Family.OTHER_TEXT),
                    Map.entry("nvidia.", Family.OTHER_TEXT),
                    Map.entry("openai.", Family.OTHER_TEXT),
                    Map.entry("qwen.", Family.OTHER_TEXT),
                    Map.entry("writer.", Family.OTHER_TEXT),
                    Map.entry("zai.", Family.OTHER_TEXT));

    /** Where requests of a profile may be served: {@code us.}, {@code apac.}, {@code us-gov.}. */
    private static final Pattern REGION = Pattern.compile("^(global|us-gov|apac|[a-z]{2})\\.");

    /**
     * Reads one segment of a path.
     *
     * @param segment as it was sent
     */
    static BedrockModel of(String segment) {
        String name = decoded(segment);
        Matcher arn = ARN.matcher(name);
        String id = arn.matches() && NAMING.contains(arn.group("kind")) ? arn.group("id") : name;
        String bare = REGION.matcher(id).replaceFirst("");
        for (Map.Entry<String, Family> entry : FAMILIES) {
            if (bare.startsWith(entry.getKey())) {
                return new BedrockModel(id, entry.getValue());
            }
        }
        return new BedrockModel(id, Family.NOT_TEXT);
    }

    /**
     * Whether this segment is an ARN, the only name with a slash in it. It has exactly one, between
     * two names that are no dot segments: a server that takes it for a separator finds no operation
     * there.
     */
    static boolean isArn(String segment) {
        return ARN.matcher(decoded(segment)).matches();
    }

    /** Percent escapes only: in a path a plus is a plus. */
    private static String decoded(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
