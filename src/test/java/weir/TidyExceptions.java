package weir;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.Map;

/** What {@link TidyTest} lets pass, each with its reason. */
final class TidyExceptions {
    /** File name to the reason why it may be longer. */
    static final Map<String, String> LONG_FILES =
            Map.of("Journey.java", "nine steps in one place, and a table of their failures on top");

    /** {@code Class.method} to the reason why twins may stand side by side. */
    static final Map<String, String> TWINS =
            Map.ofEntries(
                    entry("Amounts.saturated", "a sum: the order does not matter"),
                    entry(
                            "AwsEventStream.take",
                            "an array, where and how far: the JDK's own order"),
                    entry("Bucket.gcd", "the order does not matter"),
                    entry(
                            "Concurrency.verdict",
                            "what is there, then what is asked, as in every verdict"),
                    entry(
                            "EventReader.startsWith",
                            "an array, where and how far: the JDK's own order"),
                    entry(
                            "EventReader.skipSpace",
                            "an array, where and how far: the JDK's own order"),
                    entry("EventStream.append", "an array, where and how far: the JDK's own order"),
                    entry("Notes.span", "from, then to"),
                    entry("RequestFields.whole", "the least, then the most"),
                    entry("Usage.ofTokens", "the two sides in the order of every vendor's report"));

    /** {@code Class} to the reason why it may be open. */
    static final Map<String, String> OPEN_CLASSES = Map.of();

    /** Whose classes are all open: the benchmarks, which JMH extends. */
    static final Path JMH = Path.of("loadtest/micro");

    private TidyExceptions() {}
}
