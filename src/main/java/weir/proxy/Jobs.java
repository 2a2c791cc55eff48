package weir.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.provider.Answer;
import weir.provider.AnswerShape;
import weir.provider.Job;
import weir.provider.UsageReader;

/**
 * Work that goes on at providers after its requests: predictions, background responses, batches.
 * What such a request holds stays held, and is settled when the provider says what was used. Weir
 * asks by itself, with the credential that began the work, seldomer the longer it takes, and at
 * once when a caller asks through this sidecar. Work that nobody can tell of any more, that
 * outlives its reservation, or that is under way when this process stops, is charged at its worst
 * case: never less than it costs.
 *
 * <p>Shared by all event loops; each piece of work stays on the one that began it.
 */
public final class Jobs {
    /** More at once are charged at their worst case as soon as they begin. */
    private static final int MAX_JOBS = 10_000;

    private static final long FIRST_MILLIS = 500;
    private static final long MAX_MILLIS = 30_000;

    /** Between two questions, however often callers ask. */
    private static final long LEAST_MILLIS = 250;

    /** Ahead of the reservation's end, so that it is settled and does not expire. */
    private static final long MARGIN_MILLIS = 60_000;

    /** Times in a row that the provider may know nothing of the work, or not be reached. */
    private static final int MAX_FAILURES = 20;

    private static final long ASK_MILLIS = 30_000;

    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** How many are under way. */
    public int size() {
        return running.size();
    }

    /** Takes over what a request holds; on the event loop of that request. */
    void take(Job job, Journey.Ended ended) {
        Running one = new Running(job, ended);
        if (closed || running.size() >= MAX_JOBS) {
            one.settle(one.unanswered());
        } else {
            running.put(one.name, one);
            one.askIn(FIRST_MILLIS);
        }
    }

    /** A caller has asked how the work of this path stands. */
    void asked(Upstream upstream, String target) {
        Running one = running.get(name(upstream, target));
        if (one != null) {
            one.context.runOnContext(v -> one.askSoon());
        }
    }

    /** Charges what is under way at its worst case, and from now on all that begins. */
    public Future<Void> close() {
        closed = true;
        return Future.join(running.values().stream().map(Running::giveUp).toList()).mapEmpty();
    }

    private static String name(Upstream upstream, String target) {
        int query = target.indexOf('?');
        return upstream.name() + (query < 0 ? target : target.substring(0, query));
    }

    private final class Running {
        private final String name;
        private final Journey.Ended ended;

        /** What to ask for next. */
        private Job job;

        private final Context context;
        private final Vertx vertx;
        private final long beganNanos;
        private long timer;
        private long pauseMillis = FIRST_MILLIS;
        private long askedNanos;
        private int failures;
        private boolean asking;
        private boolean over;

        Running(Job job, Journey.Ended ended) {
            this.job = job;
            this.ended = ended;
            this.name = name(ended.upstream(), target());
            this.vertx = ended.lane().vertx();
            this.context = vertx.getOrCreateContext();
            this.beganNanos = ended.lane().nanos();
            this.askedNanos = beganNanos;
        }

        /** Path and query below the provider's name. */
        private String target() {
            return job.target(ended.target());
        }

        void askIn(long millis) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(millis, t -> ask());
        }

        void askSoon() {
            long since = TimeUnit.NANOSECONDS.toMillis(ended.lane().nanos() - askedNanos);
            if (!over && !asking) {
                askIn(Math.max(1, LEAST_MILLIS - since));
            }
        }

        private void ask() {
            if (over || asking) {
                return;
            }
            asking = true;
            askedNanos = ended.lane().nanos();
            new Inquiry(ended.lane(), ended.upstream(), ended.headers(), ended.credential())
                    .get(target(), ASK_MILLIS)
                    .compose(this::read)
                    .onComplete(answer -> {
                        asking = false;
                        if (!over) {
                            told(answer.succeeded() ? answer.result() : null);
                        }
                    });
        }

        /** The reader that has seen the answer to its end; fails where it is an error. */
        private Future<UsageReader> read(HttpClientResponse response) {
            if (response.statusCode() != 200) {
                return response.end()
                        .compose(e -> Future.failedFuture("status " + response.statusCode()));
            }
            String type = Objects.requireNonNullElse(response.getHeader(Headers.CONTENT_TYPE), "");
            UsageReader reader =
                    ended.upstream()
                            .provider()
                            .usageReader(
                                    Objects.requireNonNullElse(
                                            job.readAs(), ended.notes().endpoint),
                                    ended.notes().peek,
                                    new Answer(AnswerShape.BODY, type, response.headers()));
            response.handler(reader::read);
            return response.end()
                    .map(e -> {
                        Buffer unused = reader.end();
                        return reader;
                    });
        }

        private void told(@Nullable UsageReader reader) {
            failures = reader == null ? failures + 1 : 0;
            Job next = reader == null ? job : reader.job();
            if (reader != null && next == null) {
                settle(
                        Charge.of(
                                reader.report(),
                                ended.notes().demand,
                                ended.notes().peek,
                                ended.notes().shelf,
                                ended.lane().now()));
            } else if (failures > MAX_FAILURES || isOld()) {
                settle(unanswered());
            } else if (next != null
                    && next.readAs() != null
                    && !next.readAs().equals(job.readAs())) {
                job = next;
                askIn(1);
            } else {
                pauseMillis = Math.min(MAX_MILLIS, pauseMillis * 3 / 2);
                askIn(pauseMillis);
            }
        }

        private boolean isOld() {
            long millis = TimeUnit.NANOSECONDS.toMillis(ended.lane().nanos() - beganNanos);
            long most = ended.notes().ttlMillis() - MARGIN_MILLIS;
            return millis + MAX_MILLIS > most;
        }

        private Charge unanswered() {
            return Charge.unanswered(
                    ended.notes().demand,
                    ended.notes().peek,
                    ended.notes().shelf,
                    ended.lane().now());
        }

        private void settle(Charge charge) {
            over = true;
            vertx.cancelTimer(timer);
            running.remove(name, this);
            Hold hold = ended.hold();
            if (hold != null) {
                hold.settle(charge.amounts());
                ended.lane().room().freed(hold.first().standings());
            }
            ended.notes().recordJob(charge, ended.lane().nanos() - beganNanos);
        }

        Future<Void> giveUp() {
            Promise<Void> done = Promise.promise();
            context.runOnContext(v -> {
                if (!over) {
                    settle(unanswered());
                }
                done.complete();
            });
            return done.future();
        }
    }
}
