package weir.proxy;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import weir.provider.Fault;

/** For how long a credential rests with which a provider has found fault. */
final class Rest {
    private static final long SECOND_MILLIS = 1_000;

    /** Where the provider does not say: rates are counted by the minute, and most refill. */
    private static final long USUAL_MILLIS = 10 * SECOND_MILLIS;

    /** Somebody has to do something: look again now and then. */
    private static final long NO_MONEY_MILLIS = 600 * SECOND_MILLIS;

    /** Daily quotas are told as a day; whoever raised one does not want to wait for it. */
    private static final long MAX_MILLIS = 3_600 * SECOND_MILLIS;

    private Rest() {}

    /** In milliseconds, from a second to an hour. */
    static long millis(Fault fault, MultiMap headers) {
        if (fault == Fault.OUT_OF_MONEY) {
            return NO_MONEY_MILLIS;
        }
        long told = number(headers.get("retry-after-ms"), 1);
        if (told <= 0) {
            told = number(headers.get("retry-after"), SECOND_MILLIS);
        }
        return told <= 0 ? USUAL_MILLIS : Math.clamp(told, SECOND_MILLIS, MAX_MILLIS);
    }

    /** A number of at most nine digits, rounded up; -1 for anything else, such as a date. */
    private static long number(@Nullable String text, long unitMillis) {
        if (text == null || !text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return -1;
        }
        int dot = text.indexOf('.');
        long whole = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
        return (dot < 0 ? whole : whole + 1) * unitMillis;
    }
}
