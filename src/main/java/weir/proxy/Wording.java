package weir.proxy;

import weir.limit.Standing;
import weir.limit.Unit;
import weir.price.Usd;

/** Limits in words, for the message of a refusal. */
final class Wording {
    private Wording() {}

    static String of(Standing standing) {
        Unit unit = standing.claim().meter().unit();
        String name = standing.claim().limit().name();
        String asked = amount(unit, standing.claim().amount());
        String max = amount(unit, standing.limit());
        String used = amount(unit, standing.used());
        return switch (standing.verdict()) {
            case FITS -> "The limit \"%s\" has room.".formatted(name);
            case SHORT ->
                    "The limit \"%s\" allows %s; %s left, this request needs %s. Try again in %d s."
                            .formatted(
                                    name,
                                    max,
                                    amount(unit, standing.left()),
                                    asked,
                                    seconds(standing.waitMillis()));
            case RESERVED ->
                    ("The budget \"%s\" of %s has %s spent and %s reserved by requests in flight;"
                                    + " this one may cost up to %s. Try again when they are done.")
                            .formatted(name, max, used, amount(unit, standing.reserved()), asked);
            case EXHAUSTED ->
                    "The budget \"%s\" of %s has %s spent; this request may cost up to %s. %s"
                            .formatted(name, max, used, asked, turns(standing));
            case TOO_LARGE ->
                    ("The limit \"%s\" allows at most %s; this request needs up to %s and can never"
                                    + " pass. Make it smaller, or lower its output cap.")
                            .formatted(name, max, asked);
        };
    }

    private static String turns(Standing standing) {
        return standing.resetMillis() == 0
                ? "It does not start anew."
                : "It starts anew in %d s.".formatted(seconds(standing.resetMillis()));
    }

    private static String amount(Unit unit, long amount) {
        return switch (unit) {
            case SPEND -> Usd.format(amount) + " USD";
            case CONCURRENT -> amount + " in flight";
            case REQUESTS -> amount + " requests";
            case INPUT_TOKENS -> amount + " input tokens";
            case OUTPUT_TOKENS -> amount + " output tokens";
            case TOKENS -> amount + " tokens";
        };
    }

    private static long seconds(long millis) {
        return Math.max(1, Math.ceilDiv(millis, 1_000));
    }
}
