package loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a load at once, once: each is sent, and sent again in a while where others hold
 * the rest of the budget, until it was answered, or was told that nothing is left.
 */
final class OverspendRun {
    private static final long AGAIN_MILLIS = 500;

    /** A stream that was told to come back for so long gives up. */
    private static final int MOST_TRIES = 240;

    /** Slow enough that three sidecars, provider and caller on two cores keep up. */
    private static final String PACE = ",chunk-delay=20ms";

    private final Vertx vertx;
    private final HttpClient http;
    private final List<String> urls;
    private final @Nullable OverspendGuard guard;
    private final String run;
    private final Tally tally = new Tally();

    /** How the streams fared. */
    static final class Tally {
        int whole;
        int shortened;
        int refused;
        int broken;

        /** Of the last stream that broke. */
        @Nullable Throwable cause;
    }

    /**
     * @param urls where streams are sent, in turn
     * @param guard asked before each stream; null where the urls guard the budget themselves
     */
    OverspendRun(
            Vertx vertx,
            HttpClient http,
            List<String> urls,
            @Nullable OverspendGuard guard,
            String run) {
        this.vertx = vertx;
        this.http = http;
        this.urls = urls;
        this.guard = guard;
        this.run = run;
    }

    /** Completes when every stream has ended; all of it happens on one event loop. */
    Future<Tally> start(OverspendLoad load) {
        Promise<Tally> over = Promise.promise();
        vertx.getOrCreateContext().runOnContext(v -> begin(load).onComplete(over));
        return over.future();
    }

    private Future<Tally> begin(OverspendLoad load) {
        List<Future<?>> streams = new ArrayList<>();
        for (int i = 0; i < load.tokens().length; i++) {
            Promise<Void> over = Promise.promise();
            new Stream(urls.get(i % urls.size()), load.tokens()[i], over).attempt();
            streams.add(over.future());
        }
        return Future.join(streams).map(tally);
    }

    private final class Stream {
        private final String url;
        private final int tokens;
        private final Promise<Void> over;
        private final StringBuilder seen = new StringBuilder();
        private int tries;
        private long events;

        Stream(String url, int tokens, Promise<Void> over) {
            this.url = url;
            this.tokens = tokens;
            this.over = over;
        }

        void attempt() {
            if (++tries > MOST_TRIES) {
                tally.refused++;
                over.complete();
            } else if (guard == null) {
                send();
            } else {
                guard.admit().onSuccess(this::admitted).onFailure(this::broke);
            }
        }

        private void admitted(OverspendGuard.Answer answer) {
            switch (answer) {
                case GO -> send();
                case LATER -> again();
                case NEVER -> refused();
            }
        }

        private void again() {
            vertx.setTimer(AGAIN_MILLIS, t -> attempt());
        }

        private void refused() {
            tally.refused++;
            over.complete();
        }

        private void send() {
            http.request(
                            new RequestOptions()
                                    .setAbsoluteURI(url + "/v1/chat/completions")
                                    .setMethod(HttpMethod.POST)
                                    .putHeader("content-type", "application/json")
                                    .putHeader("authorization", "Bearer sk-overspend")
                                    .putHeader("x-run", run)
                                    .putHeader("x-sim", "tokens=" + tokens + PACE))
                    .compose(this::body)
                    .onSuccess(this::answered)
                    .onFailure(this::broke);
        }

        private Future<HttpClientResponse> body(HttpClientRequest request) {
            return request.send(Buffer.buffer(OverspendLoad.body()));
        }

        private void answered(HttpClientResponse response) {
            switch (response.statusCode()) {
                case 200 -> {
                    response.handler(chunk -> seen.append(chunk));
                    response.exceptionHandler(this::broke);
                    response.endHandler(end -> ended());
                }
                // As SDKs do: what is busy is asked again.
                case 429, 503 -> response.end().onComplete(end -> again());
                case 402 -> response.end().onComplete(end -> refused());
                default -> broke(new IllegalStateException("status " + response.statusCode()));
            }
        }

        private void ended() {
            String text = seen.toString();
            events = text.split("\"content\":\"[^\"]", -1).length - 1L;
            if (!text.endsWith("data: [DONE]\n\n")) {
                tally.broken++;
            } else if (text.contains("\"finish_reason\":\"length\"")) {
                tally.shortened++;
            } else {
                tally.whole++;
            }
            settle();
        }

        private void settle() {
            if (guard == null) {
                over.complete();
            } else {
                guard.settle(OverspendLoad.costNanoUsd(events)).onComplete(done -> over.complete());
            }
        }

        private void broke(Throwable cause) {
            tally.broken++;
            tally.cause = cause;
            over.tryComplete();
        }
    }
}
