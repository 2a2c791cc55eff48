package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import loadtest.Exchange;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The column "the caller leaves" of the table in {@code Journey}, cell by cell, both settings. */
final class FailureCallerTest {
    private final FailureBench bench = new FailureBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private JsonObject gone() {
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        return line;
    }

    private void assertProviderSaw(long requests) {
        assertEquals(requests, bench.world.provider().recorder().seen());
    }

    @Test
    void inTheHeadersNothingHappens() {
        bench.start();
        bench.caller().send("POST " + CHAT_PATH + " HTTP/1.1\r\nhost: we").vanish();
        bench.assertQuiet(0);
        assertProviderSaw(0);
        bench.assertServes();
    }

    @Test
    void inTheBodyNothingCharged() {
        bench.start();
        String request = HostileSocket.post(CHAT_PATH, CHAT);
        try (HostileSocket caller = bench.caller()) {
            caller.send(request.substring(0, request.length() - 5));
            FailureBench.until("arriving", () -> bench.gauge("weir_in_flight") == 1);
            caller.vanish();
        }
        bench.assertNothingCharged(gone());
        assertProviderSaw(0);
        bench.assertServes();
    }

    @Test
    void bodyStopsComing400AfterTheReceiveTimeout() {
        bench.start();
        String request = HostileSocket.post(CHAT_PATH, CHAT);
        try (HostileSocket caller = bench.caller()) {
            caller.send(request.substring(0, request.length() - 5));
            HostileSocket.Answer answer = caller.answer();
            assertEquals(400, answer.status(), answer::toString);
            assertEquals("bad_request", answer.header("x-weir-reason"), answer::toString);
            assertTrue(answer.body().contains("did not arrive in time"), answer::toString);
            assertEquals("", caller.rest(), "and the connection is closed");
        }
        bench.assertNothingCharged(bench.line());
        assertProviderSaw(0);
        bench.assertServes();
    }

    @Test
    void whileConnectingGivenBack() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            bench.world.env("DEAF", "https://127.0.0.1:" + mute.getLocalPort());
            bench.start();
            HostileSocket caller = bench.caller();
            caller.send(HostileSocket.post("/deaf/v1/chat/completions", CHAT));
            mute.setSoTimeout((int) World.PATIENCE_SECONDS * 1_000);
            mute.accept().getInputStream().read();
            caller.vanish();
            bench.assertNothingCharged(gone());
        }
        bench.assertServes();
    }

    @Test
    void whileAStreamWaitsUpstreamCancelledInputCharged() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "stall=before-headers");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        JsonObject line = gone();
        assertFalse(line.containsKey("output"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void whileWaitingUpstreamCancelledWorstCaseCharged() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT, "stall=before-headers");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        JsonObject line = gone();
        assertEquals(
                line.getLong("reserved_nano_usd"), line.getLong("cost_nano_usd"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void whileWaitingDrainReadsOnChargedExactly() {
        bench.drain().start();
        HostileSocket caller = bench.calling(CHAT, "delay=200ms");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        bench.assertExact(gone());
        assertEquals(Ending.COMPLETED, FailureBench.get(upstream.ended()));
        bench.assertServes();
        assertEquals(1, bench.world.provider().recorder().connectionsOpened(), "reused");
    }

    @Test
    void whileWaitingDrainEndsAtTheTimeoutInputCharged() {
        bench.drain().timeouts("first-byte: 300ms").start();
        HostileSocket caller = bench.calling(CHAT, "stall=before-headers");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        bench.assertEstimated(gone());
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        bench.assertServes();
    }

    @Test
    void whileWaitingDrainAndTheProviderResetsInputCharged() {
        bench.drain().start();
        HostileSocket caller = bench.calling(CHAT, "delay=200ms,reset=before-headers");
        bench.seen(1);
        caller.vanish();
        bench.assertEstimated(gone());
        bench.assertServes();
    }

    @Test
    void inTheStreamUpstreamCancelledWhatPassedCharged() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "stall=after-chunks:4");
        caller.until("data: ");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        JsonObject line = gone();
        assertEquals(200, line.getInteger("status"), line::encode);
        bench.assertEstimated(line);
        bench.assertServes();
    }

    @Test
    void inTheStreamGoodbyeIsAsGoodAsAReset() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "stall=after-chunks:4");
        caller.until("data: ");
        caller.close();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(1).ended()));
        bench.assertEstimated(gone());
        bench.assertServes();
    }

    @Test
    void inTheStreamDrainReadsOnChargedExactly() {
        bench.drain().start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "chunks=10,chunk-delay=30ms");
        caller.until("data: ");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        bench.assertExact(gone());
        assertEquals(Ending.COMPLETED, FailureBench.get(upstream.ended()));
        bench.assertServes();
        assertEquals(1, bench.world.provider().recorder().connectionsOpened(), "reused");
    }

    @Test
    void inTheStreamDrainOfAFullPipeReadsOn() {
        bench.drain().start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "bytes=60000000");
        caller.until("data: ");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        bench.assertExact(gone());
        assertEquals(Ending.COMPLETED, FailureBench.get(upstream.ended()));
        bench.assertServes();
    }

    @Test
    void inTheStreamDrainEndsWhenTheProviderIdlesWhatPassedCharged() {
        bench.drain().timeouts("idle: 300ms").start();
        HostileSocket caller = bench.calling(CHAT_STREAM, "stall=after-chunks:4");
        caller.until("data: ");
        Exchange upstream = bench.seen(1);
        caller.vanish();
        bench.assertEstimated(gone());
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        bench.assertServes();
    }

    @Test
    void inTheStreamDrainAndTheProviderBreaksWhatPassedCharged() {
        bench.drain().start();
        HostileSocket caller =
                bench.calling(CHAT_STREAM, "chunks=10,chunk-delay=60ms,cut=after-chunks:8");
        caller.until("data: ");
        caller.vanish();
        bench.assertEstimated(gone());
        bench.assertServes();
    }

    @Test
    void inAHeldAnswerUpstreamCancelledWhatPassedCharged() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT, "chunks=9,stall=after-chunks:4");
        Exchange upstream = bench.seen(1);
        FailureBench.until("half an answer", () -> upstream.bytesWritten() > 0);
        caller.vanish();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        bench.assertEstimated(gone());
        bench.assertServes();
    }

    @Test
    void whileAnotherRequestArrivesBehindUpstreamCancelledAllTheSame() {
        bench.start();
        HostileSocket caller = bench.calling(CHAT, "stall=before-headers");
        Exchange upstream = bench.seen(1);
        String next = HostileSocket.post(CHAT_PATH, CHAT);
        caller.send(next.substring(0, next.length() - 5));
        caller.close();
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(upstream.ended()));
        bench.assertEstimated(gone());
        bench.assertServes();
    }
}
