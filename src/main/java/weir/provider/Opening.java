package weir.provider;

/** How a session over a WebSocket begins, where an endpoint has them. */
public enum Opening {
    /** The endpoint has none. */
    NONE,
    /** The request says all that limits need to know. */
    BY_REQUEST,
    /** The caller's first message does: the model is not known before. */
    BY_MESSAGE
}
