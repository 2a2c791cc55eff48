package weir.app.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.limit.Policy;
import weir.limit.Policy.OnExhausted;
import weir.limit.Policy.Unpriced;
import weir.limit.Policy.UnseenInput;
import weir.limit.Policy.WhenLedgerIsDown;

/**
 * What a limit does at its edges. Some of it is read and checked but not acted on yet; each use of
 * such a setting is a warning, so that nobody relies on what is not there.
 */
final class PolicyFields {
    static final List<String> KEYS =
            List.of(
                    "on-limit",
                    "soft",
                    "when-ledger-is-down",
                    "mode",
                    "unpriced",
                    "unseen-input",
                    "on-exhausted");

    /** These mean something to a budget only. */
    private static final List<String> OF_SPEND =
            List.of("zone", "soft", "unpriced", "unseen-input", "on-exhausted");

    private static final String ON_LIMIT = "reject, or { wait: 2s }";
    private static final Scalar<Boolean> SHADOW =
            new Scalar<>("enforce or shadow", Map.of("enforce", false, "shadow", true)::get);
    private static final Scalar<Price> UNPRICED =
            new Scalar<>("deny, allow, or a price for each call such as 0.01 USD", Price::read);
    private static final Scalar<UnseenInput> UNSEEN_INPUT = Scalar.words(UnseenInput.class);
    private static final Scalar<OnExhausted> ON_EXHAUSTED = Scalar.words(OnExhausted.class);
    private static final Scalar<WhenLedgerIsDown> WHEN_LEDGER_IS_DOWN =
            Scalar.words(WhenLedgerIsDown.class);
    private static final Scalar<Long> WAIT = new Scalar<>(ON_LIMIT, PolicyFields::wait);

    private PolicyFields() {}

    static Policy read(Fields fields) {
        Policy standard = Policy.DEFAULT;
        Price price = fields.get("unpriced", UNPRICED, new Price(standard.unpriced(), 0));
        OnExhausted onExhausted = fields.get("on-exhausted", ON_EXHAUSTED, standard.onExhausted());
        Policy policy =
                new Policy(
                        waitMillis(fields.find("on-limit")),
                        softPercents(fields.find("soft")),
                        fields.get(
                                "when-ledger-is-down",
                                WHEN_LEDGER_IS_DOWN,
                                standard.whenLedgerIsDown()),
                        fields.get("mode", SHADOW, standard.shadow()),
                        price.unpriced(),
                        price.flatNanoUsd(),
                        fields.get("unseen-input", UNSEEN_INPUT, standard.unseenInput()),
                        onExhausted);
        demandWhatTheyActOn(fields);
        return policy;
    }

    /** What a call without a price costs. */
    private record Price(Unpriced unpriced, long flatNanoUsd) {
        static @Nullable Price read(String text) {
            Long nanoUsd = Scalars.nanoUsd(text);
            if (nanoUsd != null) {
                return new Price(Unpriced.FLAT, nanoUsd);
            }
            return switch (text) {
                case "deny" -> new Price(Unpriced.DENY, 0);
                case "allow" -> new Price(Unpriced.ALLOW, 0);
                default -> null;
            };
        }
    }

    /** Either a map, or the same in one text: YAML takes no second colon on a line. */
    private static long waitMillis(@Nullable Value value) {
        if (value == null) {
            return 0;
        }
        Long millis;
        if (value.isMap()) {
            Fields fields = value.fields(List.of("wait"));
            millis = fields == null ? null : fields.require("wait", Scalars.DURATION_MILLIS);
        } else {
            millis = value.parse(WAIT);
        }
        return millis == null ? 0 : millis;
    }

    private static @Nullable Long wait(String text) {
        if (text.equals("reject")) {
            return 0L;
        }
        return text.startsWith("wait: ")
                ? Scalars.DURATION_MILLIS.reader().read(text.substring("wait: ".length()))
                : null;
    }

    private static List<Integer> softPercents(@Nullable Value value) {
        return value == null
                ? List.of()
                : value.oneOrMore(Scalars.THRESHOLD).stream().distinct().sorted().toList();
    }

    private static void demandWhatTheyActOn(Fields fields) {
        for (String key : OF_SPEND) {
            Value value = fields.find(key);
            if (value != null && !fields.has("spend")) {
                value.error(key + " without spend", key + " in a limit with spend");
            }
        }
        Value onLimit = fields.find("on-limit");
        if (onLimit != null && !MeterFields.hasRate(fields) && !fields.has("concurrent")) {
            onLimit.error("on-limit without a rate", "on-limit beside a rate or concurrent");
        }
    }
}
