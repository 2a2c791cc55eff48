package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What Bedrock's responses say they used.
 *
 * <h2>Where it stands</h2>
 *
 * <ul>
 *   <li>Converse: {@code usage} in the body, or in the {@code metadata} event, which is the last.
 *       Cache reads and writes are beside {@code inputTokens}. Shapes: botocore 1.44.5, {@code
 *       bedrock-runtime/2023-09-30/service-2.json}.
 *   <li>Invoke: in the model's own words, and in two headers that know nothing of caches; so the
 *       body goes first.
 *   <li>Invoke with a stream: {@code amazon-bedrock-invocationMetrics} in the last chunk. Claude's
 *       own events say earlier what the input was, and for how long it is cached.
 * </ul>
 *
 * <p>Names of the models' own bodies: the model parameter pages of the Bedrock user guide. No
 * answer names its model as Bedrock prices it (Claude's says {@code claude-…}), so it is the
 * request's.
 */
final class BedrockUsage implements Findings {
    static final Fields<BedrockUsage> FIELDS = fields();

    private static final Set<String> STANDARD = Set.of("", "default", "standard");

    /** Terms that an answer tells of, and then takes the place of the request's. */
    private static final Set<String> TIERS = Set.of("priority", "flex", "reserved");

    private final Peek peek;
    private final boolean events;
    private long input = -1;
    private long output = -1;
    private long read;
    private long written;
    private long writtenForAnHour;
    private long readWithinInput;
    private final List<Written> details = new ArrayList<>();
    private boolean last;
    private boolean complete;
    private @Nullable String tier;

    /** Cache writes of one life. */
    private static final class Written {
        String life = "";
        long tokens;
    }

    BedrockUsage(Peek peek, Answer answer) {
        this.peek = peek;
        this.events = answer.shape() != AnswerShape.BODY;
        this.tier = answer.headers().get("x-amzn-bedrock-service-tier");
        if (!events) {
            input = number(answer.headers().get("x-amzn-bedrock-input-token-count"));
            output = number(answer.headers().get("x-amzn-bedrock-output-token-count"));
            complete = input >= 0 && output >= 0;
        }
    }

    private static long number(@Nullable String header) {
        return header != null && header.matches("\\d{1,12}") ? Long.parseLong(header) : -1;
    }

    private static Fields<BedrockUsage> fields() {
        Fields.Builder<BedrockUsage> fields = new Fields.Builder<>();
        usage(fields, "usage.");
        usage(fields, "message.usage.");
        String metrics = "amazon-bedrock-invocationMetrics";
        return fields.on("usage.inputTokens", BedrockUsage::converse)
                .on("usage.cacheDetails[]", (u, token, parser) -> u.details.add(new Written()))
                .count("usage.cacheDetails[].inputTokens", (u, n) -> u.detail().tokens = n)
                .text("usage.cacheDetails[].ttl", (u, life) -> u.detail().life = life)
                .text("serviceTier.type", (u, type) -> u.tier = type)
                .on(metrics, (u, token, parser) -> u.last = true)
                .count(metrics + ".inputTokenCount", (u, n) -> u.input = n)
                .count(metrics + ".outputTokenCount", (u, n) -> u.output = n)
                .count(metrics + ".cacheReadInputTokenCount", (u, n) -> u.read = n)
                .count(metrics + ".cacheWriteInputTokenCount", (u, n) -> u.written = n)
                .count("inputTextTokenCount", (u, n) -> u.input = n)
                .count("results[].tokenCount", (u, n) -> u.output = Math.max(0, u.output) + n)
                .count("prompt_token_count", (u, n) -> u.input = n)
                .count("generation_token_count", (u, n) -> u.output = n)
                .on("embedding", BedrockUsage::embedding)
                .on("embeddingsByType", BedrockUsage::embedding)
                .build();
    }

    private static void usage(Fields.Builder<BedrockUsage> fields, String at) {
        String classes = at + "cache_creation.ephemeral_";
        fields.count(at + "input_tokens", (u, n) -> u.input = n)
                .count(at + "prompt_tokens", (u, n) -> u.input = n)
                .count(at + "output_tokens", (u, n) -> u.output = n)
                .count(at + "outputTokens", (u, n) -> u.output = n)
                .count(at + "completion_tokens", (u, n) -> u.output = n)
                .count(at + "cache_read_input_tokens", (u, n) -> u.read = n)
                .count(at + "cacheReadInputTokens", (u, n) -> u.read = n)
                .count(at + "cacheReadInputTokenCount", (u, n) -> u.read = n)
                .count(at + "cache_creation_input_tokens", (u, n) -> u.written = n)
                .count(at + "cacheWriteInputTokens", (u, n) -> u.written = n)
                .count(at + "cacheWriteInputTokenCount", (u, n) -> u.written = n)
                .count(classes + "1h_input_tokens", (u, n) -> u.writtenForAnHour = n)
                .count(at + "prompt_tokens_details.cached_tokens", (u, n) -> u.readWithinInput = n);
    }

    /** Converse's own words stand only in its last event, and in Nova's body. */
    private static void converse(BedrockUsage usage, JsonToken token, JsonParser parser)
            throws IOException {
        long count = Json.count(token, parser);
        if (count >= 0) {
            usage.input = count;
            usage.last = true;
        }
    }

    private static void embedding(BedrockUsage usage, JsonToken token, JsonParser parser) {
        usage.output = Math.max(0, usage.output);
    }

    private Written detail() {
        return details.getLast();
    }

    @Override
    public void begin() {
        last = false;
    }

    @Override
    public void end() {
        complete |= input >= 0 && output >= 0 && (last || !events);
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (input < 0) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        long anHour = Math.min(written, writtenForAnHour + detailedForAnHour());
        long cached = Math.min(input, readWithinInput);
        Usage.Tally tally =
                new Usage.Tally()
                        .set(Kind.INPUT, input - cached)
                        .set(Kind.CACHED_INPUT, read + cached)
                        .set(Kind.CACHE_WRITE_1H, anHour)
                        .set(Kind.CACHE_WRITE_5M, written - anHour)
                        .set(Kind.OUTPUT, output);
        UsageLine line = new UsageLine(peek.model(), tally.toUsage(), terms());
        return new UsageReport(List.of(line), complete, outputBytes);
    }

    /** What is not said to live for five minutes is taken for the dearer. */
    private long detailedForAnHour() {
        return details.stream().filter(d -> !d.life.equals("5m")).mapToLong(d -> d.tokens).sum();
    }

    /** What the response says, and for what it leaves out, what the request asked for. */
    private List<String> terms() {
        List<String> terms = new ArrayList<>(peek.terms());
        if (tier != null) {
            terms.removeIf(TIERS::contains);
            if (!STANDARD.contains(tier)) {
                terms.add(tier);
            }
        }
        return terms;
    }
}
