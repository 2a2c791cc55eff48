package weir.app.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of the file whose keys are known. */
final class Fields {
    private final Value map;
    private final Map<String, Value> entries;

    Fields(Value map, Map<String, Value> entries) {
        this.map = map;
        this.entries = entries;
    }

    Value map() {
        return map;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    @Nullable Value find(String key) {
        return entries.get(key);
    }

    /** The value of a key that has to be there. */
    @Nullable Value require(String key, String allowed) {
        Value value = entries.get(key);
        if (value == null) {
            missing(key, allowed);
        }
        return value;
    }

    /** Null where the key is left out or its value is wrong; only the latter is an error. */
    <T> @Nullable T get(String key, Scalar<T> scalar) {
        Value value = entries.get(key);
        return value == null ? null : value.parse(scalar);
    }

    <T> T get(String key, Scalar<T> scalar, T fallback) {
        T value = get(key, scalar);
        return value == null ? fallback : value;
    }

    <T> @Nullable T require(String key, Scalar<T> scalar) {
        Value value = require(key, scalar.allowed());
        return value == null ? null : value.parse(scalar);
    }

    void missing(String key, String allowed) {
        String field = map.field().isEmpty() ? key : map.field() + "." + key;
        map.source().problems().error(map.line(), field, "nothing", allowed);
    }
}
