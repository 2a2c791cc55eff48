package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulatedProviderMainTest {
    @Test
    void readsItsArguments() {
        SimulatedOptions options =
                options(
                        "--port 1234 --threads 3 --script gzip --no-record"
                                + " --tls-cert c --tls-key k");
        assertEquals(1234, options.port());
        assertEquals(3, options.eventLoops());
        assertEquals("gzip", options.script());
        assertFalse(options.record());
        assertEquals("c", options.certPath());
        assertEquals("k", options.keyPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port x", "--fly", "--tls-cert c", "--tls-key k"})
    void refusesWhatItDoesNotKnow(String arguments) {
        assertThrows(IllegalArgumentException.class, () -> options(arguments));
    }

    private static SimulatedOptions options(String arguments) {
        return SimulatedProviderMain.options(arguments.split(" ", -1));
    }
}
