package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
    @Test
    void readsEveryKindOfWord() {
        Script script =
                read(
                        "tokens=20, delay=50ms,first-byte=2s ,gzip,cut=after-bytes:500,"
                                + "usage.prompt_tokens=9,usage.cached=7,tier=priority");
        assertEquals(20, script.number(Word.TOKENS, 0));
        assertEquals(50, script.number(Word.DELAY, 0));
        assertEquals(2000, script.number(Word.FIRST_BYTE, 0));
        assertTrue(script.has(Word.GZIP));
        assertFalse(script.has(Word.GARBAGE));
        assertEquals(500, script.number(Word.CUT_AFTER_BYTES, 0));
        assertEquals(OptionalLong.of(9), script.dictated(Figure.INPUT));
        assertEquals(OptionalLong.of(7), script.dictated(Figure.CACHED));
        assertEquals(OptionalLong.empty(), script.dictated(Figure.OUTPUT));
        assertEquals("priority", script.text(Word.TIER, ""));
    }

    @ParameterizedTest
    @EnumSource(Word.class)
    void takesItsLargestNumberAndNoLarger(Word word) {
        String suffix = word.kind() == Word.Kind.MILLIS ? "ms" : "";
        if (word.kind() == Word.Kind.COUNT || word.kind() == Word.Kind.MILLIS) {
            String most = word.spelling() + word.max() + suffix;
            assertEquals(word.max(), read(most).number(word, -1));
            String more = word.spelling() + (word.max() + 1) + suffix;
            assertEquals(more, bad(more));
        } else {
            String item = word.kind() == Word.Kind.FLAG ? word.spelling() : word.spelling() + "x";
            assertTrue(read(item).toString().contains(word.name()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens",
                "tokens=",
                "tokens=-1",
                "tokens=1.5",
                "tokens=NaN",
                "tokens=99999999999999999999",
                "delay=5",
                "delay=5m",
                "status=99",
                "gzip=1",
                "cut=after-words:3",
                "usage.prompt=3",
                "usage.cached",
                "usage.cached=x",
                "tier=a b",
                "Tokens=1"
            })
    void namesTheFirstWordThatIsNone(String item) {
        assertEquals(item, bad("gzip," + item + ",nonsense"));
    }

    @Test
    void emptyItemsAreNoWords() {
        assertEquals("", bad("gzip,,tokens=1"));
    }

    @Test
    void laterWordsReplaceEarlierOnesAndLeaveTheRest() {
        Script script = good(read("tokens=1,usage.cached=1,gzip").with("tokens=2,usage.output=3"));
        assertEquals(2, script.number(Word.TOKENS, 0));
        assertEquals(OptionalLong.of(1), script.dictated(Figure.CACHED));
        assertEquals(OptionalLong.of(3), script.dictated(Figure.OUTPUT));
        assertTrue(script.has(Word.GZIP));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-6-luna-sim-tokens=20,delay=5ms|tokens=20,delay=5ms",
                "sim-status=429|status=429",
                "openai/sim-gzip|gzip",
                "maxsim-3b|''",
                "gpt-6-luna|''",
                "sim-|''"
            })
    void findsItselfInAModelName(String model, String list) {
        assertEquals(list, Script.inModel(model));
    }

    static Script read(String list) {
        return good(Script.DEFAULT.with(list));
    }

    private static Script good(Script.Parsed parsed) {
        return assertInstanceOf(Script.Parsed.Good.class, parsed).script();
    }

    private static String bad(String list) {
        return assertInstanceOf(Script.Parsed.Bad.class, Script.DEFAULT.with(list)).word();
    }
}
