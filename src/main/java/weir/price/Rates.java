package weir.price;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import weir.usage.Kind;
import weir.usage.Kind.Side;
import weir.usage.Usage;

/**
 * What every {@link Kind} costs, in nano-dollars for as many units as its {@linkplain Kind#per
 * price is for}. A price list rarely names every kind, and a provider may report one that its list
 * does not name; so the gaps are closed when the rates are made, and a sum over kinds never meets a
 * kind without a price:
 *
 * <ul>
 *   <li>cached input, audio, image and video input cost what input costs
 *   <li>cached text, audio and images cost what cached input costs, which is the dearest of them in
 *       a list that tells them apart
 *   <li>a cache write costs the dearest price that is given on the input side: writing is where a
 *       list that is silent may hide a surcharge
 *   <li>reasoning, audio, image and video output cost what output costs
 *   <li>input or output itself, where it is missing, costs the dearest price given on its side, 0
 *       if none is (an embedding has no output)
 *   <li>a call costs the dearest call that is given, 0 if none is
 *   <li>annotated pages cost what pages cost; what else is billed by the piece, length or time has
 *       no price but its own: {@link #covers} says whether there is one
 * </ul>
 */
public final class Rates {
    /** 100,000 USD for a million tokens, a piece or an hour: no price comes near. */
    static final long MAX_NANO_USD = 100_000_000_000_000L;

    /** Ten times; the largest price times this is below 2^63. */
    static final int MAX_FACTOR_THOUSANDTHS = 10_000;

    /** What a model itself does; tiers and a region's uplift are on it. */
    static final List<Kind> MODEL =
            Stream.of(Kind.values()).filter(k -> k.side() != Side.CALLS).toList();

    /** Kinds that are calls. */
    static final List<Kind> CALLS =
            Stream.of(Kind.values()).filter(k -> k.side() == Side.CALLS).toList();

    private static final long NOT_GIVEN = -1;
    private static final Kind[] KINDS = Kind.values();

    private final long[] nanoUsd;

    /** Kinds that a list names: others of what a model makes have no price, however they fall. */
    private final Set<Kind> given;

    private Rates(long[] nanoUsd, Set<Kind> given) {
        this.nanoUsd = nanoUsd;
        this.given = given;
    }

    /**
     * Closes the gaps of a price list.
     *
     * @param given nano-dollars, each 0 to {@link #MAX_NANO_USD}
     * @throws IllegalArgumentException if a price is out of range
     */
    public static Rates of(Map<Kind, Long> given) {
        given.forEach(Rates::checked);
        long[] listed = new long[KINDS.length];
        Arrays.fill(listed, NOT_GIVEN);
        given.forEach((kind, price) -> listed[kind.ordinal()] = price);
        long[] nanoUsd = new long[KINDS.length];
        for (Kind kind : KINDS) {
            nanoUsd[kind.ordinal()] = filled(listed, kind);
        }
        return new Rates(nanoUsd, Set.copyOf(given.keySet()));
    }

    private static void checked(Kind kind, long price) {
        if (price < 0 || price > MAX_NANO_USD) {
            throw new IllegalArgumentException(
                    kind + " costs " + price + " nano-dollars; allowed is 0 to " + MAX_NANO_USD);
        }
    }

    private static long filled(long[] given, Kind kind) {
        long price = given[kind.ordinal()];
        if (price != NOT_GIVEN) {
            return price;
        }
        return switch (kind) {
            case CACHED_INPUT, AUDIO_INPUT, IMAGE_INPUT, VIDEO_INPUT -> filled(given, Kind.INPUT);
            case CACHED_TEXT_INPUT, CACHED_AUDIO_INPUT, CACHED_IMAGE_INPUT ->
                    filled(given, Kind.CACHED_INPUT);
            case REASONING, AUDIO_OUTPUT, IMAGE_OUTPUT, VIDEO_OUTPUT -> filled(given, Kind.OUTPUT);
            case INPUT, CACHE_WRITE_5M, CACHE_WRITE_30M, CACHE_WRITE_1H, CACHE_WRITE_12H ->
                    dearest(given, Side.INPUT);
            case OUTPUT -> dearest(given, Side.OUTPUT);
            case WEB_SEARCH, FILE_SEARCH, MAPS_SEARCH, PAGE_VISIT, CODE_RUN, OTHER_TOOL ->
                    dearest(given, Side.CALLS);
            case ANNOTATED_PAGES -> filled(given, Kind.PAGES);
            case CHARACTERS, IMAGES, INPUT_IMAGES, AUDIO_MILLIS, VIDEO_MILLIS, HARDWARE_MILLIS -> 0;
            case PAGES, SEARCH_UNITS, STORED_TOKEN_HOURS, REQUESTS -> 0;
        };
    }

    private static long dearest(long[] given, Side side) {
        long dearest = 0;
        for (Kind kind : KINDS) {
            if (kind.side() == side) {
                dearest = Math.max(dearest, given[kind.ordinal()]);
            }
        }
        return dearest;
    }

    /** Nano-dollars for as many units as {@link Kind#per} says. */
    long nanoUsd(Kind kind) {
        return nanoUsd[kind.ordinal()];
    }

    /** Whether any of this that is no token and no call has a price, be it 0. */
    boolean knows(Usage usage) {
        for (Kind kind : KINDS) {
            if (kind.side() == Side.MEDIA && usage.amount(kind) > 0 && isPriced(kind)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of this that is no token and no call has a price, be it 0. */
    boolean covers(Usage usage) {
        for (Kind kind : KINDS) {
            if (kind.side() == Side.MEDIA && usage.amount(kind) > 0 && !isPriced(kind)) {
                return false;
            }
        }
        return true;
    }

    private boolean isPriced(Kind kind) {
        return given.contains(kind) || nanoUsd(kind) > 0;
    }

    /** Whether tokens have a price, be it 0. */
    boolean coversTokens() {
        for (Kind kind : given) {
            if (kind.side() == Side.INPUT || kind.side() == Side.OUTPUT) {
                return true;
            }
        }
        return false;
    }

    /** The kind of a side whose kinds all have one unit: no mixture of them costs more. */
    Kind dearest(Side side) {
        Kind dearest =
                switch (side) {
                    case INPUT -> Kind.INPUT;
                    case OUTPUT -> Kind.OUTPUT;
                    case CALLS -> Kind.WEB_SEARCH;
                    case MEDIA -> throw new IllegalArgumentException("media have many units");
                };
        for (Kind kind : KINDS) {
            if (kind.side() == side && nanoUsd(kind) > nanoUsd(dearest)) {
                dearest = kind;
            }
        }
        return dearest;
    }

    /**
     * These rates multiplied, each rounded up to a whole nano-dollar. Calls keep their price: no
     * list gives a discount or a surcharge on them.
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
        long[] scaled = nanoUsd.clone();
        for (Kind kind : MODEL) {
            scaled[kind.ordinal()] = Math.ceilDiv(nanoUsd(kind) * thousandths, 1000L);
        }
        for (Kind kind : KINDS) {
            checked(kind, scaled[kind.ordinal()]);
        }
        return new Rates(scaled, given);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rates rates && Arrays.equals(nanoUsd, rates.nanoUsd);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nanoUsd);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Rates{");
        for (Kind kind : KINDS) {
            if (nanoUsd(kind) != 0) {
                text.append(kind).append('=').append(Usd.format(nanoUsd(kind))).append(' ');
            }
        }
        return text.append("USD}").toString();
    }
}
