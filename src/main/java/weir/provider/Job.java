package weir.provider;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Work that goes on at the provider after its answer: what it used is known when it is over. A
 * batch that is over is still one, of which its results tell.
 *
 * @param place path at which the vendor tells of it: from the API's root with a leading slash, else
 *     below the path that began it, or beside that with a leading {@code ../}
 * @param readAs whose answers those are that tell of it; null for those of the endpoint that began
 *     it
 */
public record Job(String place, @Nullable Endpoint readAs) {
    private static final Pattern SEGMENT = Pattern.compile("[\\w-]{1,256}");
    private static final String BESIDE = "../";

    /**
     * Null for a name that is not one segment of a path: anything else would lead elsewhere.
     *
     * @param form of the place, with {@code %s} for the name
     */
    static @Nullable Job of(String form, @Nullable String id, @Nullable Endpoint readAs) {
        return isSegment(id) ? new Job(form.formatted(id), readAs) : null;
    }

    static boolean isSegment(@Nullable String id) {
        return id != null && SEGMENT.matcher(id).matches();
    }

    /**
     * Where the vendor tells how it stands.
     *
     * @param began path and query of the request that began it
     */
    public String target(String began) {
        if (place.startsWith("/")) {
            return place;
        }
        int at = began.indexOf('?');
        String asWritten = at < 0 ? began : began.substring(0, at);
        String query = at < 0 ? "" : began.substring(at);
        boolean slash = asWritten.endsWith("/");
        String path = slash ? asWritten.substring(0, asWritten.length() - 1) : asWritten;
        return place.startsWith(BESIDE)
                ? path.substring(0, path.lastIndexOf('/') + 1)
                        + place.substring(BESIDE.length())
                        + query
                : path + "/" + place + query;
    }
}
