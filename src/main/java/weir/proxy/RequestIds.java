package weir.proxy;

/** Names requests by their sidecar, its start and a count; used by one event loop only. */
public final class RequestIds {
    private final String prefix;
    private long next;

    /**
     * Counts from one.
     *
     * @param prefix unique over all sidecars, restarts and event loops
     */
    public RequestIds(String prefix) {
        this.prefix = prefix;
    }

    String next() {
        return prefix + "-" + Long.toString(++next, 36);
    }
}
