package weir.price;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The price book as one request sees it: of one provider, from its arrival on.
 *
 * @param provider its name in weir.yaml, whose rows go first
 * @param vendor whose API it speaks
 */
public record Shelf(PriceBook book, String provider, String vendor, Instant since) {
    /** Of a request that has no price. */
    public static final Shelf EMPTY = new Shelf(PriceBook.EMPTY, "", "", Instant.EPOCH);

    /**
     * What this model costs a request that ends no later; null if the book does not know.
     *
     * @param until moments before the arrival count as it
     */
    public @Nullable ModelPrice find(String model, Instant until) {
        ModelPrice row = book.find(provider, vendor, model);
        Instant end = until.isBefore(since) ? since : until;
        return row == null ? null : row.during(new Span(since, end));
    }
}
