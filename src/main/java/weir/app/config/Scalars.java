package weir.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.limit.Glob;
import weir.limit.Window;
import weir.price.Usd;

/** The kinds of text in weir.yaml. Numbers are whole, money is exact; no floating point. */
final class Scalars {
    /** Above any rate that means something, and small enough that no product below overflows. */
    static final long MAX_COUNT = 1_000_000_000_000L;

    /** Beyond a month a rate is a budget. */
    private static final long MAX_PERIOD_MICROS = 31 * 86_400_000_000L;

    private static final long MAX_TOKENS = 1_000_000_000;
    private static final long MAX_PRICE_NANO_USD = 100_000_000_000_000L;
    private static final long DAY_MILLIS = 86_400_000;
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "day", DAY_MILLIS);

    private static final Pattern UNITS = Pattern.compile("([0-9_]*)([a-z]+)");
    private static final Pattern MONEY = Pattern.compile("([0-9_]+)(\\.[0-9]{1,9})? USD");
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}");
    private static final Pattern SHA256 = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,256}");

    /** The first segment of a URL. */
    static final Scalar<String> PROVIDER_NAME =
            new Scalar<>("1 to 63 of a-z 0-9 . _ -, a letter or digit first", matching(PROVIDER));

    /** What may become a metric label, a ledger key and part of a header. */
    static final Scalar<String> NAMED =
            new Scalar<>(
                    "1 to 128 of A-Z a-z 0-9 . _ : / @ + -, a letter or digit first",
                    matching(NAME));

    static final Scalar<String> LABEL =
            new Scalar<>("1 to 256 visible ASCII characters, no spaces", matching(VISIBLE));

    static final Scalar<Glob> GLOB =
            new Scalar<>(
                    "a text or a list of texts, * for any characters, no spaces",
                    text -> VISIBLE.matcher(text).matches() ? new Glob(text) : null);

    static final Scalar<String> HASH =
            new Scalar<>(
                    "the key's SHA-256 in 64 hexadecimal digits",
                    text -> SHA256.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : null);

    static final Scalar<Instant> EXPIRY =
            new Scalar<>(
                    "a date (refused from its first moment in UTC on), or an instant such as"
                            + " 2027-01-01T12:00:00Z",
                    Scalars::instant);

    static final Scalar<Integer> PRIORITY =
            new Scalar<>(
                    "a whole number from 1 to " + Caller.MAX_PRIORITY,
                    text -> {
                        Long number = positive(text);
                        return number == null || number > Caller.MAX_PRIORITY
                                ? null
                                : number.intValue();
                    });

    static final Scalar<URI> BASE_URL =
            new Scalar<>(
                    "an absolute http or https URL without user, query and fragment",
                    Scalars::baseUrl);

    static final Scalar<Long> COUNT =
            new Scalar<>("a whole number from 1 to 1_000_000_000_000", text -> positive(text));

    static final Scalar<Long> TOKENS =
            new Scalar<>("a whole number of tokens, at most 1_000_000_000", Scalars::tokens);

    /** Nano-dollars. */
    static final Scalar<Long> PRICE =
            new Scalar<>(
                    "USD for a million tokens or characters, one piece or call, or one hour:"
                            + " 0 to 100000, at most 9 decimals",
                    Scalars::price);

    static final Scalar<Rate> RATE =
            new Scalar<>(
                    "<count>/<period>, period one of s, min, h, day, or a multiple such as 10s,"
                            + " at most 31day",
                    Scalars::rate);

    static final Scalar<Long> DURATION_MILLIS =
            new Scalar<>(
                    "a whole number of ms, s, min or h such as 30s, at least 1ms and at most 24h",
                    Scalars::duration);

    /** Percent of a rate. */
    static final Scalar<Long> BURST =
            new Scalar<>("1% to 10000%, whole", text -> percent(text, 10_000));

    static final Scalar<Integer> THRESHOLD =
            new Scalar<>(
                    "1% to 99%, whole",
                    text -> {
                        Long percent = percent(text, 99);
                        return percent == null ? null : percent.intValue();
                    });

    static final Scalar<Money> SPEND =
            new Scalar<>(
                    "<amount> USD/<window>, at most 4503599 USD, at most 9 decimals, window one of"
                            + " hour, day, week, month, total",
                    Scalars::spend);

    static final Scalar<ZoneId> ZONE =
            new Scalar<>("a time zone such as Europe/Berlin or UTC", Scalars::zone);

    private Scalars() {}

    /** {@code count} in every {@code periodMicros}. */
    record Rate(long count, long periodMicros) {}

    record Money(long nanoUsd, Window.Period period) {}

    /** Nano-dollars, at most {@link Usd#MAX_NANO_USD}. */
    static @Nullable Long nanoUsd(String text) {
        Matcher money = MONEY.matcher(text);
        if (!money.matches()) {
            return null;
        }
        Long dollars = number(money.group(1));
        if (dollars == null) {
            return null;
        }
        String decimals = money.group(2) == null ? "" : money.group(2);
        try {
            return Usd.parseNano(dollars + decimals);
        } catch (IllegalArgumentException tooMuch) {
            return null;
        }
    }

    private static @Nullable Long price(String text) {
        Long nanoUsd = nanoUsd(text + " USD");
        return nanoUsd == null || nanoUsd > MAX_PRICE_NANO_USD ? null : nanoUsd;
    }

    private static @Nullable Long tokens(String text) {
        Long tokens = number(text);
        return tokens == null || tokens > MAX_TOKENS ? null : tokens;
    }

    private static @Nullable Money spend(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        Long nanoUsd = nanoUsd(text.substring(0, slash));
        for (Window.Period period : Window.Period.values()) {
            if (nanoUsd != null && period.word().equals(text.substring(slash + 1))) {
                return new Money(nanoUsd, period);
            }
        }
        return null;
    }

    private static @Nullable Rate rate(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        Long count = positive(text.substring(0, slash));
        Long millis = millis(text.substring(slash + 1), 1);
        if (count == null || millis == null || text.endsWith("ms")) {
            return null;
        }
        long micros = millis * 1_000;
        return micros <= MAX_PERIOD_MICROS ? new Rate(count, micros) : null;
    }

    private static @Nullable Long duration(String text) {
        Long millis = millis(text, null);
        return millis == null || millis > DAY_MILLIS ? null : millis;
    }

    /** A count and a unit, the count left out only where there is one to {@code fallback} to. */
    private static @Nullable Long millis(String text, @Nullable Integer fallback) {
        Matcher parts = UNITS.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        Long unit = MILLIS.get(parts.group(2));
        Long count =
                parts.group(1).isEmpty()
                        ? (fallback == null ? null : Long.valueOf(fallback))
                        : positive(parts.group(1));
        return unit == null || count == null || count > MAX_COUNT / DAY_MILLIS
                ? null
                : count * unit;
    }

    private static @Nullable Long percent(String text, long max) {
        Long percent = text.endsWith("%") ? positive(text.substring(0, text.length() - 1)) : null;
        return percent == null || percent > max ? null : percent;
    }

    private static @Nullable Long positive(String text) {
        Long number = number(text);
        return number == null || number < 1 ? null : number;
    }

    /** 0 to {@link #MAX_COUNT}; single underscores may stand between digits. */
    private static @Nullable Long number(String text) {
        String digits = text.replace("_", "");
        boolean plain = !text.startsWith("_") && !text.endsWith("_") && !text.contains("__");
        if (!plain || digits.isEmpty() || digits.length() > 18) {
            return null;
        }
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        long number = Long.parseLong(digits);
        return number <= MAX_COUNT ? number : null;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable URI baseUrl(String text) {
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            String scheme = uri.getScheme();
            boolean web = "http".equals(scheme) || "https".equals(scheme);
            boolean bare =
                    uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            return web && bare && uri.getHost() != null && uri.getPort() <= 65_535 ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Scalar.Reader<String> matching(Pattern pattern) {
        return text -> pattern.matcher(text).matches() ? text : null;
    }
}
