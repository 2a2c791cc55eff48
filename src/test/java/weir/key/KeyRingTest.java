package weir.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.key.KeyRing.Identity;
import weir.limit.Glob;

final class KeyRingTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Caller CHECKOUT =
            new Caller("checkout", "shop", Map.of(), List.of(), List.of(new Glob("gpt-6*")), 1);
    private static final Caller POD = Caller.ofTenant("pod");

    private static VirtualKey key(String key, Instant expires) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return new VirtualKey(HexFormat.of().formatHex(hash), CHECKOUT, expires);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private final KeyRing open = new KeyRing(List.of(key("wk_a", Instant.MAX)), POD);
    private final KeyRing closed = new KeyRing(List.of(key("wk_a", NOW)), null);

    @Test
    void aKeyIsItsCaller() {
        assertEquals(new Identity.Known(CHECKOUT), open.identify("wk_a", NOW));
    }

    @Test
    void aKeyOfOursThatIsWrongIsNeverThePod() {
        assertEquals(new Identity.Unknown(), open.identify("wk_b", NOW));
        assertEquals(new Identity.Unknown(), open.identify("wk_a ", NOW));
    }

    @Test
    void aPlaceholderIsThePodOrNobody() {
        assertEquals(new Identity.Known(POD), open.identify("unused", NOW));
        assertEquals(new Identity.Known(POD), open.identify(null, NOW));
        assertEquals(new Identity.Missing(), closed.identify("unused", NOW));
    }

    @Test
    void aKeyIsRefusedFromItsExpiryOn() {
        assertEquals(new Identity.Unknown(), closed.identify("wk_a", NOW));
        assertEquals(new Identity.Known(CHECKOUT), closed.identify("wk_a", NOW.minusMillis(1)));
    }

    @Test
    void aHashIsWhole() {
        assertThrows(
                IllegalArgumentException.class, () -> new VirtualKey("ab", CHECKOUT, Instant.MAX));
    }

    @Test
    void everyModelHasToBeAllowed() {
        assertTrue(CHECKOUT.mayUse(List.of("gpt-6-luna", "gpt-6-sol")));
        assertFalse(CHECKOUT.mayUse(List.of("gpt-6-luna", "o3")));
        assertFalse(CHECKOUT.mayUse(List.of()), "a model that nobody can tell");
        assertTrue(POD.mayUse(List.of()));
    }

    @Test
    void aSecretShowsItselfToNobody() {
        assertFalse(Credential.of("main", new Secret("sk-1")).toString().contains("sk-1"));
    }
}
