package weir.ledger;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Cool-downs that all sidecars share: what one learns the others know within a second. While Redis
 * is away each goes by what it knows itself. Nothing is asked where no name is watched.
 *
 * <p>A name travels as a number, 52 bits of its hash: everybody knows the names that matter to it.
 */
public final class SharedCooldowns extends Cooldowns {
    private static final long BEAT_MILLIS = 1_000;

    /** Hexadecimal: 52 bits. */
    private static final int NAME_DIGITS = 13;

    private final Pulse pulse;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile Map<Long, String> watched = Map.of();

    /** Connects once there are names to watch; may be called on any thread. */
    public SharedCooldowns(ProcessLink link, LongSupplier nanoClock) {
        super(nanoClock);
        this.pulse = new Pulse(link, KeySpace.COOLDOWNS);
    }

    @Override
    public void watch(Collection<String> names) {
        watched =
                names.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        SharedCooldowns::number,
                                        Function.identity(),
                                        (one, same) -> one));
        if (!watched.isEmpty() && begun.compareAndSet(false, true)) {
            pulse.begin(BEAT_MILLIS, this::ask);
        }
    }

    @Override
    public void cool(String name, long millis) {
        super.cool(name, millis);
        if (!watched.isEmpty()) {
            String number = Long.toString(number(name));
            pulse.soon(() -> say(List.of(number, Long.toString(millis))));
        }
    }

    @Override
    public Future<Void> close() {
        return pulse.end(() -> Future.succeededFuture(new long[0]));
    }

    private void ask() {
        if (!watched.isEmpty()) {
            say(List.of());
        }
    }

    private void say(List<String> news) {
        List<String> args = new ArrayList<>();
        args.add("0");
        args.addAll(news);
        pulse.run(Script.COOLDOWNS, args).onSuccess(this::heard);
    }

    private void heard(long[] answer) {
        Map<Long, String> names = watched;
        for (int i = 0; i + 1 < answer.length; i += 2) {
            String name = names.get(answer[i]);
            if (name != null) {
                super.cool(name, answer[i + 1]);
            }
        }
    }

    private static long number(String name) {
        return Long.parseLong(KeySpace.sha256(name).substring(0, NAME_DIGITS), 16);
    }
}
