package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.redis.TestRedis;

/** {@code settle.lua}, part by part. */
final class SettleScriptTest {
    private static final String MICROS = Long.toString(Bench.START_MICROS);
    private static final String END = Long.toString(Bench.START_MICROS / 1_000 + 3_600_000);

    /** What is spent and held, as text. */
    private static final String SUMS =
            """
            local sums = redis.call("HGET", KEYS[1], "sums")
            return sums and string.format("%.0f %.0f", struct.unpack("dd", sums)) or ""
            """;

    private final TestRedis redis = TestRedis.shared();
    private final String tag = "weir:{" + UUID.randomUUID() + "}:";
    private final String mark = tag + "mark";
    private final String money = tag + "money";
    private final String holds = tag + "holds";
    private final String slots = tag + "slots";

    private String part(String sequence, List<String> keys, String... correction) {
        List<String> words = new ArrayList<>();
        words.add("EVAL");
        words.add(Script.SETTLE.source());
        words.add(Integer.toString(1 + keys.size()));
        words.add(mark);
        words.addAll(keys);
        words.addAll(List.of(MICROS, "60000", sequence, "1"));
        words.addAll(List.of(correction));
        return redis.command(words.toArray(String[]::new));
    }

    private String hold(String sequence) {
        return part(sequence, List.of(money, holds), "h", "id", "100", END, END);
    }

    private String end(String sequence) {
        return part(sequence, List.of(money, holds), "s", "id", "70", END);
    }

    private String sums() {
        return redis.command("EVAL", SUMS, "1", money);
    }

    @Test
    void aReminderPutsBackWhatIsNotKnown() {
        assertEquals("1\n0", hold("-0"));
        assertEquals("0 100", sums());
        assertEquals("1\n0", hold("-0"));
        assertEquals("0 100", sums(), "what is known stays as it is");
        assertEquals("1\n0", end("1"));
        assertEquals("70 0", sums());
    }

    @Test
    void aReminderThatComesLateIsPassedOver() {
        end("5");
        assertEquals("0\n0", hold("-4"));
        assertEquals("70 0", sums());
        assertEquals("1\n0", hold("-5"), "the same settlement is the last that was known to it");
        assertEquals("70 100", sums());
        assertEquals("5", redis.command("GET", mark), "it leaves the mark alone");
    }

    @Test
    void aReminderLeavesAChargeAlone() {
        redis.command("HSET", money, "cid", "100");
        hold("-0");
        assertEquals("", sums());
    }

    @Test
    void aSlotIsTakenAgainUntilItsDeadline() {
        part("-0", List.of(slots, slots + ":state"), "i", "id", END);
        assertEquals("id\n" + END, redis.command("ZRANGE", slots, "0", "-1", "WITHSCORES"));
        part("1", List.of(slots), "c", "id");
        part("-0", List.of(slots, slots + ":state"), "i", "id", END);
        assertEquals("", redis.command("ZRANGE", slots, "0", "-1"));
        part("-1", List.of(slots, slots + ":state"), "i", "id", "1000");
        assertEquals("", redis.command("ZRANGE", slots, "0", "-1"), "over long ago");
    }

    @Test
    void foreignDataIsPassedOverAndCounted() {
        redis.command("SET", money, "foreign");
        assertEquals("1\n1", end("1"));
        assertEquals("0\n0", end("1"), "once");
        redis.command("DEL", money);
        redis.command("HSET", money, "sums", "foreign");
        assertEquals("1\n1", end("2"));
        redis.command("SET", slots, "foreign");
        assertEquals("1\n1", part("3", List.of(slots), "c", "id"));
    }
}
