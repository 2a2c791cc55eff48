package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class DemandTest {
    private final Demand demand = new Demand();

    private static Moment at(long micros) {
        return new Moment(0, micros);
    }

    @Test
    void oneClaimIsNoDemand() {
        demand.take(7, at(1_000));
        assertEquals(0, demand.wanted(at(1_000)));
        demand.take(7, at(5_000_000));
        assertEquals(0, demand.wanted(at(5_000_000)), "five seconds apart");
    }

    @Test
    void aSteadyRateWantsWhatItTakesInTheHorizon() {
        for (int i = 0; i < 1_000; i++) {
            demand.take(3, at(i * 10_000L));
        }
        long taken = 3 * Demand.HORIZON_MICROS / 10_000;
        long wanted = demand.wanted(at(999 * 10_000L));
        assertTrue(wanted * 10 >= taken * 9 && wanted * 10 <= taken * 11, "of 120: " + wanted);
    }

    @Test
    void itIsAtLeastTheLargestRecentClaim() {
        demand.take(900, at(0));
        demand.take(1, at(400_000));
        assertTrue(demand.wanted(at(400_000)) >= 600, "recent");
        for (int i = 2; i < 30; i++) {
            demand.take(1, at(i * 400_000L));
        }
        assertTrue(demand.wanted(at(29 * 400_000L)) < 50, "long ago");
    }

    @Test
    void aSecondOfSilenceEndsIt() {
        demand.take(5, at(0));
        demand.take(5, at(10));
        assertTrue(demand.wanted(at(100_000)) >= 5);
        assertTrue(demand.wanted(at(999_999)) >= 1);
        assertEquals(0, demand.wanted(at(1_000_010)));
        assertTrue(demand.isIdle(at(1_000_010)));
    }
}
