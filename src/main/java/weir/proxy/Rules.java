package weir.proxy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import weir.key.KeyRing;
import weir.limit.Limits;
import weir.observe.Webhook;
import weir.price.PriceBook;
import weir.price.Shelf;

/**
 * What weir.yaml says, whole and valid. A request keeps the rules that it began with.
 *
 * @param prices the program's own, under those of weir.yaml
 */
public record Rules(
        Map<String, Upstream> upstreams,
        KeyRing keys,
        Limits limits,
        List<Webhook> webhooks,
        PriceBook prices) {
    public Rules {
        upstreams = Map.copyOf(upstreams);
        webhooks = List.copyOf(webhooks);
    }

    /** The upstream that a path's first segment names, or {@link Upstream#NOWHERE}. */
    Upstream upstreamOf(String path) {
        int end = path.indexOf('/', 1);
        String name = path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
        return upstreams.getOrDefault(name, Upstream.NOWHERE);
    }

    /** The credentials that can stand in for each other, as {@link Attempts} names them. */
    public List<String> pooled() {
        return upstreams.values().stream()
                .filter(upstream -> upstream.credentials().size() > 1)
                .flatMap(u -> u.credentials().stream().map(c -> Attempts.cooldown(u, c)))
                .toList();
    }

    /** Prices for a request that arrived at this moment. */
    Shelf shelf(Upstream upstream, Instant since) {
        return new Shelf(prices, upstream.name(), upstream.provider().name(), since);
    }
}
