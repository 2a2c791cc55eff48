package weir.provider;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Work that goes on at the provider after its answer: what it used is known when it is over. A
 * batch that is over is still one, of which its results tell.
 *
 * @param id one segment of a path, or what its results are called below it
 * @param collection path, from the API's root, below which the vendor tells of it; null where that
 *     is the path that began it
 * @param readAs whose answers those are that tell of it; null for those of the endpoint that began
 *     it
 */
public record Job(String id, @Nullable String collection, @Nullable Endpoint readAs) {
    private static final Pattern SEGMENT = Pattern.compile("[\\w-]{1,256}");

    /**
     * Of which the vendor tells in the shape of the answer that began it; null for a name that is
     * not one segment of a path: anything else would lead elsewhere.
     */
    static @Nullable Job of(@Nullable String id, @Nullable String collection) {
        return of(id, collection, null);
    }

    static @Nullable Job of(
            @Nullable String id, @Nullable String collection, @Nullable Endpoint readAs) {
        return id != null && SEGMENT.matcher(id).matches() ? new Job(id, collection, readAs) : null;
    }

    /**
     * Where the vendor tells how it stands.
     *
     * @param began path and query of the request that began it
     */
    public String target(String began) {
        if (collection != null) {
            return collection + "/" + id;
        }
        int query = began.indexOf('?');
        String path = query < 0 ? began : began.substring(0, query);
        return path + "/" + id + (query < 0 ? "" : began.substring(query));
    }
}
