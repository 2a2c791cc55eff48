package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.usage.UsageLine;

/**
 * Watches the messages of one session go by, both ways. A session is a row of turns: answers that
 * the provider makes, each for money, on the caller's word or by its own judgement of when the
 * caller has finished speaking.
 */
public interface SessionReader {
    /** Whose message it is. */
    enum Side {
        CALLER,
        PROVIDER
    }

    /** Reads nothing, of sessions of which nobody knows what they cost. */
    SessionReader BLIND =
            new SessionReader() {
                @Override
                public void read(Side side, Buffer piece) {}

                @Override
                public void end(Side side) {}

                @Override
                public int underWay() {
                    return 0;
                }

                @Override
                public List<UsageLine> takeUsed() {
                    return List.of();
                }
            };

    /** The next piece of a message. */
    void read(Side side, Buffer piece);

    /** That was all of it. */
    void end(Side side);

    /** How many turns the provider is making, or has been asked for and has not refused. */
    int underWay();

    /**
     * What turns, and what was done beside them, have been reported to use since this was asked.
     */
    List<UsageLine> takeUsed();
}
