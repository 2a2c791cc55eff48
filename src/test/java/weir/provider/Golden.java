package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * One recording under {@code src/test/resources/golden}: a request, the response to it, and what
 * Weir has to make of them. The response's suffix says its type; {@code passed.*} holds the bytes
 * that the caller gets where these are not all. {@code expected} says the endpoint's name, the path
 * and query where they matter ({@code target: }), whether the report is complete, and its lines.
 */
record Golden(
        String name,
        Provider provider,
        Endpoint endpoint,
        String target,
        Buffer request,
        Buffer response,
        Buffer passed,
        String contentType,
        boolean complete,
        List<UsageLine> lines) {
    private static final Map<String, String> TYPES =
            Map.of(
                    "json", "application/json",
                    "sse", "text/event-stream",
                    "ndjson", "application/stream+json",
                    "eventstream", "application/vnd.amazon.eventstream",
                    "mp3", "audio/mpeg");

    private static final Path ROOT = Path.of("src/test/resources/golden");

    static List<Golden> all() {
        List<Golden> cases = new ArrayList<>();
        for (Provider provider : new TreeMap<>(Providers.ALL).values()) {
            try (Stream<Path> paths = Files.list(ROOT.resolve(provider.name()))) {
                for (Path path : paths.sorted().toList()) {
                    cases.add(read(provider, path));
                }
            } catch (IOException e) {
                throw new IllegalStateException(provider.name() + " has no recordings", e);
            }
        }
        return cases;
    }

    private static Golden read(Provider provider, Path path) throws IOException {
        String suffix = suffix(path);
        Buffer response = bytes(path.resolve("response." + suffix));
        Path passed = path.resolve("passed." + suffix);
        List<String> expected = new ArrayList<>(Files.readAllLines(path.resolve("expected")));
        String endpoint = value(expected.removeFirst(), "endpoint: ");
        boolean addressed = expected.getFirst().startsWith("target: ");
        return new Golden(
                provider.name() + "/" + path.getFileName(),
                provider,
                new Endpoint(endpoint, Endpoint.Cost.METERED),
                addressed ? value(expected.removeFirst(), "target: ") : "/",
                bytes(path.resolve("request.json")),
                response,
                Files.exists(passed) ? bytes(passed) : response,
                TYPES.getOrDefault(suffix, ""),
                value(expected.removeFirst(), "complete: ").equals("true"),
                expected.stream().map(Golden::line).toList());
    }

    private static String suffix(Path path) {
        return TYPES.keySet().stream()
                .filter(suffix -> Files.exists(path.resolve("response." + suffix)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(path + " has no response"));
    }

    private static Buffer bytes(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key)) {
            throw new IllegalArgumentException("'" + line + "' should begin with '" + key + "'");
        }
        return line.substring(key.length());
    }

    private static UsageLine line(String text) {
        int terms = text.indexOf(" terms:");
        List<String> words = List.of(value(text.substring(0, terms), "line: ").split(" ", -1));
        Usage.Tally tally = new Usage.Tally();
        for (String amount : words.subList(1, words.size())) {
            int equals = amount.indexOf('=');
            tally.set(
                    Kind.valueOf(amount.substring(0, equals)),
                    Long.parseLong(amount.substring(equals + 1)));
        }
        String list = text.substring(terms + " terms:".length()).strip();
        return new UsageLine(
                words.getFirst(),
                tally.toUsage(),
                list.isEmpty() ? List.of() : List.of(list.split(",", -1)));
    }

    Peek peek() {
        PeekResult result = provider.peek(endpoint, target, request);
        if (result instanceof Peek peek) {
            return peek;
        }
        throw new AssertionError(name + ": " + result);
    }

    Answer answer() {
        AnswerShape shape =
                provider.streams(peek(), contentType) ? AnswerShape.EVENTS : AnswerShape.BODY;
        return new Answer(shape, contentType, MultiMap.caseInsensitiveMultiMap());
    }

    UsageReader reader() {
        return provider.usageReader(endpoint, peek(), answer());
    }

    /** Feeds the response in pieces that end at these places, and at its end. */
    Seen feed(int... ends) {
        UsageReader reader = reader();
        Buffer out = Buffer.buffer();
        int from = 0;
        for (int end : ends) {
            out.appendBuffer(reader.read(response.getBuffer(from, end)));
            from = end;
        }
        out.appendBuffer(reader.read(response.getBuffer(from, response.length())));
        out.appendBuffer(reader.end());
        return new Seen(reader.report(), out.toString(StandardCharsets.UTF_8));
    }

    /** What came of a response. */
    record Seen(UsageReport report, String passed) {}

    @Override
    public String toString() {
        return name;
    }
}
