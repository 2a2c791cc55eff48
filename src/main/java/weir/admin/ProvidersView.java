package weir.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import weir.provider.Capability;

/** What operators see of vendors: what each lets a program manage, and what Weir adds to that. */
public final class ProvidersView {
    private static final String KEYS =
            "virtual keys with tenant, labels, providers, models and expiry";
    private static final String HARD_LIMIT =
            "hard, per key, tenant, model, label or header; an hour to a month, or for ever";
    private static final String RATE_LIMITS =
            "requests, tokens and calls in flight, per key, tenant, model, label or header";

    private ProvidersView() {}

    /** Every vendor that Weir knows facts of. */
    public static JsonObject all() {
        JsonArray all = new JsonArray();
        for (Capability vendor : Capability.ALL) {
            all.add(
                    new JsonObject()
                            .put("name", vendor.vendor())
                            .put("keys", json(vendor.keys(), KEYS))
                            .put("hard_limit_usd", json(vendor.hardLimit(), HARD_LIMIT))
                            .put("rate_limits", json(vendor.rateLimits(), RATE_LIMITS)));
        }
        return new JsonObject().put("providers", all);
    }

    private static JsonObject json(Capability.Native what, String weir) {
        return new JsonObject()
                .put("native", what.level().name().toLowerCase(Locale.ROOT))
                .put("how", what.how())
                .put("weir", weir);
    }
}
