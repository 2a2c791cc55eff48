package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.limit.Claim;
import weir.limit.Dimension;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Unit;
import weir.limit.Window.Period;

final class PlacesTest {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long NOW_MILLIS = 1_795_774_830_000L;

    private final Places places = new Places();

    private static Claim claim(String limit, Meter meter, String tenant, long amount) {
        List<Dimension> per = List.of(new Dimension(Dimension.Source.TENANT, ""));
        Limit rule = new Limit(limit, Match.ALL, per, List.of(meter), Policy.DEFAULT);
        return new Claim(rule, meter, tenant, List.of(tenant), amount);
    }

    private static List<Place> freshly(List<Claim> claims, long atMillis) {
        return claims.stream().map(claim -> KeySpace.place(claim, atMillis)).toList();
    }

    @Test
    void areWhereKeySpaceSaysHoweverOftenTheyAreAskedFor() {
        for (long amount = 1; amount <= 3; amount++) {
            List<Claim> claims =
                    List.of(
                            claim("a", Fixture.rate(Unit.REQUESTS, 600), "shop", amount),
                            claim("a", Fixture.rate(Unit.TOKENS, 600), "shop", amount),
                            claim("a", Fixture.rate(Unit.REQUESTS, 600), "mall", amount),
                            claim("b", Fixture.slots(3), "shop", amount),
                            claim("c", Fixture.spend(5, Period.HOUR), "shop", amount));

            assertEquals(freshly(claims, NOW_MILLIS), places.of(claims, NOW_MILLIS));
        }
    }

    @Test
    void aWindowTurnsAndTurnsBack() {
        List<Claim> claims = List.of(claim("c", Fixture.spend(5, Period.HOUR), "shop", 1));
        for (long at : new long[] {NOW_MILLIS, NOW_MILLIS + HOUR_MILLIS, NOW_MILLIS}) {
            assertEquals(freshly(claims, at), places.of(claims, at));
        }
        assertNotEquals(places.of(claims, NOW_MILLIS), places.of(claims, NOW_MILLIS + HOUR_MILLIS));
    }

    /** As after weir.yaml was read anew. */
    @Test
    void aLimitOfTheSameNameMayHaveAnotherLaw() {
        for (int perMinute : new int[] {600, 700}) {
            List<Claim> claims =
                    List.of(claim("a", Fixture.rate(Unit.REQUESTS, perMinute), "shop", 1));
            assertEquals(freshly(claims, NOW_MILLIS), places.of(claims, NOW_MILLIS));
        }
    }

    @Test
    void moreCountersThanAreKept() {
        List<Claim> claims = new ArrayList<>();
        for (int tenant = 0; tenant < 5_000; tenant++) {
            claims.add(claim("a", Fixture.slots(3), "tenant-" + tenant, 1));
        }
        for (int round = 0; round < 2; round++) {
            for (Claim claim : claims) {
                List<Claim> one = List.of(claim);
                assertEquals(freshly(one, NOW_MILLIS), places.of(one, NOW_MILLIS));
            }
        }
    }

    @Test
    void twoClaimsOnOneCounterAreRefused() {
        Claim claim = claim("a", Fixture.slots(3), "shop", 1);

        assertThrows(
                IllegalArgumentException.class,
                () -> places.of(List.of(claim, claim.withAmount(2)), NOW_MILLIS));
    }
}
