package loadtest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpClientOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulated provider remembers. */
final class RecorderTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String CHAT =
            """
            {"model":"gpt-6-luna","messages":[{"role":"user","content":"one two three"}]}\
            """;

    private final Lab lab = new Lab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void recordsWhatItSaw() throws NoSuchAlgorithmException {
        lab.call(PATH + "?a=b", "", CHAT);
        Exchange exchange = lab.recorder().last();
        assertEquals("POST", exchange.method());
        assertEquals(PATH + "?a=b", exchange.path());
        assertEquals("Bearer key", exchange.header("Authorization"));
        byte[] sent = CHAT.getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(sent, exchange.body());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(sent);
        assertEquals(HexFormat.of().formatHex(hash), exchange.bodySha256());
        assertEquals(Exchange.Ending.COMPLETED, Lab.get(exchange.ended()));
        assertTrue(exchange.bytesWritten() > 100);
        assertEquals(1, lab.recorder().seen());
        assertEquals(1, lab.recorder().connectionsOpened());
    }

    @Test
    void countsWithoutRecording() {
        try (Lab quiet =
                new Lab(
                        SimulatedOptions.DEFAULT.withoutRecording().withEventLoops(2),
                        new HttpClientOptions())) {
            quiet.call(PATH, "", CHAT);
            Lab.get(quiet.recorder().idle());
            assertEquals(1, quiet.recorder().count(Exchange.Ending.COMPLETED));
            assertEquals(List.of(), quiet.recorder().exchanges());
        }
    }

    @Test
    void keepsTheBeginningOfALargeBody() {
        String big = CHAT.replace("one two three", "x".repeat(100_000));
        lab.call(PATH, "", big);
        Exchange exchange = lab.recorder().last();
        assertEquals(Exchange.KEPT_BODY_BYTES, exchange.body().length);
        assertEquals(big.length(), exchange.bodyBytes());
    }
}
