package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import weir.usage.Kind;
import weir.usage.Usage;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * One recording under {@code src/test/resources/golden}: a request, the response to it, and what
 * Weir has to make of them. {@code passed.*} holds the bytes that the caller gets where these are
 * not all.
 */
record Golden(
        String name,
        Provider provider,
        Endpoint endpoint,
        Buffer request,
        Buffer response,
        Buffer passed,
        AnswerShape answer,
        boolean complete,
        List<UsageLine> lines) {
    private static final Path ROOT = Path.of("src/test/resources/golden");

    static List<Golden> all() {
        List<Golden> cases = new ArrayList<>();
        for (Provider provider : Providers.ALL.values()) {
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
        boolean stream = Files.exists(path.resolve("response.sse"));
        String suffix = stream ? ".sse" : ".json";
        Buffer response = bytes(path.resolve("response" + suffix));
        Path passed = path.resolve("passed" + suffix);
        List<String> expected = Files.readAllLines(path.resolve("expected"));
        return new Golden(
                provider.name() + "/" + path.getFileName(),
                provider,
                new Endpoint(value(expected.get(0), "endpoint: "), Endpoint.Cost.METERED),
                bytes(path.resolve("request.json")),
                response,
                Files.exists(passed) ? bytes(passed) : response,
                stream ? AnswerShape.EVENTS : AnswerShape.BODY,
                value(expected.get(1), "complete: ").equals("true"),
                expected.stream().skip(2).map(Golden::line).toList());
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
        PeekResult result = provider.peek(endpoint, request);
        if (result instanceof Peek peek) {
            return peek;
        }
        throw new AssertionError(name + ": " + result);
    }

    /** Feeds the response in pieces that end at these places, and at its end. */
    Seen feed(int... ends) {
        UsageReader reader = provider.usageReader(endpoint, peek(), answer);
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
