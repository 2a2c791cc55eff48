package weir.usage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Billable amounts of one request and one model, by {@link Kind}. Never negative; immutable. */
public final class Usage {
    /**
     * The most that one kind may hold (10^12). A provider that reports more is broken; the bound
     * keeps every sum of usages far from overflow.
     */
    public static final long MAX_AMOUNT = 1_000_000_000_000L;

    public static final Usage NONE = new Usage(new long[Kind.ALL.size()]);

    private final long[] amounts;
    private final long inputTokens;
    private final long outputTokens;

    private Usage(long[] amounts) {
        this.amounts = amounts;
        this.inputTokens = total(Kind.Side.INPUT);
        this.outputTokens = total(Kind.Side.OUTPUT);
    }

    public static Usage of(Kind kind, long amount) {
        return new Tally().set(kind, amount).toUsage();
    }

    public static Usage ofTokens(long inputTokens, long outputTokens) {
        return new Tally().set(Kind.INPUT, inputTokens).set(Kind.OUTPUT, outputTokens).toUsage();
    }

    /** Units of this kind: tokens, pieces, calls, milliseconds. */
    public long amount(Kind kind) {
        return amounts[kind.ordinal()];
    }

    public long inputTokens() {
        return inputTokens;
    }

    public long outputTokens() {
        return outputTokens;
    }

    /** What is billed by other things than tokens and calls of tools; nothing else is kept. */
    public Usage media() {
        Tally media = new Tally();
        for (Kind kind : Kind.ALL) {
            if (kind.side() == Kind.Side.MEDIA) {
                media.set(kind, amount(kind));
            }
        }
        return media.toUsage();
    }

    public long totalTokens() {
        return inputTokens() + outputTokens();
    }

    private long total(Kind.Side side) {
        long sum = 0;
        for (Kind kind : Kind.ALL) {
            if (kind.side() == side) {
                sum += amount(kind);
            }
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Usage usage && Arrays.equals(amounts, usage.amounts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(amounts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Usage{");
        for (Kind kind : Kind.ALL) {
            if (amount(kind) != 0) {
                text.append(text.length() == 6 ? "" : ", ")
                        .append(kind)
                        .append('=')
                        .append(amount(kind));
            }
        }
        return text.append('}').toString();
    }

    /** Collects amounts while a response goes by, each clamped to 0..{@link #MAX_AMOUNT}. */
    public static final class Tally {
        /** Null while all are 0: of what is seldom used a tally is kept for every request. */
        private long @Nullable [] amounts;

        /** Whether a usage has them too, which does not change. */
        private boolean shared;

        public Tally set(Kind kind, long amount) {
            long clamped = clamp(amount);
            if (amounts == null && clamped == 0) {
                return this;
            }
            if (amounts == null) {
                amounts = new long[Kind.ALL.size()];
            } else if (shared) {
                amounts = amounts.clone();
            }
            shared = false;
            amounts[kind.ordinal()] = clamped;
            return this;
        }

        public Tally add(Kind kind, long amount) {
            return set(kind, amount(kind) + clamp(amount));
        }

        public long amount(Kind kind) {
            return amounts == null ? 0 : amounts[kind.ordinal()];
        }

        public Usage toUsage() {
            shared = amounts != null;
            return amounts == null ? NONE : new Usage(amounts);
        }

        private static long clamp(long amount) {
            return Math.clamp(amount, 0, MAX_AMOUNT);
        }
    }
}
