package weir.observe;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import weir.limit.Crossing;
import weir.limit.Standing;
import weir.price.Usd;

/**
 * One thing that webhooks tell of.
 *
 * @param id the same wherever and however often this is told, so that receivers know it again
 * @param body JSON
 */
record News(String id, String body) {
    static News of(Crossing crossing, Instant now) {
        Standing standing = crossing.standing();
        JsonObject data =
                new JsonObject()
                        .put("limit", crossing.id().limit())
                        .put("tenant", crossing.tenant())
                        .put("scope", scope(crossing))
                        .put("percent", crossing.percent())
                        .put("spent_usd", Usd.format(standing.used()))
                        .put("limit_usd", Usd.format(standing.limit()))
                        .put("window_start", text(crossing.windowStart()))
                        .put("window_end", text(crossing.windowEnd()));
        String body =
                new JsonObject()
                        .put("type", "budget.threshold_crossed")
                        .put("timestamp", now.toString())
                        .put("data", data)
                        .encode();
        return new News("budget_" + hash(crossing.id().toString()), body);
    }

    private static JsonObject scope(Crossing crossing) {
        JsonObject scope = new JsonObject();
        crossing.scope().forEach(scope::put);
        return scope;
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }

    private static String hash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
