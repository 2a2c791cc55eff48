package weir.app.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.key.KeyRing;
import weir.key.VirtualKey;
import weir.limit.Glob;

/**
 * {@code callers:} who may call. A call without a virtual key belongs to {@code default-tenant}, or
 * is refused where there is none.
 */
final class CallerSection {
    /** Measured: 14 MB of YAML, 2 s and 400 to 600 MB of heap to read. More needs a store. */
    static final int MAX_KEYS = 100_000;

    private static final int MAX_LABELS = 32;
    private static final List<String> KEYS =
            List.of(
                    "name",
                    "sha256",
                    "tenant",
                    "labels",
                    "providers",
                    "models",
                    "expires",
                    "priority");

    private final Map<String, Integer> lineByName = new HashMap<>();
    private final Map<String, Integer> lineByHash = new HashMap<>();

    private final Set<String> providers;

    /**
     * @param providers the names of those in the file
     */
    CallerSection(Set<String> providers) {
        this.providers = providers;
    }

    KeyRing read(Value section) {
        Fields fields = section.fields(List.of("default-tenant", "keys"));
        if (fields == null) {
            return new KeyRing(List.of(), null);
        }
        String tenant = fields.get("default-tenant", Scalars.NAMED);
        Value list = fields.find("keys");
        List<VirtualKey> keys = list == null || list.isEmpty() ? List.of() : keys(list);
        if (tenant == null && keys.isEmpty()) {
            section.warn("neither default-tenant nor keys: every call will be refused");
        }
        return new KeyRing(keys, tenant == null ? null : Caller.ofTenant(tenant));
    }

    private List<VirtualKey> keys(Value list) {
        List<Value> items = list.items("a list of keys");
        if (items == null) {
            return List.of();
        }
        if (items.size() > MAX_KEYS) {
            list.error(items.size() + " keys", "at most " + MAX_KEYS);
            return List.of();
        }
        List<VirtualKey> keys = new ArrayList<>(items.size());
        for (Value item : items) {
            VirtualKey key = key(item);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private @Nullable VirtualKey key(Value item) {
        Fields fields = item.fields(KEYS);
        if (fields == null) {
            return null;
        }
        String name = fields.require("name", Scalars.NAMED);
        String hash = fields.require("sha256", Scalars.HASH);
        String tenant = fields.require("tenant", Scalars.NAMED);
        Map<String, String> labels = labels(fields.find("labels"));
        List<Glob> allowed = Globs.ofProviders(fields.find("providers"), providers);
        List<Glob> models = Globs.read(fields.find("models"));
        Instant expires = fields.get("expires", Scalars.EXPIRY, Instant.MAX);
        int priority = fields.get("priority", Scalars.PRIORITY, 1);
        if (name == null || hash == null || tenant == null) {
            return null;
        }
        boolean newName = isNew(item, name, lineByName, "key name");
        boolean newHash = isNew(item, hash, lineByHash, "sha256");
        Caller caller = new Caller(name, tenant, labels, allowed, models, priority);
        return newName && newHash ? new VirtualKey(hash, caller, expires) : null;
    }

    private static boolean isNew(Value item, String word, Map<String, Integer> lines, String what) {
        Integer earlier = lines.putIfAbsent(word, item.line());
        if (earlier != null) {
            item.error("the " + what + " of line " + earlier, "each " + what + " once");
        }
        return earlier == null;
    }

    private static Map<String, String> labels(@Nullable Value value) {
        Map<String, Value> entries = value == null ? null : value.entries("a map of labels");
        if (value == null || entries == null) {
            return Map.of();
        }
        if (entries.size() > MAX_LABELS) {
            value.error(entries.size() + " labels", "at most " + MAX_LABELS);
            return Map.of();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        entries.forEach((name, text) -> {
            String label = text.parse(Scalars.LABEL);
            if (Scalars.NAMED.reader().read(name) == null) {
                text.error("a name that no label can have", Scalars.NAMED.allowed());
            } else if (label != null) {
                labels.put(name, label);
            }
        });
        return labels;
    }
}
