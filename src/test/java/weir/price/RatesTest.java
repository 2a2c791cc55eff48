package weir.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.usage.Kind;

final class RatesTest {
    private static final Rates SPARSE =
            Rates.of(Map.of(Kind.INPUT, 20L, Kind.CACHED_INPUT, 2L, Kind.OUTPUT, 100L));

    @Test
    void missingKindsFallBackUpward() {
        for (Kind kind : List.of(Kind.AUDIO_INPUT, Kind.IMAGE_INPUT, Kind.CACHE_WRITE_5M)) {
            assertEquals(20, SPARSE.nanoUsd(kind), kind.name());
        }
        for (Kind kind : List.of(Kind.REASONING, Kind.AUDIO_OUTPUT, Kind.IMAGE_OUTPUT)) {
            assertEquals(100, SPARSE.nanoUsd(kind), kind.name());
        }
        assertEquals(2, SPARSE.nanoUsd(Kind.CACHED_INPUT));
        assertEquals(20, Rates.of(Map.of(Kind.INPUT, 20L)).nanoUsd(Kind.CACHED_INPUT));
    }

    @Test
    void cacheWritesFallBackToTheDearestInput() {
        Rates rates =
                Rates.of(
                        Map.of(Kind.INPUT, 8L, Kind.CACHE_WRITE_5M, 10L, Kind.CACHE_WRITE_1H, 16L));
        assertEquals(10, rates.nanoUsd(Kind.CACHE_WRITE_5M));
        assertEquals(16, rates.nanoUsd(Kind.CACHE_WRITE_30M));
        assertEquals(16, rates.nanoUsd(Kind.CACHE_WRITE_12H));
        assertEquals(8, rates.nanoUsd(Kind.INPUT));
    }

    @Test
    void sidesWithoutAnyPriceAreFree() {
        Rates embedding = Rates.of(Map.of(Kind.INPUT, 20L));
        assertEquals(0, embedding.nanoUsd(Kind.OUTPUT));
        assertEquals(0, embedding.nanoUsd(Kind.REASONING));
        assertEquals(0, embedding.nanoUsd(Kind.WEB_SEARCH));
        assertEquals(7, Rates.of(Map.of(Kind.WEB_SEARCH, 7L)).nanoUsd(Kind.FILE_SEARCH));
    }

    @Test
    void dearestIsNeverBelowAKindOfItsSide() {
        Dice dice = new Dice();
        for (int i = 0; i < 10_000; i++) {
            Rates rates = dice.price().cards().getFirst().steps().getFirst().rates();
            for (Kind kind : Kind.values()) {
                if (kind.side() == Kind.Side.MEDIA) {
                    continue;
                }
                Kind dearest = rates.dearest(kind.side());
                assertTrue(rates.nanoUsd(kind) <= rates.nanoUsd(dearest), () -> dice.replay(rates));
            }
        }
    }

    @Test
    void factorsAreExactOrRoundedUpAndLeaveCallsAlone() {
        Rates whole = Rates.of(Map.of(Kind.INPUT, 3L, Kind.OUTPUT, 4L, Kind.WEB_SEARCH, 6L));
        Rates half = whole.times(500);
        assertEquals(2, half.nanoUsd(Kind.INPUT));
        assertEquals(2, half.nanoUsd(Kind.OUTPUT));
        assertEquals(6, half.nanoUsd(Kind.WEB_SEARCH));
    }

    @Test
    void refusesPricesOutOfRange() {
        long most = Rates.MAX_NANO_USD;
        assertEquals(most, Rates.of(Map.of(Kind.INPUT, most)).nanoUsd(Kind.INPUT));
        assertThrows(IllegalArgumentException.class, () -> Rates.of(Map.of(Kind.INPUT, most + 1)));
        assertThrows(IllegalArgumentException.class, () -> Rates.of(Map.of(Kind.INPUT, -1L)));
        Rates dear = Rates.of(Map.of(Kind.INPUT, most));
        for (int factor : new int[] {Integer.MIN_VALUE, 0, 1001, 10_001, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> dear.times(factor));
        }
    }
}
