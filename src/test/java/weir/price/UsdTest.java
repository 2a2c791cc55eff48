package weir.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsdTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "50 USD, 50000000000",
        "50, 50000000000",
        "0.25, 250000000",
        "0.000000001, 1",
        "0.100000000, 100000000",
        "4503599.627370496 USD, 4503599627370496",
    })
    void readsExactly(String text, long nanoUsd) {
        assertEquals(nanoUsd, Usd.parseNano(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1e3",
                "NaN",
                "Infinity",
                "1,5",
                "1.",
                ".5",
                "0x10",
                "1 EUR",
                "USD 1",
                "1USD",
                "1 usd",
                " 1",
                "1 ",
                "0.0000000001",
                "4503599.627370497",
                "99999999",
                "१"
            })
    void refusesAnythingElseAndSaysWhatIsAllowed(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> Usd.parseNano(text));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("'" + text + "'"), message);
        assertTrue(message.contains("allowed is"), message);
    }

    @Test
    void quotesLongTextInPartOnly() {
        String nines = "9".repeat(100_000);
        var e = assertThrows(IllegalArgumentException.class, () -> Usd.parseNano(nines));
        assertTrue(String.valueOf(e.getMessage()).length() < 300, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.000000001",
        "123000, 0.000123",
        "1500000000, 1.5",
        "50000000000, 50",
        "-200000000, -0.2",
        "9223372036854775807, 9223372036.854775807",
        "-9223372036854775808, -9223372036.854775808",
    })
    void writesExactly(long nanoUsd, String text) {
        assertEquals(text, Usd.format(nanoUsd));
    }

    @Test
    void readsWhatItWrites() {
        Dice dice = new Dice();
        for (int i = 0; i < 100_000; i++) {
            long nanoUsd = dice.upTo(Usd.MAX_NANO_USD);
            assertEquals(nanoUsd, Usd.parseNano(Usd.format(nanoUsd)), () -> dice.replay(nanoUsd));
        }
    }
}
