package weir.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * What Cohere's answers say they used. Shapes: cohere-python 7.3.1, {@code types/usage.py}, {@code
 * types/api_meta_billed_units.py}, {@code types/chat_message_end_event_delta.py} and {@code
 * types/chat_stream_end_event.py}.
 *
 * <p>Billed are the {@code billed_units}, numbers that come as fractions ({@code 12.0}); {@code
 * tokens} counts the vendor's template too, and stands in where the units are missing. The units
 * are in {@code usage} or in {@code meta}, and in the last event of a stream inside {@code delta}
 * or {@code response}. Only that event has any, so with it a stream is complete.
 */
final class CohereUsage implements Findings {
    static final Fields<CohereUsage> FIELDS = fields();

    private final Peek peek;
    private Seen seen = new Seen();
    private @Nullable Seen last;

    CohereUsage(Peek peek) {
        this.peek = peek;
    }

    /** What one document said; -1 for what it did not say. */
    private static final class Seen {
        long input = -1;
        long output = -1;
        long allInput = -1;
        long allOutput = -1;
        long images;
        long imageTokens = -1;
        long textTokens = -1;
        long searchUnits = -1;

        boolean reported() {
            return Math.max(Math.max(input, allInput), Math.max(searchUnits, images - 1)) >= 0
                    || Math.max(imageTokens, textTokens) >= 0;
        }
    }

    private static Fields<CohereUsage> fields() {
        Fields.Builder<CohereUsage> fields = new Fields.Builder<>();
        for (String at : List.of("usage.", "delta.usage.", "meta.", "response.meta.")) {
            String billed = at + "billed_units.";
            fields.count(billed + "input_tokens", (u, n) -> u.seen.input = n)
                    .count(billed + "output_tokens", (u, n) -> u.seen.output = n)
                    .count(billed + "images", (u, n) -> u.seen.images = n)
                    .count(billed + "image_tokens", (u, n) -> u.seen.imageTokens = n)
                    .count(billed + "text_tokens", (u, n) -> u.seen.textTokens = n)
                    .count(billed + "search_units", (u, n) -> u.seen.searchUnits = n)
                    .count(at + "tokens.input_tokens", (u, n) -> u.seen.allInput = n)
                    .count(at + "tokens.output_tokens", (u, n) -> u.seen.allOutput = n);
        }
        return fields.build();
    }

    @Override
    public void begin() {
        seen = new Seen();
    }

    @Override
    public void end() {
        if (seen.reported()) {
            last = seen;
        }
    }

    @Override
    public UsageReport report(long outputBytes) {
        if (last == null) {
            return new UsageReport(List.of(), false, outputBytes);
        }
        UsageLine line = new UsageLine(peek.model(), usage(last), peek.terms());
        return new UsageReport(List.of(line), true, outputBytes);
    }

    /** Text and image tokens, where both are told, are what the input is made of. */
    private static Usage usage(Seen from) {
        Usage.Tally tally = new Usage.Tally();
        long input = from.input >= 0 ? from.input : from.allInput;
        boolean split = from.textTokens >= 0;
        return tally.set(Kind.INPUT, split ? from.textTokens : input)
                .set(Kind.IMAGE_INPUT, from.imageTokens)
                .set(Kind.INPUT_IMAGES, from.imageTokens > 0 ? 0 : from.images)
                .set(Kind.SEARCH_UNITS, from.searchUnits)
                .set(Kind.OUTPUT, from.output >= 0 ? from.output : from.allOutput)
                .toUsage();
    }
}
