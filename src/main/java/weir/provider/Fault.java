package weir.provider;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;

/**
 * What an error of a provider says of the credential that was used, and of nothing else: another
 * credential may be served.
 *
 * <p>That an account has no money left is said in many ways, and only some of them by a status of
 * its own. Words: the vendors' error pages and SDKs, read in November 2026; where a vendor does not
 * tell money from rate (Gemini's 429), it is taken for a rate.
 */
public enum Fault {
    /** The request was refused for itself, or the provider failed. */
    NONE,
    /** Too much at a time: wait, or use another credential. */
    RATE_LIMITED,
    /** It is not, or no longer, one that the provider knows. */
    NOT_ACCEPTED,
    /** Waiting does not help: somebody has to pay, or to raise a limit. */
    OUT_OF_MONEY;

    private static final int UNAUTHORIZED = 401;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;

    /** Type and codes of OpenAI and of those who imitate it. */
    private static final List<String> OPENAI =
            List.of(
                    "insufficient_quota",
                    "credit_balance_exhausted",
                    "spend_limit_exceeded",
                    "usage_limit_exceeded");

    private static final List<String> ANTHROPIC =
            List.of("credit balance is too low", "spend_limit_reached");
    private static final List<String> XAI = List.of("credits", "spending limit");

    /** AWS's common errors of keys that have expired or been deleted, which are no 401. */
    private static final List<String> AWS =
            List.of("expiredtoken", "unrecognizedclient", "invalidclienttokenid");

    /**
     * Reads an error.
     *
     * @param vendor as {@link Provider#name} says it
     * @param body its first kilobytes
     */
    public static Fault of(String vendor, int status, MultiMap headers, String body) {
        if (status == PAYMENT_REQUIRED || saysMoney(vendor, status, headers, body)) {
            return OUT_OF_MONEY;
        }
        if (status == UNAUTHORIZED || knowsNoSuchAwsKey(vendor, status, headers)) {
            return NOT_ACCEPTED;
        }
        // Together answers 503 where its dynamic limits are at fault.
        boolean rate = status == TOO_MANY_REQUESTS || (status == 503 && vendor.equals("together"));
        return rate ? RATE_LIMITED : NONE;
    }

    private static boolean saysMoney(String vendor, int status, MultiMap headers, String body) {
        return switch (vendor) {
            case "anthropic" -> (status == 400 || status == 429) && hasAny(body, ANTHROPIC);
            case "xai" -> (status == 403 || status == 429) && hasAny(body, XAI);
            case "groq" -> status == 400 && body.contains("blocked_api_access");
            case "bedrock" -> status == 400 && awsType(headers).startsWith("servicequotaexceeded");
            default -> status == TOO_MANY_REQUESTS && hasAny(body, OPENAI);
        };
    }

    private static boolean knowsNoSuchAwsKey(String vendor, int status, MultiMap headers) {
        return vendor.equals("bedrock")
                && status == FORBIDDEN
                && AWS.stream().anyMatch(awsType(headers)::startsWith);
    }

    private static String awsType(MultiMap headers) {
        return String.valueOf(headers.get("x-amzn-errortype")).toLowerCase(Locale.ROOT);
    }

    private static boolean hasAny(String body, List<String> words) {
        String lower = body.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }
}
