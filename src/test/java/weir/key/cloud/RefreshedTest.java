package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.key.Proof;
import weir.key.Secret;

/** The law of renewal, on a clock that stands still until it is moved. */
final class RefreshedTest {
    private static final long HOUR = 3_600_000;
    private static final long MARGIN = 5_000;
    private static final long START = 1_795_000_000_000L;

    private final AtomicLong now = new AtomicLong(START);
    private final Deque<Promise<Issued>> asked = new ArrayDeque<>();
    private final List<String> failures = new ArrayList<>();
    private final Refreshed source =
            new Refreshed(
                    () -> {
                        Promise<Issued> answer = Promise.promise();
                        asked.add(answer);
                        return answer.future();
                    },
                    now::get,
                    failures::add);

    @Test
    void theFirstCallsWaitForOneAnswer() {
        List<Future<Proof>> calls = List.of(source.proof(), source.proof(), source.proof());
        assertEquals(1, asked.size());
        assertTrue(calls.stream().noneMatch(Future::isComplete));
        answer(token("a", HOUR));
        calls.forEach(call -> assertEquals("a", shown(call)));
    }

    @Test
    void whatIsAtHandIsCompletedAndAlwaysTheSame() {
        issue("a", HOUR);
        Future<Proof> first = source.proof();
        assertTrue(first.isComplete());
        assertSame(first, source.proof());
        now.addAndGet(HOUR / 2);
        assertSame(first, source.proof());
        assertEquals(0, asked.size());
    }

    @Test
    void oneCallerRenewsAheadAndAllGoOnWithTheOldOne() {
        issue("old", HOUR);
        now.set(START + HOUR - MARGIN - 240_001);
        assertEquals("old", shown(source.proof()));
        assertEquals(0, asked.size());
        now.incrementAndGet();
        for (int i = 0; i < 100; i++) {
            assertEquals("old", shown(source.proof()));
        }
        assertEquals(1, asked.size());
        answer(token("new", HOUR));
        assertEquals("new", shown(source.proof()));
        assertEquals(0, asked.size());
    }

    @Test
    void theOldOneServesUntilItReallyEnds() {
        issue("old", HOUR);
        now.set(START + HOUR - MARGIN - 1);
        assertEquals("old", shown(source.proof()));
        now.incrementAndGet();
        Future<Proof> late = source.proof();
        assertFalse(late.isComplete());
        assertEquals(1, asked.size());
        answer(token("new", HOUR));
        assertEquals("new", shown(late));
    }

    @Test
    void aFailureIsToldOnceAndTheOldOneServes() {
        issue("old", HOUR);
        now.set(START + HOUR - 200_000);
        assertEquals("old", shown(source.proof()));
        fail("sts answered 500");
        assertEquals("old", shown(source.proof()));
        assertEquals("old", shown(source.proof()));
        assertEquals(List.of("sts answered 500"), failures);
        assertEquals(0, asked.size());
    }

    @Test
    void pausesDoubleUpToHalfAMinute() {
        Future<Proof> first = source.proof();
        fail("down");
        assertEquals("down", first.cause().getMessage());
        for (long pause : new long[] {1, 2, 4, 8, 16, 30, 30, 30}) {
            now.addAndGet(pause * 1_000 - 1);
            assertEquals("down", source.proof().cause().getMessage());
            assertEquals(0, asked.size(), () -> "asked too early, pause " + pause);
            now.incrementAndGet();
            assertFalse(source.proof().isComplete());
            assertEquals(1, asked.size(), () -> "not asked, pause " + pause);
            fail("down");
        }
        now.addAndGet(30_000);
        issue("a", HOUR);
        now.addAndGet(HOUR);
        Future<Proof> again = source.proof();
        fail("down");
        assertTrue(again.failed());
        now.addAndGet(1_000);
        assertFalse(source.proof().isComplete(), "a success does not shorten the pause again");
    }

    @Test
    void anOldOneThatEndsWhileTheIssuerIsDownIsNotShown() {
        issue("old", HOUR);
        now.set(START + HOUR - MARGIN - 500);
        assertEquals("old", shown(source.proof()));
        fail("down");
        now.addAndGet(500);
        assertEquals("down", source.proof().cause().getMessage());
        now.addAndGet(500);
        assertFalse(source.proof().isComplete());
    }

    @Test
    void whatHasExpiredAlreadyIsAFailure() {
        for (long life : new long[] {MARGIN, 0, -HOUR}) {
            Future<Proof> call = source.proof();
            answer(token("stale", life));
            String message = String.valueOf(call.cause().getMessage());
            assertTrue(message.contains("already expired"), message);
            assertFalse(message.contains("stale"), message);
            now.addAndGet(30_000);
        }
    }

    /** Google's metadata server has nothing new until five minutes before the end. */
    @Test
    void anIssuerThatRepeatsItselfIsNotAskedInATightLoop() {
        long end = START + 300_000;
        int times = 0;
        while (now.get() < end - MARGIN) {
            source.proof();
            if (!asked.isEmpty()) {
                answer(new Issued(proof("same"), end));
                times++;
            }
            now.addAndGet(50);
        }
        assertTrue(times <= 12, "asked " + times + " times");
    }

    @Test
    void oneThatNeverExpiresIsIssuedOnce() {
        source.proof();
        answer(new Issued(proof("for ever"), Issued.NEVER));
        now.set(Long.MAX_VALUE / 2);
        assertEquals("for ever", shown(source.proof()));
        assertEquals(0, asked.size());
    }

    @Test
    void whatAProviderDoesNotAcceptIsIssuedAnewOnce() {
        issue("revoked", HOUR);
        Proof revoked = source.proof().result();
        now.addAndGet(29_999);
        source.notAccepted(revoked);
        assertSame(revoked, source.proof().result(), "too young: its age is not what is wrong");
        now.incrementAndGet();
        for (int i = 0; i < 100; i++) {
            source.notAccepted(revoked);
        }
        assertEquals(0, asked.size(), "nobody needs one yet");
        List<Future<Proof>> calls = List.of(source.proof(), source.proof(), source.proof());
        source.notAccepted(revoked);
        assertEquals(1, asked.size());
        answer(token("new", HOUR));
        calls.forEach(call -> assertEquals("new", shown(call)));
        source.notAccepted(revoked);
        assertEquals("new", shown(source.proof()), "a late word about the old one");
    }

    @Test
    void whatIsIssuedAlreadyIsWaitedFor() {
        issue("revoked", HOUR);
        Proof revoked = source.proof().result();
        now.set(START + HOUR - 200_000);
        assertSame(revoked, source.proof().result());
        assertEquals(1, asked.size());
        source.notAccepted(revoked);
        Future<Proof> call = source.proof();
        assertFalse(call.isComplete());
        answer(token("new", HOUR));
        assertEquals("new", shown(call));
        assertEquals(0, asked.size());
    }

    @Test
    void aClockThatGoesBackRenews() {
        issue("a", HOUR);
        now.addAndGet(-59_000);
        assertEquals("a", shown(source.proof()));
        assertEquals(0, asked.size(), "a look at the clock that came late is no step");
        now.addAndGet(-HOUR);
        assertEquals("a", shown(source.proof()));
        assertEquals(1, asked.size());
    }

    @Test
    void onlyExpectedMessagesAreRepeated() {
        List<String> said = new ArrayList<>();
        Refreshed thrower =
                new Refreshed(
                        () -> {
                            throw new IllegalArgumentException("Illegal header: Bearer s3cr3t");
                        },
                        now::get,
                        said::add);
        String message = String.valueOf(thrower.proof().cause().getMessage());
        assertEquals(List.of(message), said);
        assertFalse(message.contains("s3cr3t"), message);
    }

    /**
     * Any order of calls, answers, failures and time: nobody gets what has ended, nobody waits or
     * fails while something valid is there, and the issuer is asked by one at a time.
     */
    @Test
    void theLawHoldsInAnyOrder() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        long end = 0;
        int given = 0;
        for (int step = 0; step < 200_000; step++) {
            String where = "-Dseed=" + seed + " step " + step;
            switch (random.nextInt(4)) {
                case 0 -> now.addAndGet(random.nextLong(random.nextInt(10) == 0 ? 900_000 : 9_000));
                case 1 -> {
                    if (!asked.isEmpty() && random.nextBoolean()) {
                        fail("down");
                    } else if (!asked.isEmpty()) {
                        long life = MARGIN + random.nextLong(HOUR);
                        answer(token(Long.toString(now.get() + life), life));
                        end = life > MARGIN ? now.get() + life - MARGIN : end;
                    }
                }
                default -> {
                    Future<Proof> call = source.proof();
                    boolean valid = now.get() < end;
                    assertEquals(valid, call.succeeded(), where);
                    if (valid) {
                        assertEquals(end + MARGIN, Long.parseLong(shown(call)), where);
                        given++;
                    }
                }
            }
            assertTrue(asked.size() <= 1, where);
        }
        assertTrue(given > 1_000, "-Dseed=" + seed + " gave " + given);
    }

    private void issue(String name, long lifeMillis) {
        source.proof();
        answer(token(name, lifeMillis));
    }

    private void answer(Issued issued) {
        asked.remove().complete(issued);
    }

    private void fail(String message) {
        asked.remove().fail(new ProofException(message));
    }

    private Issued token(String name, long lifeMillis) {
        return new Issued(proof(name), now.get() + lifeMillis);
    }

    private static Proof proof(String name) {
        return new Proof.Token(new Secret(name));
    }

    private static String shown(Future<Proof> call) {
        assertTrue(call.succeeded(), () -> "no proof: " + call);
        return ((Proof.Token) call.result()).value().reveal();
    }
}
