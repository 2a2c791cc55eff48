package weir.price;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import weir.usage.Kind;
import weir.usage.Kind.Side;

/**
 * What one unit of every {@link Kind} costs, in nano-dollars per million units. A price list rarely
 * names every kind, and a provider may report one that its list does not name; so the gaps are
 * closed when the rates are made, and a sum over kinds never meets a kind without a price:
 *
 * <ul>
 *   <li>cached input, audio input and image input cost what input costs
 *   <li>a cache write costs the dearest price that is given on the input side: writing is where a
 *       list that is silent may hide a surcharge
 *   <li>reasoning, audio output and image output cost what output costs
 *   <li>input or output itself, where it is missing, costs the dearest price given on its side, 0
 *       if none is (an embedding has no output)
 *   <li>a call costs the dearest call that is given, 0 if none is
 * </ul>
 */
public final class Rates {
    /** 100,000 USD per million, 10 cents a unit: nothing billed by these kinds comes near. */
    static final long MAX_NANO_USD_PER_MILLION = 100_000_000_000_000L;

    /** Ten times; the largest price times this is below 2^63. */
    static final int MAX_FACTOR_THOUSANDTHS = 10_000;

    /** Kinds that are tokens; a region's uplift is on them. */
    static final List<Kind> TOKENS =
            Stream.of(Kind.values()).filter(k -> k.side() != Side.CALLS).toList();

    /** Kinds that are calls. */
    static final List<Kind> CALLS =
            Stream.of(Kind.values()).filter(k -> k.side() == Side.CALLS).toList();

    private static final Kind[] KINDS = Kind.values();

    private final long[] perMillion;

    private Rates(long[] perMillion) {
        this.perMillion = perMillion;
    }

    /**
     * Closes the gaps of a price list.
     *
     * @param given nano-dollars per million units, each 0 to {@link #MAX_NANO_USD_PER_MILLION}
     * @throws IllegalArgumentException if a price is out of range
     */
    public static Rates of(Map<Kind, Long> given) {
        given.forEach(Rates::checked);
        long[] perMillion = new long[KINDS.length];
        for (Kind kind : KINDS) {
            perMillion[kind.ordinal()] = filled(given, kind);
        }
        return new Rates(perMillion);
    }

    private static void checked(Kind kind, long price) {
        if (price < 0 || price > MAX_NANO_USD_PER_MILLION) {
            throw new IllegalArgumentException(
                    kind
                            + " costs "
                            + price
                            + " nano-dollars per million; allowed is 0 to "
                            + MAX_NANO_USD_PER_MILLION);
        }
    }

    private static long filled(Map<Kind, Long> given, Kind kind) {
        Long price = given.get(kind);
        if (price != null) {
            return price;
        }
        return switch (kind) {
            case CACHED_INPUT, AUDIO_INPUT, IMAGE_INPUT -> filled(given, Kind.INPUT);
            case REASONING, AUDIO_OUTPUT, IMAGE_OUTPUT -> filled(given, Kind.OUTPUT);
            case INPUT, CACHE_WRITE_5M, CACHE_WRITE_30M, CACHE_WRITE_1H, CACHE_WRITE_12H ->
                    dearest(given, Side.INPUT);
            case OUTPUT -> dearest(given, Side.OUTPUT);
            case WEB_SEARCH, FILE_SEARCH -> dearest(given, Side.CALLS);
        };
    }

    private static long dearest(Map<Kind, Long> given, Side side) {
        return given.entrySet().stream()
                .filter(e -> e.getKey().side() == side)
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    long nanoUsdPerMillion(Kind kind) {
        return perMillion[kind.ordinal()];
    }

    /** The kind of this side that costs most: no mixture of its kinds costs more. */
    Kind dearest(Side side) {
        Kind dearest =
                switch (side) {
                    case INPUT -> Kind.INPUT;
                    case OUTPUT -> Kind.OUTPUT;
                    case CALLS -> Kind.WEB_SEARCH;
                };
        for (Kind kind : KINDS) {
            if (kind.side() == side && nanoUsdPerMillion(kind) > nanoUsdPerMillion(dearest)) {
                dearest = kind;
            }
        }
        return dearest;
    }

    /**
     * These rates with every token price multiplied, rounded up to a whole nano-dollar per million.
     * Calls keep their price: no list gives a discount or a surcharge on them.
     *
     * @param thousandths 500 halves; 1 to {@link #MAX_FACTOR_THOUSANDTHS}
     * @throws IllegalArgumentException if the factor, or a price that it makes, is out of range
     */
    Rates times(int thousandths) {
        if (thousandths < 1 || thousandths > MAX_FACTOR_THOUSANDTHS) {
            throw new IllegalArgumentException(
                    "factor of "
                            + thousandths
                            + " thousandths; allowed is 1 to "
                            + MAX_FACTOR_THOUSANDTHS);
        }
        long[] scaled = perMillion.clone();
        for (Kind kind : TOKENS) {
            scaled[kind.ordinal()] = Math.ceilDiv(nanoUsdPerMillion(kind) * thousandths, 1000L);
        }
        for (Kind kind : KINDS) {
            checked(kind, scaled[kind.ordinal()]);
        }
        return new Rates(scaled);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rates rates && Arrays.equals(perMillion, rates.perMillion);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(perMillion);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Rates{");
        for (Kind kind : KINDS) {
            text.append(kind).append('=').append(Usd.format(nanoUsdPerMillion(kind))).append(' ');
        }
        return text.append("USD per million}").toString();
    }
}
