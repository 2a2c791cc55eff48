package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import weir.redis.TestCluster;

final class HashSlotTest {
    @Test
    void isWhatRedisSays() {
        // The check value of CRC16 XMODEM, as the cluster specification gives it.
        assertEquals(0x31c3, HashSlot.of("123456789"));
        for (String tag : new String[] {"shop", "a", "x%3Ay", "tenant-42", "ü"}) {
            assertEquals(
                    TestCluster.shared().slotOf("weir:{" + tag + "}:limit"), HashSlot.of(tag), tag);
        }
    }
}
