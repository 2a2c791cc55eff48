package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.SessionBench.COST;
import static weir.journey.SessionBench.CREATE;
import static weir.journey.SessionBench.CREATED;
import static weir.journey.SessionBench.DONE;
import static weir.journey.SessionBench.WORST;
import static weir.journey.SessionBench.usd;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.journey.WireSocket.Frame;
import weir.redis.TestRedis;

/** A session is paid turn by turn, whatever becomes of it. */
final class SessionMoneyTest {
    private final SessionBench bench = new SessionBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aBudgetThatRunsOutEndsTheSessionInTheProvidersWords() {
        // Room for the worst case of one turn, and for what four turns cost beside it.
        bench.start(usd(WORST + 4 * COST + COST / 2));
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        for (int turn = 0; turn < 5; turn++) {
            SessionBench.turn(caller, upstream);
        }
        JsonObject event = new JsonObject(caller.said());
        assertEquals("error", event.getString("type"), event::encode);
        assertEquals(
                "insufficient_quota",
                event.getJsonObject("error").getString("code"),
                event::encode);
        Frame close = caller.frame();
        assertEquals(1008, close.code());
        assertTrue(close.reason().startsWith("budget_exhausted: "), close.reason());
        caller.close(1008, "");
        assertTrue(caller.isClosed());
        assertEquals(1001, upstream.frame().code());

        JsonObject line = bench.line();
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertEquals("purse", line.getString("limit"), line::encode);
        assertEquals(5 * COST, line.getLong("cost_nano_usd"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
        assertEquals(402, bench.ask().status());
    }

    /** What a session has spent is gone for everybody, while it is still open. */
    @Test
    void sidecarsSeeWhatASessionHasSpent() {
        try (TestRedis redis = TestRedis.start()) {
            String yaml = SessionBench.yaml(usd(2 * WORST + COST / 2), "10", "1min");
            bench.weir = bench.world.weir(yaml, World.settings(Optional.of(redis.url())));
            World.Weir owner = bench.weir;
            WireSocket first = connected();
            WireSocket upstream = bench.provider.session();
            upstream.text(CREATED);
            upstream.text(DONE);
            assertEquals(CREATED, first.said());
            assertEquals(DONE, first.said());
            bench.weir = bench.world.weir(yaml, World.settings(Optional.of(redis.url())));
            WireSocket second = connected();
            assertEquals(429, second.status(), second.head);
            assertEquals("budget_reserved", second.header("x-weir-reason"));
            first.vanish();
            assertTrue(upstream.isClosed());
            while (second.status() != 101) {
                second = bench.ask();
            }
            second.vanish();
            owner.stop();
            bench.weir.stop();
        }
    }

    /** The first answer that comes with a ledger. */
    private WireSocket connected() {
        WireSocket asked = bench.ask();
        while (asked.status() == 503) {
            asked = bench.ask();
        }
        return asked;
    }

    /** Its close waits until the answer is told the price of; then it goes on as it was. */
    @Test
    void aCallerThatClosesInTheMiddleOfATurnPaysForThatTurn() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        caller.text(CREATE);
        upstream.said();
        upstream.text(CREATED);
        caller.said();
        caller.close(1000, "enough");
        caller.text("never read");
        upstream.text(DONE);
        assertEquals(DONE, caller.said());
        assertEquals("enough", upstream.frame().reason());
        upstream.close(1000, "");
        assertEquals(1000, caller.frame().code());
        upstream.vanish();
        JsonObject line = bench.line();
        assertEquals("ok", line.getString("outcome"), line::encode);
        assertEquals(COST, line.getLong("cost_nano_usd"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
    }

    @Test
    void aTurnOfACallerThatVanishesIsReadToItsEnd() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        caller.text(CREATE);
        upstream.said();
        upstream.text(CREATED);
        caller.said();
        caller.vanish();
        upstream.text("{\"type\":\"response.output_text.delta\"}");
        upstream.text(DONE);
        assertEquals(1001, upstream.frame().code());
        assertTrue(upstream.isClosed());
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        assertEquals(COST, line.getLong("cost_nano_usd"), line::encode);
        assertFalse(line.containsKey("estimated"), line::encode);
    }

    /** One turn is told the price of, one is not: that one costs the most that it can. */
    @Test
    void aSessionThatBreaksOffInTheMiddleOfATurnIsChargedItsWorstCase() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        upstream.text(CREATED);
        upstream.text(DONE);
        caller.text(CREATE);
        upstream.said();
        upstream.text(CREATED);
        assertEquals(CREATED, caller.said());
        assertEquals(DONE, caller.said());
        assertEquals(CREATED, caller.said());
        upstream.vanish();
        assertEquals(1001, caller.frame().code());
        JsonObject line = bench.line();
        assertEquals("broken", line.getString("outcome"), line::encode);
        assertEquals(COST + WORST, line.getLong("cost_nano_usd"), line::encode);
        assertTrue(line.getBoolean("estimated"), line::encode);
    }

    /** Turns beside the conversation: each has to have its worst case before it is asked for. */
    @Test
    void turnsAtOnceAreEachReservedBeforeTheyBegin() {
        bench.start(usd(2 * WORST));
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        caller.text(CREATE);
        caller.text(CREATE);
        assertEquals(CREATE, upstream.said());
        assertEquals(CREATE, upstream.said());
        upstream.text(CREATED);
        upstream.text(CREATED);
        upstream.text(DONE);
        for (String event : List.of(CREATED, CREATED, DONE)) {
            assertEquals(event, caller.said());
        }
        // What two hold is gone; what one has cost has made the third one's worst case too dear.
        caller.text(CREATE);
        assertTrue(caller.said().contains("budget_exhausted"));
        assertEquals(1008, caller.frame().code());
        assertEquals(1001, upstream.frame().code(), "the third was never asked for");
        JsonObject line = bench.line();
        assertEquals("truncated", line.getString("outcome"), line::encode);
        assertEquals(COST + WORST, line.getLong("cost_nano_usd"), line::encode);
    }

    @Test
    void aTurnThatTheProviderRefusesHoldsNothing() {
        bench.start(usd(WORST));
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        for (int i = 0; i < 3; i++) {
            caller.text(CREATE);
            assertEquals(CREATE, upstream.said());
            upstream.text("{\"type\":\"error\",\"error\":{}}");
            assertTrue(caller.said().contains("error"));
        }
        caller.close(1000, "");
        assertEquals(1000, upstream.frame().code());
    }

    @Test
    void whatIsTranscribedIsPaidAtTheTranscribersPrice() {
        bench.start("50");
        WireSocket caller = bench.ask();
        WireSocket upstream = bench.provider.session();
        upstream.text(
                "{\"type\":\"session.updated\",\"session\":{\"model\":\"gpt-realtime\",\"audio\":"
                        + "{\"input\":{\"transcription\":{\"model\":\"whisper-1\"}}}}}");
        upstream.text(
                "{\"type\":\"conversation.item.input_audio_transcription.completed\","
                        + "\"usage\":{\"type\":\"duration\",\"seconds\":10}}");
        caller.said();
        caller.said();
        upstream.close(1000, "");
        upstream.vanish();
        JsonObject line = bench.line();
        // Ten seconds at 0.36 USD an hour.
        assertEquals(1_000_000, line.getLong("cost_nano_usd"), line::encode);
        assertEquals(10_000, line.getLong("audio_millis"), line::encode);
    }
}
