package loadtest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One number of a usage report, under every name that a vendor gives it. {@code usage.<name>=} in a
 * script dictates it. Whether a figure is part of another or comes on top of it is the vendor's
 * affair: nothing here adds up, except that OpenAI's totals are input and output.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list is one of List.of
public enum Figure {
    INPUT("input", "prompt_tokens", "input_tokens"),
    OUTPUT("output", "completion_tokens", "output_tokens"),
    CACHED("cached", "cached_tokens", "cache_read_input_tokens"),
    /** What OpenAI reports as one number, and Anthropic as its five-minute class. */
    CACHE_WRITE("cache_write", "cache_write_tokens", "ephemeral_5m_input_tokens"),
    CACHE_WRITE_1H("cache_write_1h", "ephemeral_1h_input_tokens", "ttl_12h_tokens"),
    REASONING("reasoning", "reasoning_tokens", "thinking_tokens"),
    AUDIO_INPUT("audio_input"),
    AUDIO_OUTPUT("audio_output"),
    REJECTED_PREDICTION("rejected_prediction", "rejected_prediction_tokens"),
    WEB_SEARCHES("web_searches", "web_search_requests", "num_requests"),
    WEB_FETCHES("web_fetches", "web_fetch_requests");

    private final List<String> names;

    Figure(String... names) {
        this.names = List.of(names);
    }

    static Optional<Figure> named(String name) {
        return Arrays.stream(values()).filter(f -> f.names.contains(name)).findFirst();
    }
}
