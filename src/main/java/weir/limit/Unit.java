package weir.limit;

/** What a limit counts. */
public enum Unit {
    REQUESTS("requests"),
    INPUT_TOKENS("input-tokens"),
    OUTPUT_TOKENS("output-tokens"),
    /** Input and output tokens together. */
    TOKENS("tokens"),
    /** Requests in flight. */
    CONCURRENT("concurrent"),
    /** Nano-dollars. */
    SPEND("spend");

    private final String word;

    Unit(String word) {
        this.word = word;
    }

    /** The unit's name in weir.yaml, in ledger keys and in answers. */
    public String word() {
        return word;
    }
}
