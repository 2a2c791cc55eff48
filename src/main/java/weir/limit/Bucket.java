package weir.limit;

import java.math.BigInteger;

/**
 * A token bucket in exact integers.
 *
 * <p>The level is kept in <em>units</em>, chosen so that both the price of one token and the refill
 * of one microsecond are whole numbers: a rate of {@code a} tokens in {@code p} microseconds
 * refills {@code a / gcd(a, p)} units a microsecond and one token costs {@code p / gcd(a, p)}
 * units. 600 a minute is 1 unit a microsecond and 100,000 units a token; 1,000,000 a minute is 1
 * unit a microsecond and 60 a token. Nothing is ever rounded, so a bucket that is asked a million
 * times a second drifts by nothing.
 *
 * <p>A level may be negative: settlement charges what was really used, also where that is more than
 * was reserved, and callers wait the debt off. It never rises above the capacity.
 *
 * <p>The Redis ledger runs the same law in Lua, whose numbers are exact below 2^53; the constructor
 * refuses rates that would leave that range.
 */
public record Bucket(long tokens, long periodMicros, long capacityTokens) {
    /** Largest absolute level in units, and largest number that this law ever forms: 2^52. */
    public static final long MAX_UNITS = 1L << 52;

    /**
     * @param tokens refill per period, at least 1
     * @param periodMicros at least 1
     * @param capacityTokens the burst, at least 1
     * @throws IllegalArgumentException if one is below 1, or the bucket cannot be counted exactly
     *     below 2^52
     */
    public Bucket {
        if (tokens < 1 || periodMicros < 1 || capacityTokens < 1) {
            throw new IllegalArgumentException("tokens, period and capacity must be at least 1");
        }
        if (BigInteger.valueOf(capacityTokens)
                        .multiply(BigInteger.valueOf(periodMicros / gcd(tokens, periodMicros)))
                        .bitLength()
                > 51) {
            throw new IllegalArgumentException(
                    "cannot be counted exactly: choose a rounder number or a shorter period");
        }
    }

    /** Level and the time for which it is true. */
    public record State(long levelUnits, long atMicros) {}

    public long unitsPerToken() {
        return periodMicros / gcd(tokens, periodMicros);
    }

    public long unitsPerMicro() {
        return tokens / gcd(tokens, periodMicros);
    }

    public long capacityUnits() {
        return capacityTokens * unitsPerToken();
    }

    public State full(long nowMicros) {
        return new State(capacityUnits(), nowMicros);
    }

    /**
     * The state at {@code nowMicros}; a clock that went backwards refills nothing and keeps the
     * later time.
     */
    public State refill(State state, long nowMicros) {
        long elapsed = nowMicros - state.atMicros();
        if (elapsed <= 0) {
            return state;
        }
        long missing = capacityUnits() - state.levelUnits();
        long level =
                elapsed >= microsFor(missing)
                        ? capacityUnits()
                        : state.levelUnits() + elapsed * unitsPerMicro();
        return new State(level, nowMicros);
    }

    public boolean covers(State state, long amountTokens) {
        return amountTokens <= capacityTokens
                && state.levelUnits() >= amountTokens * unitsPerToken();
    }

    /**
     * Takes (or, where negative, gives back) tokens. The level stays within ±{@link #MAX_UNITS} and
     * below the capacity, so that neither a debt nor a gift can leave the exact range.
     */
    public State take(State state, long amountTokens) {
        long bound = 2 * MAX_UNITS / unitsPerToken();
        long units = Math.clamp(amountTokens, -bound, bound) * unitsPerToken();
        long level = Math.clamp(state.levelUnits() - units, -MAX_UNITS, capacityUnits());
        return new State(level, state.atMicros());
    }

    /** Whole tokens left, rounded down; 0 when in debt. */
    public long leftTokens(State state) {
        return Math.max(0, state.levelUnits()) / unitsPerToken();
    }

    /** Microseconds until {@code amountTokens} are there, rounded up; 0 when they are. */
    public long waitMicros(State state, long amountTokens) {
        return microsFor(amountTokens * unitsPerToken() - state.levelUnits());
    }

    /** Microseconds until the bucket is full, rounded up. */
    public long microsToFull(State state) {
        return microsFor(capacityUnits() - state.levelUnits());
    }

    private long microsFor(long units) {
        return units <= 0 ? 0 : Math.ceilDiv(units, unitsPerMicro());
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
