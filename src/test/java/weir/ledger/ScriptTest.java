package weir.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import weir.limit.Meter;

final class ScriptTest {
    private static long constant(String name) {
        Matcher m =
                Pattern.compile("local " + name + " = (\\d+)\n").matcher(Script.RESERVE.source());
        assertTrue(m.find(), name);
        return Long.parseLong(m.group(1));
    }

    @Test
    void luaAndJavaStateTheSameNumbers() {
        assertEquals(Lifetimes.OVERDUE_AT_ONCE, constant("OVERDUE_AT_ONCE"));
        assertEquals(Lifetimes.REMEMBER_MILLIS, constant("REMEMBER_MS"));
        assertEquals(Lifetimes.AFTER_WINDOW_MILLIS, constant("AFTER_WINDOW_MS"));
        assertEquals(Lifetimes.TOTAL_MILLIS, constant("TOTAL_MS"));
        assertEquals(Lease.MILLIS, constant("LEASE_MS"));
        assertEquals(Lease.RECALL_MILLIS, constant("RECALL_MS"));
        assertEquals(Reservation.Stretch.SHARE, constant("SHARE"));
        assertEquals(Meter.Spend.MAX_NANO_USD, constant("MOST"));
    }
}
