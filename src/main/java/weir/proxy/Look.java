package weir.proxy;

import io.vertx.core.http.HttpClientResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.provider.Answer;
import weir.provider.AnswerShape;
import weir.provider.Provider;
import weir.provider.UsageReader;

/**
 * How an answer is looked at on its way.
 *
 * @param opaque whether it is compressed although Weir asked for no compression: it passes, and
 *     cannot be looked into
 * @param eventStream whether these are server-sent events
 */
record Look(UsageReader reader, Relay.Mode mode, boolean opaque, boolean eventStream) {
    /** Before an answer has begun. */
    static final Look NONE = new Look(Unread.INSTANCE, Relay.Mode.PASS, false, false);

    /**
     * At an answer.
     *
     * @param billed whether it is one that costs money
     * @param links what in it leads past Weir; null where nothing does
     */
    static Look at(
            HttpClientResponse response,
            Notes notes,
            Upstream upstream,
            boolean billed,
            Homeward.@Nullable Way links) {
        String type = Objects.requireNonNullElse(response.getHeader(Headers.CONTENT_TYPE), "");
        boolean events = Provider.isEventStream(type);
        boolean opaque = Coding.isEncoded(response.getHeader(Headers.CONTENT_ENCODING));
        boolean linked = !opaque && response.statusCode() < 300;
        if (!billed && (links == null || !linked)) {
            return new Look(Unread.INSTANCE, Relay.Mode.PASS, opaque, events);
        }
        boolean streams = upstream.provider().streams(notes.peek, type);
        UsageReader reader = Unread.INSTANCE;
        if (billed && !opaque) {
            Answer answer = new Answer(shape(streams, notes), type, response.headers());
            reader = upstream.provider().usageReader(notes.endpoint, notes.peek, answer);
        }
        if (links != null && linked && !streams) {
            reader = new Homeward(reader, links);
        }
        boolean whole = opaque || (notes.peek.usageEdit() == null && reader.transcript() == null);
        Relay.Mode streaming = whole ? Relay.Mode.PASS : Relay.Mode.FILTER;
        return new Look(reader, streams ? streaming : Relay.Mode.HOLD, opaque, events);
    }

    private static AnswerShape shape(boolean streams, Notes notes) {
        if (!streams) {
            return AnswerShape.BODY;
        }
        boolean sliced = notes.demand.plan() instanceof Plan.Slices;
        return sliced ? AnswerShape.COUNTED_EVENTS : AnswerShape.EVENTS;
    }
}
