package weir.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What Anthropic's responses say they used. Shapes: anthropic-python 2.12.0, {@code
 * types/usage.py}, {@code types/message_delta_usage.py}, {@code types/beta/beta_usage.py} and
 * {@code beta_*_iteration_usage.py}.
 *
 * <h2>A stream is two reports</h2>
 *
 * <p>{@code message_start} gives the input side, with what later events leave out: the classes of
 * cache writes, the speed, the region. Each {@code message_delta} gives totals so far, of what it
 * mentions. So values replace one another field by field and what is absent stays. What was written
 * to the cache after the start has no class any more and goes to the dearest class that the start
 * had. The stream is complete with a stop reason.
 *
 * <h2>Iterations</h2>
 *
 * <p>The totals leave out compactions, which are added, and the tokens of advisors, which are other
 * models' and get lines of their own. Where a fallback model answered, the totals cannot say whose
 * they are; then every iteration is priced by itself, on its own model, or the requested one where
 * it names none.
 */
final class AnthropicUsage implements Findings {
    static final Fields<AnthropicUsage> FIELDS = fields();

    private final Peek peek;
    private final boolean events;
    private final Tokens total = new Tokens();
    private @Nullable String model;
    private @Nullable String tier;
    private @Nullable String speed;
    private @Nullable String region;
    private long searches;
    private List<Iteration> iterations = new ArrayList<>();
    private boolean stopped;
    private boolean complete;

    AnthropicUsage(Peek peek, boolean events) {
        this.peek = peek;
        this.events = events;
    }

    /** Counts of one model call; -1 for a total that was not reported. */
    private static sealed class Tokens {
        long input = -1;
        long cacheRead;
        long written;
        long written5m;
        long written1h;
        long output = -1;
        long thinking;

        boolean reported() {
            return input >= 0 && output >= 0;
        }

        void addTo(Usage.Tally tally) {
            long rest = Math.max(0, written - written5m - written1h);
            long thought = Math.clamp(thinking, 0, Math.max(0, output));
            tally.add(Kind.INPUT, input)
                    .add(Kind.CACHED_INPUT, cacheRead)
                    .add(Kind.CACHE_WRITE_5M, written5m + (written1h > 0 ? 0 : rest))
                    .add(Kind.CACHE_WRITE_1H, written1h + (written1h > 0 ? rest : 0))
                    .add(Kind.REASONING, thought)
                    .add(Kind.OUTPUT, output - thought);
        }
    }

    private static final class Iteration extends Tokens {
        String type = "";
        @Nullable String model;
    }

    private static Fields<AnthropicUsage> fields() {
        Fields.Builder<AnthropicUsage> fields =
                new Fields.Builder<AnthropicUsage>()
                        .text("delta.stop_reason", (u, reason) -> u.stopped = true);
        message(fields, "", u -> u);
        message(fields, "message.", u -> u);
        return fields.build();
    }

    /**
     * Adds what a message says of its usage.
     *
     * @param at where it stands in the document, with a dot at its end
     */
    static <S> Fields.Builder<S> message(
            Fields.Builder<S> fields, String at, Function<S, AnthropicUsage> of) {
        String usage = at + "usage.";
        fields.text(at + "model", (s, name) -> of.apply(s).model = name)
                .text(usage + "service_tier", (s, word) -> of.apply(s).tier = word)
                .text(usage + "speed", (s, word) -> of.apply(s).speed = word)
                .text(usage + "inference_geo", (s, word) -> of.apply(s).region = word)
                .count(
                        usage + "server_tool_use.web_search_requests",
                        (s, n) -> of.apply(s).searches = n)
                .on(
                        usage + "iterations",
                        (s, token, parser) -> {
                            if (token.isStructStart()) {
                                of.apply(s).iterations = new ArrayList<>();
                            }
                        })
                .on(
                        usage + "iterations[]",
                        (s, token, parser) -> of.apply(s).iterations.add(new Iteration()))
                .text(usage + "iterations[].type", (s, type) -> of.apply(s).iteration().type = type)
                .text(
                        usage + "iterations[].model",
                        (s, name) -> of.apply(s).iteration().model = name);
        tokens(fields, usage, s -> of.apply(s).total);
        tokens(fields, usage + "iterations[].", s -> of.apply(s).iteration());
        return fields;
    }

    private static <S> void tokens(Fields.Builder<S> fields, String at, Function<S, Tokens> of) {
        String classes = at + "cache_creation.ephemeral_";
        fields.count(at + "input_tokens", (s, n) -> of.apply(s).input = n)
                .count(at + "cache_read_input_tokens", (s, n) -> of.apply(s).cacheRead = n)
                .count(at + "cache_creation_input_tokens", (s, n) -> of.apply(s).written = n)
                .count(classes + "5m_input_tokens", (s, n) -> of.apply(s).written5m = n)
                .count(classes + "1h_input_tokens", (s, n) -> of.apply(s).written1h = n)
                .count(at + "output_tokens", (s, n) -> of.apply(s).output = n)
                .count(
                        at + "output_tokens_details.thinking_tokens",
                        (s, n) -> of.apply(s).thinking = n);
    }

    private Iteration iteration() {
        return iterations.getLast();
    }

    @Override
    public void begin() {
        stopped = false;
    }

    @Override
    public void end() {
        complete |= total.reported() && (stopped || !events);
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (total.input < 0) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        Map<String, Usage.Tally> byModel = new LinkedHashMap<>();
        String answering = model == null ? peek.model() : model;
        boolean fellBack = iterations.stream().anyMatch(i -> i.type.equals("fallback_message"));
        Usage.Tally first = byModel.computeIfAbsent(answering, name -> new Usage.Tally());
        first.add(Kind.WEB_SEARCH, searches);
        if (!fellBack) {
            total.addTo(first);
        }
        for (Iteration each : iterations) {
            if (fellBack || !each.type.equals("message")) {
                String whose =
                        each.model != null ? each.model : fellBack ? peek.model() : answering;
                each.addTo(byModel.computeIfAbsent(whose, name -> new Usage.Tally()));
            }
        }
        List<String> terms = terms();
        List<UsageLine> lines = new ArrayList<>();
        byModel.forEach((name, tally) -> lines.add(new UsageLine(name, tally.toUsage(), terms)));
        return new UsageReport(lines, complete, outputBytes);
    }

    /** What the response says, and for what it leaves out, what the request asked for. */
    private List<String> terms() {
        List<String> terms = new ArrayList<>();
        if (speed != null) {
            terms.add(speed);
        }
        if (region != null) {
            terms.add(region.toLowerCase(Locale.ROOT));
        }
        if ("batch".equals(tier)) {
            terms.add("batch");
        }
        for (String asked : peek.terms()) {
            boolean answered = asked.equals("fast") ? speed != null : region != null;
            if (!answered) {
                terms.add(asked);
            }
        }
        terms.removeIf(word -> word.equals("standard"));
        return terms;
    }
}
