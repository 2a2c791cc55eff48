package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One vendor's call: a recorded request and its recorded answer.
 *
 * @param vendor its name in vendors.yaml
 * @param golden the folder with both, below the tests' golden answers
 * @param target path and query below the vendor's own address
 * @param header how a caller presents its key there
 */
record VendorCall(String vendor, String golden, String target, String header) {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String BEARER = "authorization: Bearer KEY";
    private static final String CHAT = "/v1/chat/completions";
    private static final String GENERATE = "/v1beta/models/gemini-3.8-flash:";

    /** Only the key's id is read of a signature: Weir has no secret to check it with. */
    private static final String SIGNED =
            "authorization: AWS4-HMAC-SHA256 Credential=KEY/20261127/us-east-1/bedrock/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature=0\r\nx-amz-date: 20261127T000000Z";

    /** OpenAI's, which the others are compared with, first; then plain calls, then streams. */
    static List<VendorCall> all() {
        return List.of(
                new VendorCall("openai", "openai/chat", CHAT, BEARER),
                new VendorCall(
                        "anthropic",
                        "anthropic/messages-plain",
                        "/v1/messages",
                        "x-api-key: KEY\r\nanthropic-version: 2023-06-01"),
                new VendorCall(
                        "azure",
                        "azure/chat-deployment",
                        "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21",
                        "api-key: KEY"),
                new VendorCall(
                        "bedrock",
                        "bedrock/converse",
                        "/model/us.amazon.nova-lite-v1%3A0/converse",
                        SIGNED),
                new VendorCall("cohere", "cohere/chat", "/v2/chat", BEARER),
                new VendorCall("deepseek", "deepseek/chat", "/chat/completions", BEARER),
                new VendorCall(
                        "gemini",
                        "gemini/generate-plain",
                        GENERATE + "generateContent",
                        "x-goog-api-key: KEY"),
                new VendorCall("groq", "groq/chat", "/openai" + CHAT, BEARER),
                new VendorCall("mistral", "mistral/chat", CHAT, BEARER),
                new VendorCall("together", "together/chat", CHAT, BEARER),
                new VendorCall("xai", "xai/chat-reasoning-inside", CHAT, BEARER),
                new VendorCall("openai", "openai/chat-stream-hidden", CHAT, BEARER),
                new VendorCall(
                        "anthropic",
                        "anthropic/messages-stream",
                        "/v1/messages",
                        "x-api-key: KEY\r\nanthropic-version: 2023-06-01"),
                new VendorCall(
                        "bedrock",
                        "bedrock/converse-stream",
                        "/model/us.amazon.nova-lite-v1%3A0/converse-stream",
                        SIGNED),
                new VendorCall("cohere", "cohere/chat-stream", "/v2/chat", BEARER),
                new VendorCall(
                        "gemini",
                        "gemini/stream",
                        GENERATE + "streamGenerateContent?alt=sse",
                        "x-goog-api-key: KEY"));
    }

    boolean isStream() {
        return golden.contains("stream");
    }

    String name() {
        return vendor + (isStream() ? " stream" : "");
    }

    /** Where the provider has it, and Weir asks for it. */
    String upstream() {
        return "/" + vendor + target;
    }

    /** The request as bytes. */
    byte[] request(int port, String key) throws IOException {
        byte[] body = Files.readAllBytes(GOLDEN.resolve(golden).resolve("request.json"));
        String head =
                "POST "
                        + upstream()
                        + " HTTP/1.1\r\nhost: 127.0.0.1:"
                        + port
                        + "\r\n"
                        + header.replace("KEY", key)
                        + "\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        return join(head, body);
    }

    /** The answer as bytes. */
    byte[] answer() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve(golden))) {
            Path file =
                    files.filter(f -> f.getFileName().toString().startsWith("response."))
                            .findFirst()
                            .orElseThrow();
            byte[] body = Files.readAllBytes(file);
            String head =
                    "HTTP/1.1 200 OK\r\ncontent-type: "
                            + type(file.getFileName().toString())
                            + "\r\ncontent-length: "
                            + body.length
                            + "\r\n\r\n";
            return join(head, body);
        }
    }

    private static String type(String name) {
        return switch (name) {
            case "response.sse" -> "text/event-stream";
            case "response.eventstream" -> "application/vnd.amazon.eventstream";
            default -> "application/json";
        };
    }

    private static byte[] join(String head, byte[] body) {
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }
}
