package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Meter;
import weir.limit.Unit;
import weir.limit.Window.Period;

final class ShareTest {
    private static Claim claim(Meter meter, long amount) {
        return new Fixture("run")
                .limit("x", meter)
                .claims(Fixture.costs(0))
                .getFirst()
                .withAmount(amount);
    }

    private static Bucket bucket(Claim claim) {
        return ((Meter.Rate) claim.meter()).bucket();
    }

    @Test
    void dividesRoundedDownAndKeepsOne() {
        Claim rate = Share.of(claim(Fixture.rate(Unit.TOKENS, 1_000), 50), 7);
        assertEquals(new Bucket(1_000, 7 * Fixture.MINUTE_MICROS, 142), bucket(rate));
        assertEquals(50, rate.amount());
        assertEquals(new Meter.Concurrency(2), Share.of(claim(Fixture.slots(20), 1), 7).meter());
        assertEquals(new Meter.Concurrency(1), Share.of(claim(Fixture.slots(3), 1), 7).meter());
        for (long limit : List.of(0L, 3L, 1_000L)) {
            Meter.Spend whole = (Meter.Spend) Fixture.spend(limit, Period.DAY);
            Meter.Spend part = (Meter.Spend) Share.of(claim(whole, 1), 7).meter();
            assertEquals(Math.min(limit, Math.max(1, limit / 7)), part.limitNanoUsd());
            assertEquals(whole.window(), part.window());
        }
    }

    @Test
    void whoeverIsAloneHasAll() {
        for (int seen : List.of(-1, 0, 1)) {
            Claim whole = claim(Fixture.rate(Unit.TOKENS, 1_000), 1_000);
            assertEquals(whole, Share.of(whole, seen));
        }
    }

    @Test
    void aRequestLargerThanTheShareTakesAllOfIt() {
        Meter rate = Fixture.rate(Unit.TOKENS, 1_000);
        assertEquals(100, Share.of(claim(rate, 900), 10).amount());
        assertEquals(1_001, Share.of(claim(rate, 1_001), 10).amount(), "too large for anybody");
        assertEquals(900, Share.of(claim(Fixture.spend(1_000, Period.DAY), 900), 10).amount());
    }

    @Test
    void everyBucketHasAShareThatCanBeCounted() {
        Random random = Seed.random("ShareTest");
        int tried = 0;
        while (tried < 10_000) {
            long period = List.of(1_000_000L, 60_000_000L, 86_400_000_000L).get(random.nextInt(3));
            Bucket whole;
            try {
                long tokens = 1 + random.nextLong(1L << (1 + random.nextInt(40)));
                whole = new Bucket(tokens, period, 1 + random.nextLong(2 * tokens));
            } catch (IllegalArgumentException notCounted) {
                continue;
            }
            tried++;
            int sidecars = 1 + random.nextInt(2 * Share.MAX_SIDECARS);
            Claim share = Share.of(claim(new Meter.Rate(Unit.TOKENS, whole), 1), sidecars);
            int parts = Math.min(sidecars, Share.MAX_SIDECARS);
            long capacity = bucket(share).capacityTokens();
            assertTrue(capacity == 1 || capacity * parts <= whole.capacityTokens());
            assertEquals(whole.tokens(), bucket(share).tokens());
            assertEquals(whole.periodMicros() * parts, bucket(share).periodMicros());
        }
    }
}
