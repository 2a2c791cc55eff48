package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.SessionBench.COST;
import static weir.journey.SessionBench.CREATE;
import static weir.journey.SessionBench.CREATED;
import static weir.journey.SessionBench.DONE;
import static weir.journey.SessionBench.WORST;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.journey.WireSocket.Frame;

/** A session of OpenAI's Realtime API passes as it is, both ways. */
final class SessionTest {
    /** More frames of 64 KiB than sockets hold. */
    private static final int MANY = 1_600;

    private final SessionBench bench = new SessionBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void passesBothWaysAsItIsAndCostsWhatItsTurnsDo() {
        bench.start("50");
        WireSocket caller = bench.ask();
        assertEquals(101, caller.status(), caller.head);
        assertEquals(WireSocket.ACCEPT, caller.header("sec-websocket-accept"));
        assertEquals("2020-10-01", caller.header("openai-version"));
        assertEquals("none", caller.header("sec-websocket-extensions"));
        WireSocket upstream = bench.provider.session();
        assertTrue(upstream.head.startsWith("GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\n"));
        assertEquals("Bearer " + World.SECRET, upstream.header("authorization"));
        assertEquals("none", upstream.header("sec-websocket-extensions"));
        assertEquals(WireSocket.KEY, upstream.header("sec-websocket-key"));

        upstream.text("{\"type\":\"session.created\"}");
        assertEquals("{\"type\":\"session.created\"}", caller.said());
        for (int turn = 0; turn < 3; turn++) {
            SessionBench.turn(caller, upstream);
        }
        caller.close(1000, "thanks");
        Frame close = upstream.frame();
        assertEquals(1000, close.code());
        assertEquals("thanks", close.reason());
        upstream.close(1000, "");
        assertEquals(1000, caller.frame().code());
        upstream.vanish();
        assertTrue(caller.isClosed());

        JsonObject line = bench.line();
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals("realtime", line.getString("endpoint"), line::encode);
        assertEquals(3 * COST, line.getLong("cost_nano_usd"), line::encode);
        assertEquals(WORST, line.getLong("reserved_nano_usd"), line::encode);
        assertEquals(900, line.getLong("audio_input"), line::encode);
        assertEquals(900, line.getLong("cached_audio_input"), line::encode);
        assertEquals(450, line.getLong("audio_output"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
    }

    @Test
    void framesAreNotTouched() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        List<Frame> frames =
                List.of(
                        new Frame(WireSocket.TEXT, Buffer.buffer("{\"type\":")),
                        new Frame(0x80 | WireSocket.PING, Buffer.buffer("are you there")),
                        new Frame(WireSocket.CONTINUATION, Buffer.buffer("\"resp")),
                        new Frame(0x80 | WireSocket.CONTINUATION, Buffer.buffer("onse\"}")),
                        new Frame(0x80 | WireSocket.BINARY, Buffer.buffer(noise)),
                        new Frame(0x80 | WireSocket.TEXT, Buffer.buffer("x".repeat(200))),
                        new Frame(0x80 | WireSocket.PONG, Buffer.buffer()));
        for (Frame frame : frames) {
            caller.send(frame);
            assertEquals(frame, upstream.frame());
        }
        frames.forEach(upstream::send);
        for (Frame frame : frames) {
            assertEquals(frame, caller.frame());
        }
        upstream.close(4001, "session expired");
        Frame close = caller.frame();
        assertEquals(4001, close.code());
        assertEquals("session expired", close.reason());
    }

    @Test
    void aCallerThatVanishesBetweenTurnsIsGoneAtOnce() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        caller.vanish();
        assertEquals(1001, upstream.frame().code());
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        assertEquals(0, line.getLong("cost_nano_usd"), line::encode);
    }

    @Test
    void aSessionWithoutASignOfLifeIsClosed() {
        bench.start("50", "10", "300ms");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        for (int i = 0; i < 10; i++) {
            upstream.send(new Frame(0x80 | WireSocket.PING, Buffer.buffer()));
            assertEquals(WireSocket.PING, caller.frame().opcode());
        }
        assertEquals(1001, caller.frame().code());
        assertEquals(1001, upstream.frame().code());
        caller.close(1001, "");
        assertTrue(caller.isClosed());
        assertEquals("broken", bench.line().getString("outcome"));
    }

    @Test
    void whenWeirStopsASessionHasItsGraceAndIsToldGoodbye() throws InterruptedException {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        Thread stopping = Thread.ofVirtual().start(bench.weir::stop);
        while (!bench.weir.sidecar().draining()) {
            Thread.onSpinWait();
        }
        caller.text(CREATE);
        assertEquals(CREATE, upstream.said());
        upstream.text(CREATED);
        upstream.text(DONE);
        assertEquals(CREATED, caller.said());
        assertEquals(DONE, caller.said());
        assertEquals(1001, caller.frame().code());
        assertEquals(1001, upstream.frame().code());
        stopping.join();
        assertEquals(COST, bench.line().getLong("cost_nano_usd"));
    }

    /** Who does not read is not read for: what is under way is what sockets hold. */
    @Test
    void whoDoesNotReadSlowsDownWhoWrites() throws InterruptedException {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        for (WireSocket[] way : new WireSocket[][] {{upstream, caller}, {caller, upstream}}) {
            AtomicLong sent = new AtomicLong();
            byte[] piece = way[0].frame(0x80 | WireSocket.BINARY, new byte[1 << 16]);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int i = 0; i < MANY; i++) {
                                    way[0].raw(piece);
                                    sent.addAndGet(piece.length);
                                }
                            });
            BackPressureTest.awaitStandstill(sent::get, TimeUnit.MILLISECONDS.toNanos(500));
            assertTrue(sent.get() < 32 << 20, "under way " + sent);
            for (int i = 0; i < MANY; i++) {
                assertEquals(1 << 16, way[1].frame().payload().length());
            }
            writer.join();
        }
    }
}
