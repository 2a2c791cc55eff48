package loadtest;

/**
 * The usage that an answer reports: what the script dictates, else what the request's words and the
 * answer's tokens come to, else nothing of that kind.
 */
final class Tally {
    private final Script script;
    private final long input;
    private final long output;

    Tally(Script script, long inputTokens, long outputTokens) {
        this.script = script;
        this.input = inputTokens;
        this.output = outputTokens;
    }

    long of(Figure figure) {
        long counted =
                switch (figure) {
                    case INPUT -> input;
                    case OUTPUT -> output;
                    default -> 0;
                };
        return script.dictated(figure).orElse(counted);
    }

    /** OpenAI's total: input and output, in which every other figure is contained. */
    long total() {
        return of(Figure.INPUT) + of(Figure.OUTPUT);
    }

    /** Whether the script asks for the usage to be left out. */
    boolean hidden() {
        return script.has(Word.NO_USAGE);
    }
}
