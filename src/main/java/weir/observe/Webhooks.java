package weir.observe;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.limit.Crossing;

/**
 * Tells receivers of what an operator wants to hear of, by signed POST requests in the form of
 * Standard Webhooks.
 *
 * <p>What a receiver does not take is told again, for up to an hour, with growing pauses: where it
 * cannot be reached, or answers 408, 429 or 5xx. Any other answer but 2xx is final; redirects are
 * not followed, for what is signed for one place is not for another. At a stop everything that
 * waits is tried once more at once. What a process that dies has not delivered is lost.
 *
 * <p>All of it lives on one event loop; {@link #tell} may be called on any.
 */
public final class Webhooks {
    /** Some megabytes; a receiver that is away while more happens has worse to worry about. */
    static final int MAX_PENDING = 1_000;

    /** A stop waits no longer for the last tries. */
    private static final long LAST_TRY_MILLIS = 2_000;

    private final Vertx vertx;
    private final Context context;
    private final Pace pace;
    private final WebhookPost post;
    private final Metrics metrics;
    private final Log log;
    private final LongSupplier wallMillis;
    private final Set<Delivery> pending = new LinkedHashSet<>();
    private volatile List<Webhook> webhooks;
    private @Nullable Promise<Void> closing;

    /**
     * How often to try, in milliseconds.
     *
     * @param firstMillis the pause after the first try; it doubles with each
     * @param mostMillis the longest pause
     * @param inAllMillis after which a delivery is given up
     */
    record Pace(long firstMillis, long mostMillis, long inAllMillis) {
        static final Pace STANDARD = new Pace(1_000, 300_000, 3_600_000);
    }

    /** Tells nobody until it is given receivers. */
    public Webhooks(Vertx vertx, Metrics metrics, Log log, LongSupplier wallMillis) {
        this(vertx, Pace.STANDARD, metrics, log, wallMillis);
    }

    /** Where a test is in a hurry. */
    Webhooks(Vertx vertx, Pace pace, Metrics metrics, Log log, LongSupplier wallMillis) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.pace = pace;
        this.post = new WebhookPost(vertx);
        this.metrics = metrics;
        this.log = log;
        this.wallMillis = wallMillis;
        this.webhooks = List.of();
    }

    /** Who is told from now on; what waits goes to the place that now has the receiver's name. */
    public void replace(List<Webhook> changed) {
        webhooks = List.copyOf(changed);
    }

    /** Tells every receiver, soon and once each. */
    public void tell(Crossing crossing) {
        List<Webhook> receivers = webhooks;
        if (!receivers.isEmpty()) {
            News news = News.of(crossing, Instant.ofEpochMilli(wallMillis.getAsLong()));
            context.runOnContext(
                    v -> receivers.forEach(receiver -> take(new Delivery(receiver.name(), news))));
        }
    }

    private void take(Delivery delivery) {
        if (pending.size() >= MAX_PENDING || closing != null) {
            over(delivery, Result.DROPPED, "more than " + MAX_PENDING + " deliveries wait");
        } else {
            pending.add(delivery);
            delivery.attempt();
        }
    }

    /** Tries everything that waits once more, and completes within some seconds. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            closing = done;
            List.copyOf(pending).forEach(Delivery::hurry);
            vertx.setTimer(LAST_TRY_MILLIS, t -> finish());
            finishIfIdle();
        });
        return done.future();
    }

    private void finishIfIdle() {
        if (pending.isEmpty()) {
            finish();
        }
    }

    private void finish() {
        List.copyOf(pending).forEach(d -> over(d, Result.FAILED, "the sidecar stops"));
        if (closing != null && closing.tryComplete()) {
            post.close();
        }
    }

    /** What became of a delivery. */
    enum Result {
        DELIVERED,
        FAILED,
        DROPPED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private void over(Delivery delivery, Result result, String why) {
        pending.remove(delivery);
        if (result != Result.DELIVERED) {
            log.notice(
                    "webhook_" + result.word(),
                    "webhook %s, message %s: %s"
                            .formatted(delivery.receiver, delivery.news.id(), why));
        }
        metrics.webhook(delivery.receiver, result);
        if (closing != null) {
            finishIfIdle();
        }
    }

    private @Nullable Webhook webhook(String name) {
        return webhooks.stream().filter(w -> w.name().equals(name)).findFirst().orElse(null);
    }

    /** One message on its way to one receiver. */
    private final class Delivery {
        private final String receiver;
        private final News news;
        private final long bornMillis = wallMillis.getAsLong();
        private long pauseMillis = pace.firstMillis();
        private long timer;
        private boolean trying;

        Delivery(String receiver, News news) {
            this.receiver = receiver;
            this.news = news;
        }

        void attempt() {
            Webhook webhook = webhook(receiver);
            if (webhook == null) {
                over(this, Result.FAILED, "its receiver is no longer in weir.yaml");
                return;
            }
            trying = true;
            post.send(webhook, news, wallMillis.getAsLong() / 1_000)
                    .onComplete(answer -> {
                        trying = false;
                        if (pending.contains(this)) {
                            answered(answer);
                        }
                    });
        }

        private void answered(AsyncResult<Integer> answer) {
            if (answer.succeeded() && answer.result() / 100 == 2) {
                over(this, Result.DELIVERED, "");
                return;
            }
            String why =
                    answer.succeeded()
                            ? "answered " + answer.result()
                            : "cannot be reached: " + answer.cause().getMessage();
            long nextMillis = pauseMillis / 2 + random(pauseMillis / 2 + 1);
            long agedMillis = wallMillis.getAsLong() - bornMillis;
            boolean again = answer.failed() || mayPass(answer.result());
            if (!again || closing != null || agedMillis + nextMillis > pace.inAllMillis()) {
                over(this, Result.FAILED, why);
            } else {
                pauseMillis = Math.min(2 * pauseMillis, pace.mostMillis());
                timer = vertx.setTimer(Math.max(1, nextMillis), t -> attempt());
            }
        }

        /** The last try, now. */
        void hurry() {
            if (!trying) {
                vertx.cancelTimer(timer);
                attempt();
            }
        }
    }

    private static boolean mayPass(int status) {
        return status == 408 || status == 429 || status / 100 == 5;
    }

    private static long random(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }
}
