package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The column "the provider fails" of the table in {@code Journey}, cell by cell. */
final class FailureTableTest {
    private final FailureBench bench = new FailureBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static void assertRefused(HostileSocket.Answer answer, int status, String reason) {
        assertEquals(status, answer.status(), answer::toString);
        assertEquals(reason, answer.header("x-weir-reason"), answer::toString);
        assertEquals("true", answer.header("x-should-retry"), answer::toString);
        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertEquals("server_error", error.getString("type"), answer::toString);
        assertEquals(reason, error.getString("code"), answer::toString);
    }

    private JsonObject refused(String outcome, String reason) {
        JsonObject line = bench.line();
        assertEquals(outcome, line.getString("outcome"), line::encode);
        assertEquals(reason, line.getString("reason"), line::encode);
        return line;
    }

    @Test
    void notSentNobodyListens502GivenBack() {
        bench.start();
        try (HostileSocket caller = bench.caller()) {
            caller.send(HostileSocket.post("/absent/v1/chat/completions", CHAT));
            assertRefused(caller.answer(), 502, "upstream_unavailable");
        }
        bench.assertNothingCharged(refused("refused", "upstream_unavailable"));
        bench.assertServes();
    }

    @Test
    void notSentNoConnectionInTime504GivenBack() throws IOException {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillBacklog(deaf, queue);
            bench.world.env("DEAF", "http://127.0.0.1:" + deaf.getLocalPort());
            bench.start();
            assertConnectTimesOut();
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    @Test
    void notSentNoHandshakeInTime504GivenBack() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            bench.world.env("DEAF", "https://127.0.0.1:" + mute.getLocalPort());
            bench.start();
            assertConnectTimesOut();
        }
    }

    private void assertConnectTimesOut() {
        try (HostileSocket caller = bench.caller()) {
            caller.send(HostileSocket.post("/deaf/v1/chat/completions", CHAT));
            HostileSocket.Answer answer = caller.answer();
            assertRefused(answer, 504, "upstream_timeout");
            assertTrue(answer.body().contains("connect"), answer::toString);
        }
        bench.assertNothingCharged(refused("refused", "upstream_timeout"));
        bench.assertServes();
    }

    /** Until the kernel lets connections wait in silence. */
    private static void fillBacklog(ServerSocket server, List<Socket> queue) throws IOException {
        while (queue.size() < 16) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(
                                java.net.InetAddress.getLoopbackAddress(), server.getLocalPort()),
                        300);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IllegalStateException("the backlog has no end");
    }

    @Test
    void sentConnectionResets502WorstCaseCharged() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT, "reset=before-headers")) {
            assertRefused(caller.answer(), 502, "upstream_unavailable");
        }
        JsonObject line = refused("refused", "upstream_unavailable");
        assertEquals(
                line.getLong("reserved_nano_usd"), line.getLong("cost_nano_usd"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void sentNoAnswerInTime504WorstCaseCharged() {
        bench.timeouts("first-byte: 200ms").start();
        try (HostileSocket caller = bench.calling(CHAT, "stall=before-headers")) {
            HostileSocket.Answer answer = caller.answer();
            assertRefused(answer, 504, "upstream_timeout");
            assertTrue(answer.body().contains("first-byte"), answer::toString);
        }
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        JsonObject line = refused("refused", "upstream_timeout");
        assertEquals(
                line.getLong("reserved_nano_usd"), line.getLong("cost_nano_usd"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void answeredWithAnErrorPassesCountedNotBilled() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT, "status=429,retry-after=7")) {
            HostileSocket.Answer answer = caller.answer();
            assertEquals(429, answer.status());
            assertEquals("7", answer.header("retry-after"));
            assertEquals("", answer.header("x-weir-reason"), "the provider's refusal, not ours");
        }
        JsonObject line = bench.line();
        assertEquals("upstream_error", line.getString("outcome"));
        bench.assertNothingCharged(line);
        bench.assertServes();
    }

    @Test
    void streamBreaksClosedWhatPassedCharged() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT_STREAM, "cut=after-chunks:4")) {
            String all = caller.rest();
            assertTrue(all.startsWith("HTTP/1.1 200"), all);
            assertTrue(all.contains("data: "), all);
            assertFalse(all.endsWith("\r\n0\r\n\r\n"), "a whole answer it must not seem: " + all);
        }
        assertBrokenAndPartlyCharged();
    }

    @Test
    void streamIsResetClosedWhatPassedCharged() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT_STREAM, "reset=after-chunks:4")) {
            assertFalse(caller.rest().endsWith("\r\n0\r\n\r\n"));
        }
        JsonObject line = bench.line();
        assertEquals("broken", line.getString("outcome"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void streamIdlesClosedWhatPassedCharged() {
        bench.timeouts("idle: 200ms").start();
        try (HostileSocket caller = bench.calling(CHAT_STREAM, "stall=after-chunks:4")) {
            String all = caller.rest();
            assertTrue(all.contains("data: "), all);
            assertFalse(all.endsWith("\r\n0\r\n\r\n"), all);
        }
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        assertBrokenAndPartlyCharged();
    }

    @Test
    void streamIsLongerThanTheWholeTimeClosedWhatPassedCharged() {
        bench.timeouts("total: 400ms").start();
        String slow = "chunks=10000,chunk-delay=20ms";
        try (HostileSocket caller = bench.calling(CHAT_STREAM.replace("20", "90000"), slow)) {
            assertFalse(caller.rest().endsWith("\r\n0\r\n\r\n"));
        }
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        assertBrokenAndPartlyCharged();
    }

    private void assertBrokenAndPartlyCharged() {
        JsonObject line = bench.line();
        assertEquals("broken", line.getString("outcome"), line::encode);
        assertEquals(200, line.getInteger("status"), line::encode);
        assertTrue(line.getLong("output") > 0, line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void plainAnswerBreaksClosedWhatPassedCharged() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT, "chunks=9,cut=after-chunks:4")) {
            assertFalse(caller.rest().contains("\r\n\r\n{"));
        }
        JsonObject line = bench.line();
        assertEquals("broken", line.getString("outcome"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void anAnswerThatCannotBeReadPassesAndIsEstimated() {
        bench.start();
        try (HostileSocket caller = bench.calling(CHAT, "garbage")) {
            assertEquals(200, caller.answer().status());
        }
        bench.assertEstimated(bench.line());
        bench.assertServes();
    }
}
