package weir.provider;

/** How one answer is looked at. */
public enum AnswerShape {
    /** One JSON document. */
    BODY,
    /** Server-sent events, as its content type says. */
    EVENTS,
    /**
     * Server-sent events that pass whole, one after the other, and are counted: the stream can be
     * ended after each.
     */
    COUNTED_EVENTS
}
