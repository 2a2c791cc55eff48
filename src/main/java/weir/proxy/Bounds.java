package weir.proxy;

/**
 * What one request may make this process hold.
 *
 * @param maxBodyBytes of a request body that has to be read before it is forwarded; providers
 *     accept some 20 to 50 MB with inline images
 * @param receiveIdleMillis between two chunks of a request body
 * @param reservationTtlMillis after which a grant that nobody settled is charged in full; longer
 *     than the longest call
 */
public record Bounds(int maxBodyBytes, long receiveIdleMillis, long reservationTtlMillis) {
    /**
     * A plain answer up to this size is held until its end, so that its head can carry its cost.
     * Larger ones pass through, and carry it nowhere.
     */
    static final int MAX_HELD_ANSWER_BYTES = 1 << 20;

    public static final Bounds DEFAULT = new Bounds(32 << 20, 30_000, 3_660_000);
}
