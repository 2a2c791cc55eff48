package weir.provider;

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
    /** Of which the vendor tells in the shape of the answer that began it. */
    Job(String id, @Nullable String collection) {
        this(id, collection, null);
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
