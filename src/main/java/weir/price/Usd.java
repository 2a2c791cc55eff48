package weir.price;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** US dollars as people write them, to and from whole nano-dollars. Nothing here rounds. */
public final class Usd {
    /**
     * The most nano-dollars that any amount of money may have: 2^52, some 4.5 million USD. Whatever
     * is counted in a ledger's Lua stays exact below 2^53, and one amount on top of another still
     * does.
     */
    public static final long MAX_NANO_USD = 1L << 52;

    private static final long NANOS = 1_000_000_000;
    private static final int DECIMALS = 9;
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,7}(?:\\.\\d{1,9})?)( USD)?");

    private Usd() {}

    /**
     * Reads an amount such as {@code 50}, {@code 0.25} or {@code 50 USD}.
     *
     * @return nano-dollars, 0 to {@link #MAX_NANO_USD}
     * @throws IllegalArgumentException if the text is anything else; the message says what is
     *     allowed
     */
    public static long parseNano(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw refused(text);
        }
        BigDecimal dollars = new BigDecimal(amount.group(1));
        long nanoUsd = dollars.movePointRight(DECIMALS).longValueExact();
        if (nanoUsd > MAX_NANO_USD) {
            throw refused(text);
        }
        return nanoUsd;
    }

    /**
     * Writes nano-dollars as decimal dollars with no more digits than the amount has: {@code 0},
     * {@code 1.5}, {@code 0.000123}, {@code -0.2}. Any {@code long} is allowed.
     */
    public static String format(long nanoUsd) {
        StringBuilder text = new StringBuilder(nanoUsd < 0 ? "-" : "");
        text.append(Math.absExact(nanoUsd / NANOS));
        long fraction = Math.absExact(nanoUsd % NANOS);
        if (fraction != 0) {
            String digits = Long.toString(NANOS + fraction);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append('.').append(digits, 1, end);
        }
        return text.toString();
    }

    private static IllegalArgumentException refused(String text) {
        String found = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return new IllegalArgumentException(
                "'"
                        + found
                        + "' is not an amount of money; allowed is"
                        + " a plain decimal number of US dollars from 0 to "
                        + format(MAX_NANO_USD)
                        + " with at most "
                        + DECIMALS
                        + " decimals, such as 50, 0.25 or 50 USD");
    }
}
