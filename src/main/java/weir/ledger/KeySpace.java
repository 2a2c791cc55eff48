package weir.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import weir.limit.Bucket;
import weir.limit.Claim;
import weir.limit.Crossing;
import weir.limit.Meter;
import weir.limit.Standing;
import weir.limit.Window;
import weir.limit.Window.Span;

/**
 * Every key of the ledger.
 *
 * <pre>
 * weir:{TAG}:LIMIT:UNIT:SCOPE...:TOKENS.PERIOD.CAPACITY          a rate's level and time
 * weir:{TAG}:LIMIT:UNIT:SCOPE...:TOKENS.PERIOD.CAPACITY:leases   who holds leases on it
 * weir:{TAG}:LIMIT:concurrent:SCOPE...                           requests in flight by deadline
 * weir:{TAG}:LIMIT:concurrent:SCOPE...:state                     the first deadline, what is leased
 * weir:{TAG}:LIMIT:concurrent:SCOPE...:leases                    who holds leases on them
 * weir:{TAG}:LIMIT:spend:SCOPE...:PERIOD.START                   what a window has spent and holds
 * weir:{TAG}:LIMIT:spend:SCOPE...:PERIOD.START:holds             its holds and leases by deadline
 * weir:{TAG}:LIMIT:spend:SCOPE...:PERIOD.START:soft:...          who told of that threshold
 * weir:{TAG}::settled:SIDECAR                                    the last settlement applied
 * weir:sidecars                                                  who shares the ledger
 * weir:cooldowns                                                 credentials that rest
 * weir:{jobs}:ACCOUNT                                            what goes on at a provider
 * weir:{jobs}:ACCOUNT:notes                                      what is known of it
 * </pre>
 *
 * <p>{@code law.lua} says what lies under each.
 *
 * <p>The tag is the tenant where a limit belongs to one tenant, and else the limit's name, so that
 * Redis Cluster keeps what one tenant needs on one shard. A rate's key holds its law: a level is a
 * number of units that another law would misread, so a changed rate starts a new bucket. A budget's
 * key leaves its amount out: what was spent stays spent when the amount changes.
 *
 * <p>Segments are percent-encoded but for letters, digits, {@code _}, {@code .} and {@code -}, so
 * no name of a caller's choice can break out of its place; long scope values become their hash. A
 * limit's name is never empty, hence no limit meets {@code ::settled}.
 */
final class KeySpace {
    /**
     * Longer values are hashed: a header may hold kilobytes, and a key is sent with every request.
     */
    private static final int MAX_SCOPE_CHARS = 64;

    /** Who shares the ledger. */
    static final String SIDECARS = "weir:sidecars";

    /** What is not to be used for a while. */
    static final String COOLDOWNS = "weir:cooldowns";

    private KeySpace() {}

    /**
     * Where a claim is counted.
     *
     * @param epochMillis a moment in the budget's window
     */
    static Place place(Claim claim, long epochMillis) {
        String tag = tag(claim);
        StringBuilder key =
                new StringBuilder(96)
                        .append("weir:{")
                        .append(tag)
                        .append("}:")
                        .append(encode(claim.limit().name()))
                        .append(':')
                        .append(claim.meter().unit().word());
        for (String value : claim.scope()) {
            key.append(':').append(scope(value));
        }
        Span span = Place.NO_WINDOW;
        switch (claim.meter()) {
            case Meter.Rate rate -> law(key, rate.bucket());
            case Meter.Concurrency slots -> {}
            case Meter.Spend spend -> {
                span = spend.window().at(epochMillis);
                turn(key, spend.window(), span);
            }
        }
        return new Place(claim, tag, key.toString(), span);
    }

    /** The hash tag of the counter's keys, by which Redis Cluster keeps them on one shard. */
    static String tag(Claim claim) {
        return encode(claim.limit().belongsToOneTenant() ? claim.tenant() : claim.limit().name());
    }

    /** Where a granted claim was counted, whatever the time is now. */
    static Place place(Standing granted) {
        return place(granted.claim(), granted.windowStartMillis());
    }

    /** Under which a crossing of this threshold of this budget is remembered. */
    static String crossing(Crossing crossing) {
        Standing standing = crossing.standing();
        return place(standing).key() + ":soft:" + crossing.percent() + "." + standing.limit();
    }

    /** The work that is under way in an account at a provider. */
    static String jobs(String account) {
        return "weir:{jobs}:" + sha256(account);
    }

    /** The mark of the last settlement that was applied under this tag. */
    static String mark(String tag, String sidecar) {
        return "weir:{" + tag + "}::settled:" + encode(sidecar);
    }

    private static void law(StringBuilder key, Bucket bucket) {
        key.append(':').append(bucket.tokens()).append('.').append(bucket.periodMicros());
        key.append('.').append(bucket.capacityTokens());
    }

    private static void turn(StringBuilder key, Window window, Span span) {
        key.append(':').append(window.period().word()).append('.').append(span.startMillis());
    }

    private static String scope(String value) {
        return value.length() > MAX_SCOPE_CHARS ? "sha256-" + sha256(value) : encode(value);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!plain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String encode(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (plain(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static boolean plain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-';
    }

    /** In lower-case hexadecimal. */
    static String sha256(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
