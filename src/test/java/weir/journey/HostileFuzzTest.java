package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Valid requests with some bytes changed, lost, doubled or cut off. Weir may answer what it likes,
 * but not with a failure of its own; and when the storm is over it holds nothing, owes nothing to
 * the ledger that a log line does not tell of, and serves the next call.
 *
 * <p>{@code -Dseed=} replays, {@code -Dfuzz.cases=} takes longer.
 */
final class HostileFuzzTest {
    private static final int CASES = Integer.getInteger("fuzz.cases", 3_000);
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** Nobody waits longer for an answer to a request that may lack its end. */
    private static final int PAUSE_MILLIS = 15;

    private static final byte[][] SPICE =
            spice(
                    "\r\n",
                    "\r\n\r\n",
                    "\0",
                    " ",
                    ":",
                    "content-length: 3\r\n",
                    "transfer-encoding: chunked\r\n",
                    "\"",
                    "{",
                    "}",
                    "\\",
                    "NaN",
                    "99999999999999999999",
                    "\u00ff",
                    "HTTP/1.0",
                    "%",
                    "/..",
                    "//");

    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    private final Random random = new Random(SEED);

    private static byte[][] spice(String... pieces) {
        return Arrays.stream(pieces).map(p -> p.getBytes(ISO_8859_1)).toArray(byte[][]::new);
    }

    @Test
    void aStormOfBrokenRequestsLeavesNothing() {
        try (FailureBench bench = new FailureBench().start()) {
            bench.world.vertx().exceptionHandler(unhandled::add);
            byte[][] good = {
                request(CHAT),
                request(FailureBench.CHAT_STREAM),
                HostileSocket.post("/anthropic/v1/messages", CHAT, "anthropic-version: 1")
                        .getBytes(ISO_8859_1),
                HostileSocket.post("/openai/v1/files", "x".repeat(100)).getBytes(ISO_8859_1),
                "GET /openai/v1/models HTTP/1.1\r\nhost: weir\r\n\r\n".getBytes(ISO_8859_1),
            };
            for (int i = 0; i < CASES; i++) {
                byte[] bad = mutated(good[random.nextInt(good.length)]);
                String answer = exchange(bench.weir().port(), bad);
                assertFalse(
                        answer.matches("(?s)HTTP/1\\.[01] 5(?!02|01).*"),
                        () -> "seed " + SEED + ": " + new String(bad, ISO_8859_1) + "\n" + answer);
            }
            assertNothingIsLeft(bench);
            assertEquals("[]", unhandled.toString(), "seed " + SEED);
        }
    }

    private static void assertNothingIsLeft(FailureBench bench) {
        FailureBench.<Void>get(bench.world.provider().recorder().idle());
        FailureBench.until("nothing in flight", () -> bench.gauge("weir_in_flight") == 0);
        double spent = bench.gauge("weir_spend_usd_total");
        bench.assertQuiet(Math.round(spent * 1e9));
        assertTrue(spent > 0, "some requests were still good");
        bench.assertServes();
        assertEquals("", bench.weir().bugs(), "seed " + SEED);
    }

    private static byte[] request(String body) {
        return HostileSocket.post(CHAT_PATH, body).getBytes(ISO_8859_1);
    }

    private byte[] mutated(byte[] good) {
        byte[] bytes = good.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes =
                    switch (random.nextInt(5)) {
                        case 0 ->
                                splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                        case 1 ->
                                splice(
                                        bytes,
                                        at,
                                        Math.min(bytes.length, at + 1 + random.nextInt(9)),
                                        new byte[0]);
                        case 2 -> splice(bytes, at, at, SPICE[random.nextInt(SPICE.length)]);
                        case 3 -> splice(bytes, at, at, Arrays.copyOf(bytes, at));
                        default -> random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
                    };
        }
        return bytes;
    }

    private static byte[] splice(byte[] from, int begin, int end, byte[] between) {
        byte[] all = new byte[begin + between.length + from.length - end];
        System.arraycopy(from, 0, all, 0, begin);
        System.arraycopy(between, 0, all, begin, between.length);
        System.arraycopy(from, end, all, begin + between.length, from.length - end);
        return all;
    }

    /** Sends, reads what comes at once if anything does, and leaves, politely or not. */
    private String exchange(int port, byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PAUSE_MILLIS);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(bytes);
            byte[] answer = new byte[4_096];
            int length = random.nextInt(4) == 0 ? 0 : in.read(answer);
            socket.setSoLinger(random.nextBoolean(), 0);
            return new String(answer, 0, Math.max(0, length), ISO_8859_1);
        } catch (SocketException | SocketTimeoutException hungUpOrWaitsForMore) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "seed " + SEED + ": " + new String(bytes, ISO_8859_1), e);
        }
    }
}
