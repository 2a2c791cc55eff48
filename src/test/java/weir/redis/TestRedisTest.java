package weir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

final class TestRedisTest {
    @Test
    void startsAnswersAndEnds() {
        TestRedis redis = TestRedis.start();
        assertEquals("OK", redis.command("SET", "a", "ü b"));
        assertEquals("ü b", redis.command("GET", "a"));
        assertEquals(1, redis.calls("set"));
        redis.kill();
        assertThrows(UncheckedIOException.class, () -> redis.command("PING"));
    }
}
