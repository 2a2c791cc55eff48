package bench;

import java.nio.charset.StandardCharsets;

/**
 * What one call looks like.
 *
 * @param mark what the provider is asked for
 * @param bodyBytes how large the request's body is, at least 256
 */
public record Shape(Mark mark, int bodyBytes) {
    /** A call of 1 KB, body included, as applications send them. */
    static final Shape PLAIN = new Shape(Mark.PLAIN, 1_024);

    private static final String FILL = "a weir regulates the flow ";

    static Shape stream(int chunks, int gapMillis) {
        return new Shape(Mark.stream(chunks, gapMillis), 1_024);
    }

    /** The request, head and body. */
    byte[] request(Target target) {
        String begin =
                "{\"model\":\"gpt-6-luna\",\"max_tokens\":60,"
                        + (mark.isStream() ? "\"stream\":true," : "")
                        + "\"messages\":[{\"role\":\"user\",\"content\":\""
                        + mark.text();
        String end = "\"}]}";
        int room = bodyBytes - begin.length() - end.length();
        String body = begin + FILL.repeat(room / FILL.length() + 1).substring(0, room) + end;
        String head =
                "POST "
                        + target.path()
                        + " HTTP/1.1\r\nhost: 127.0.0.1:"
                        + target.port()
                        + "\r\nauthorization: Bearer "
                        + target.key()
                        + "\r\ncontent-type: application/json\r\naccept: application/json"
                        + "\r\nuser-agent: weir-bench/1\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
