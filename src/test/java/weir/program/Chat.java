package weir.program;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import loadtest.Exchange;

/**
 * A call, and what the simulated provider bills for it, which counts a word as a token.
 *
 * @param number unique in a test; goes on to the provider in the header {@code x-call}
 */
record Chat(int number, Kind kind, Words words, Answer answer) {
    /** Of gpt-4.1, as its vendor lists them: 2 and 8 USD per million. */
    private static final long INPUT_NANO_USD = 2_000;

    private static final long OUTPUT_NANO_USD = 8_000;

    /** How the answer comes. */
    enum Kind {
        PLAIN,
        STREAM
    }

    /** The size of the prompt, at least 1. */
    record Words(int count) {}

    /**
     * The size of the answer.
     *
     * @param tokens that it has if nothing cuts it off
     * @param cap that the caller names; 0 for none
     */
    record Answer(int tokens, int cap) {}

    /** Most are short, some are long; a third names no cap. */
    static Chat random(int number, Random random) {
        int tokens = random.nextInt(10) == 0 ? random.nextInt(20, 500) : random.nextInt(5, 60);
        int cap = random.nextInt(3) == 0 ? 0 : tokens + random.nextInt(200);
        return new Chat(
                number,
                random.nextBoolean() ? Kind.STREAM : Kind.PLAIN,
                new Words(random.nextInt(1, 120)),
                new Answer(tokens, cap));
    }

    /** A short one. */
    static Chat small(int number) {
        return new Chat(
                number,
                number % 2 == 0 ? Kind.STREAM : Kind.PLAIN,
                new Words(8),
                new Answer(20, 40));
    }

    String body() {
        String cap = answer.cap == 0 ? "" : "\"max_tokens\":" + answer.cap + ",";
        String stream = kind == Kind.STREAM ? "\"stream\":true," : "";
        String prompt = "weir ".repeat(words.count).strip();
        return """
        {"model":"gpt-4.1",%s%s"messages":[{"role":"user","content":"%s"}]}\
        """
                .formatted(stream, cap, prompt);
    }

    HttpRequest to(URI sidecar) {
        String pace = kind == Kind.STREAM ? ",chunk-delay=1ms" : "";
        return HttpRequest.newBuilder(sidecar)
                .header("content-type", "application/json")
                .header("x-call", Integer.toString(number))
                .header("x-sim", "tokens=" + answer.tokens + pace)
                .POST(HttpRequest.BodyPublishers.ofString(body()))
                .build();
    }

    /** What it costs if nothing cuts it off. */
    long costNanoUsd() {
        return costNanoUsd(answer.tokens);
    }

    private long costNanoUsd(long outputTokens) {
        return words.count * INPUT_NANO_USD + outputTokens * OUTPUT_NANO_USD;
    }

    /** Which call the provider got there. */
    static int number(Exchange exchange) {
        return Integer.parseInt(String.valueOf(exchange.header("x-call")));
    }

    /**
     * What the provider made of it: the whole of a plain answer; of a stream, which is one event in
     * front, one for each token, and others behind, what it wrote.
     */
    long billNanoUsd(Exchange exchange) {
        String sent = new String(exchange.body(), StandardCharsets.UTF_8);
        long capped = Math.min(answer.tokens, cap(sent));
        return costNanoUsd(
                kind == Kind.PLAIN ? capped : Math.clamp(exchange.writes() - 1, 0, capped));
    }

    /** As it reached the provider: Weir may have lowered it, or added one. */
    private static long cap(String body) {
        long least = Long.MAX_VALUE;
        for (String name : new String[] {"max_tokens", "max_completion_tokens"}) {
            least = Math.min(least, Fleet.json(body).path(name).asLong(Long.MAX_VALUE));
        }
        return least;
    }
}
