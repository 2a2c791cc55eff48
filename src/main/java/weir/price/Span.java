package weir.price;

import java.time.Instant;

/** From one moment to another, both included. */
public record Span(Instant from, Instant to) {
    public Span {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a span ends at " + to + ", before " + from);
        }
    }

    public static Span at(Instant moment) {
        return new Span(moment, moment);
    }
}
