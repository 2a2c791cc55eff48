package loadtest;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the simulated provider is to behave towards one request.
 *
 * <p>It is written as a comma list, in the header {@code x-sim}, in the model's name behind {@code
 * sim-} ({@code gpt-6-luna-sim-tokens=20,delay=50ms}; callers that may not set headers), or as the
 * provider's default. Where several speak, the header wins over the model and the model over the
 * default, word by word.
 *
 * <table>
 * <caption>The words</caption>
 * <tr><td>{@code tokens=20}</td><td>how many output tokens (words) to make for a choice; 16 if left
 *     out, and never more than the request's own cap</td></tr>
 * <tr><td>{@code chunks=50}</td><td>a stream: over how many content events the text is spread; one
 *     a token if left out. A plain answer: in how many pieces it is written. Makes as many tokens
 *     where none are given</td></tr>
 * <tr><td>{@code chunk-bytes=200}</td><td>fill each content event's text up to this
 *     length</td></tr>
 * <tr><td>{@code bytes=1073741824}</td><td>at least so many bytes of text, as fast as the reader
 *     takes them</td></tr>
 * <tr><td>{@code delay=50ms}</td><td>before the headers ({@code ms} or {@code s})</td></tr>
 * <tr><td>{@code first-byte=100ms}</td><td>between the headers and the body</td></tr>
 * <tr><td>{@code chunk-delay=10ms}</td><td>between two writes of the body</td></tr>
 * <tr><td>{@code status=429}</td><td>answer with this error; {@code code=} replaces the vendor's
 *     word for it, {@code retry-after=1} adds the header</td></tr>
 * <tr><td>{@code fail-first=2}</td><td>only the first 2 calls fail (with {@code status}, else 500)
 *     of those with the same {@code x-sim-id} header or {@code id=} word, or else the same
 *     script</td></tr>
 * <tr><td>{@code cut=after-bytes:500}, {@code cut=after-chunks:3}</td><td>close the socket there; a
 *     chunk is one write: an event of a stream</td></tr>
 * <tr><td>{@code reset=before-headers}, {@code reset=after-chunks:3}</td><td>abort the
 *     connection</td></tr>
 * <tr><td>{@code stall=before-headers}, {@code stall=after-bytes:500}, {@code
 *     stall=after-chunks:3}</td><td>send nothing more, keep the connection</td></tr>
 * <tr><td>{@code garbage}</td><td>a 200 whose body is neither JSON nor UTF-8</td></tr>
 * <tr><td>{@code error-in-stream}</td><td>break a stream off half way with the vendor's error
 *     event</td></tr>
 * <tr><td>{@code failed}</td><td>a Responses stream ends with {@code response.failed}</td></tr>
 * <tr><td>{@code usage.cached=7}</td><td>dictates a {@link Figure}</td></tr>
 * <tr><td>{@code no-usage}</td><td>leave the usage out</td></tr>
 * <tr><td>{@code tier=}, {@code speed=}, {@code geo=}</td><td>the terms that the answer says it was
 *     served on</td></tr>
 * <tr><td>{@code gzip}</td><td>compress the body, flushing at each write</td></tr>
 * </table>
 */
final class Script {
    static final Script DEFAULT = new Script(Map.of(), Map.of(), Map.of());

    /** Behind a separator, so that an innocent name that happens to end in "sim-" is left alone. */
    private static final Pattern IN_MODEL = Pattern.compile("(?:^|[-+/:@])sim-(.+)$");

    private static final Pattern MILLIS = Pattern.compile("(\\d{1,6})(ms|s)");
    private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_.-]{1,100}");
    private static final String USAGE = "usage.";

    private final Map<Word, Long> numbers;
    private final Map<Word, String> texts;
    private final Map<Figure, Long> usage;

    private Script(Map<Word, Long> numbers, Map<Word, String> texts, Map<Figure, Long> usage) {
        this.numbers = numbers;
        this.texts = texts;
        this.usage = usage;
    }

    /** What reading a script came to. */
    sealed interface Parsed {
        record Good(Script script) implements Parsed {}

        /**
         * @param word the first item that is no word of the list, or has a value it cannot have
         */
        record Bad(String word) implements Parsed {}
    }

    /** The script inside a model's name; empty where there is none. */
    static String inModel(String model) {
        if (!model.contains("sim-")) {
            return "";
        }
        Matcher marker = IN_MODEL.matcher(model);
        return marker.find() ? marker.group(1) : "";
    }

    /** Reads a comma list; its words replace the same words of this script. */
    Parsed with(String list) {
        if (list.isBlank()) {
            return new Parsed.Good(this);
        }
        Map<Word, Long> newNumbers = copy(numbers, Word.class);
        Map<Word, String> newTexts = copy(texts, Word.class);
        Map<Figure, Long> newUsage = copy(usage, Figure.class);
        Script script = new Script(newNumbers, newTexts, newUsage);
        for (String item : list.split(",", -1)) {
            if (!script.read(item.strip())) {
                return new Parsed.Bad(item.strip());
            }
        }
        return new Parsed.Good(script);
    }

    private boolean read(String item) {
        if (item.startsWith(USAGE)) {
            return readFigure(item.substring(USAGE.length()));
        }
        for (Word word : Word.values()) {
            if (word.begins(item)) {
                return readWord(word, item.substring(word.spelling().length()));
            }
        }
        return false;
    }

    private boolean readFigure(String item) {
        int equals = item.indexOf('=');
        String value = item.substring(equals + 1);
        Optional<Figure> figure = Figure.named(item.substring(0, Math.max(equals, 0)));
        if (figure.isEmpty() || !COUNT.matcher(value).matches()) {
            return false;
        }
        usage.put(figure.get(), Long.parseLong(value));
        return true;
    }

    private boolean readWord(Word word, String value) {
        if (word.kind() == Word.Kind.TEXT) {
            texts.put(word, value);
            return TEXT.matcher(value).matches();
        }
        long number =
                switch (word.kind()) {
                    case FLAG -> 1;
                    case COUNT -> COUNT.matcher(value).matches() ? Long.parseLong(value) : -1;
                    case MILLIS -> millis(value);
                    case TEXT -> throw new IllegalStateException("read above");
                };
        numbers.put(word, number);
        return 0 <= number && number <= word.max() && (word != Word.STATUS || number >= 200);
    }

    private static long millis(String value) {
        Matcher time = MILLIS.matcher(value);
        if (!time.matches()) {
            return -1;
        }
        return Long.parseLong(time.group(1)) * (time.group(2).equals("s") ? 1000 : 1);
    }

    boolean has(Word word) {
        return numbers.containsKey(word);
    }

    /** A word's number, or {@code otherwise} where the script does not say it. */
    long number(Word word, long otherwise) {
        return numbers.getOrDefault(word, otherwise);
    }

    String text(Word word, String otherwise) {
        return texts.getOrDefault(word, otherwise);
    }

    OptionalLong dictated(Figure figure) {
        Long value = usage.get(figure);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static <K extends Enum<K>, V> Map<K, V> copy(Map<K, V> from, Class<K> type) {
        Map<K, V> copy = new EnumMap<>(type);
        copy.putAll(from);
        return copy;
    }

    @Override
    public String toString() {
        return "" + Collections.unmodifiableMap(numbers) + texts + usage;
    }
}
