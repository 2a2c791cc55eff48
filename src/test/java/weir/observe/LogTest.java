package weir.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.limit.Reason;
import weir.usage.Kind;
import weir.usage.Usage;

final class LogTest {
    private static final String AWKWARD = "a\"b\\c\nd\u0001e\u00e9\ud83d\ude00\ud83d";

    private final List<String> lines = new ArrayList<>();
    private final Log log = new Log(lines::add, () -> 1_000);

    private static CallRecord call(String model) {
        return new CallRecord(
                "r1",
                "openai",
                model,
                "shop",
                "checkout",
                "chat.completions",
                true,
                Outcome.REFUSED,
                Reason.RATE_LIMITED,
                "per-key",
                null,
                429,
                Usage.of(Kind.CACHED_INPUT, 7),
                true,
                20,
                10,
                5_000,
                -1,
                3_000,
                -1,
                -1,
                -1,
                9_999,
                1,
                2);
    }

    @Test
    void aCallIsOneLineOfJson() {
        log.call(call("gpt"));

        JsonObject line = new JsonObject(lines.getFirst());
        assertEquals("1970-01-01T00:00:01.000Z", line.getString("time"));
        assertEquals("rate_limited", line.getString("reason"));
        assertEquals("per-key", line.getString("limit"));
        assertEquals(7, line.getInteger("cached_input"));
        assertEquals(10, line.getInteger("cost_nano_usd"));
        assertTrue(line.getBoolean("estimated"));
        assertEquals(5, line.getInteger("peek_us"));
        assertEquals(3, line.getInteger("waited_us"));
        assertEquals(9, line.getInteger("total_us"));
        assertTrue(!line.containsKey("reserve_us") && !line.containsKey("cause"));
    }

    /** A caller chooses the model's name, and must not choose the log's lines. */
    @Test
    void anyTextIsOneValue() {
        log.call(call(AWKWARD));

        assertEquals(1, lines.getFirst().lines().count());
        assertEquals(AWKWARD, new JsonObject(lines.getFirst()).getString("model"));
    }
}
