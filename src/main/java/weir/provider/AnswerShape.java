package weir.provider;

/** How one answer is looked at. */
public enum AnswerShape {
    /** One JSON document. */
    BODY,
    /** Passes piece by piece as it comes, as {@link Provider#streams} says. */
    EVENTS,
    /**
     * Server-sent events that pass whole, one after the other, and are counted: the stream can be
     * ended after each.
     */
    COUNTED_EVENTS
}
