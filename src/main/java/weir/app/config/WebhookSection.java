package weir.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.key.Secret;
import weir.observe.Signature;
import weir.observe.Webhook;

/** {@code webhooks:} who is told when a budget crosses a soft threshold. */
final class WebhookSection {
    /** Each is told of everything. */
    static final int MAX_WEBHOOKS = 16;

    private static final List<String> KEYS = List.of("name", "url", "secret", "tls");
    private static final String SIGNS =
            "a secret of at least 24 characters, or whsec_ and base64 of at least 24 bytes";
    private static final Scalar<URI> URL =
            new Scalar<>(
                    "an absolute http or https URL without user and fragment", WebhookSection::url);

    private final Map<String, Integer> lineByName = new HashMap<>();

    List<Webhook> read(Value section) {
        List<Value> items = section.items("a list of webhooks");
        if (items == null) {
            return List.of();
        }
        if (items.size() > MAX_WEBHOOKS) {
            section.error(items.size() + " webhooks", "at most " + MAX_WEBHOOKS);
            return List.of();
        }
        List<Webhook> webhooks = new ArrayList<>();
        for (Value item : items) {
            Webhook webhook = webhook(item);
            if (webhook != null) {
                webhooks.add(webhook);
            }
        }
        return webhooks;
    }

    private @Nullable Webhook webhook(Value item) {
        Fields fields = item.fields(KEYS);
        if (fields == null) {
            return null;
        }
        String name = fields.require("name", Scalars.NAMED);
        URI url = fields.require("url", URL);
        Value place = fields.require("secret", "${VAR} or file:/path");
        Secret secret = place == null ? null : Secrets.read(place);
        Value tls = fields.find("tls");
        Path ca = Certificates.ca(tls);
        if (place != null && secret != null && !Signature.canSign(secret)) {
            place.error("one that cannot sign", SIGNS);
        }
        if (tls != null && url != null && "http".equals(url.getScheme())) {
            tls.error("tls over plain http", "tls with an https url");
        }
        Integer earlier = name == null ? null : lineByName.putIfAbsent(name, item.line());
        if (earlier != null) {
            item.error("the webhook name of line " + earlier, "each webhook name once");
        }
        return name == null || url == null || secret == null
                ? null
                : new Webhook(name, url, secret, ca);
    }

    private static @Nullable URI url(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            return web && bare && uri.getHost() != null && uri.getPort() <= 65_535 ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
