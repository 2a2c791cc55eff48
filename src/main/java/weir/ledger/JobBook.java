package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Notes in Redis of work that goes on at providers, so that it outlives the sidecar that began it:
 * one that stops, or dies, is followed by another that reaches the same account, which asks how the
 * work stands and settles what was {@linkplain Ledger#entrust entrusted}.
 *
 * <p>Work is the own of one sidecar at a time, for {@value #OWN_MILLIS} ms after its last word.
 * Times are Redis's. All methods may be called on any thread, and complete on any.
 */
public final class JobBook {
    private static final long OWN_MILLIS = 120_000;
    private static final long BEAT_MILLIS = 20_000;

    /** Bounds the time for which one script holds Redis. */
    private static final int MAX_FOUND = 50;

    private static final int MAX_OWN = 500;
    private static final String TAG = "jobs";

    private final Pulse pulse;
    private final String sidecar;

    /**
     * Of one piece of work.
     *
     * @param account who reaches this account can ask how the work stands
     * @param work its name, unique within the account
     */
    public record Name(String account, String work) {}

    /** Redis cannot be asked now, and has not been. */
    public static final class NotAskedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotAskedException() {
            super("Redis is away or slow");
        }
    }

    /** Whoever sees to works in this process. */
    public interface Keeper {
        /** The accounts that this process reaches. */
        Set<String> accounts();

        /** What it sees to, of an account. */
        List<String> works(String account);

        /** Another sidecar has taken this. */
        void lost(Name name);

        /** Redis has lost what it knew of this. */
        void forgotten(Name name);

        /**
         * This process has taken it.
         *
         * @return whether it sees to it; what it does not is left to others
         */
        boolean found(Name name, String note);

        /** How many it could see to besides. */
        int room();
    }

    /** Connects when it begins. */
    public JobBook(ProcessLink link) {
        this.pulse = new Pulse(link, TAG);
        this.sidecar = link.sidecar() + "." + UUID.randomUUID();
    }

    /** From now on others' works are looked for. */
    public void begin(Keeper keeper) {
        pulse.begin(BEAT_MILLIS, () -> look(keeper));
    }

    private void look(Keeper keeper) {
        List<String> accounts = List.copyOf(keeper.accounts());
        if (accounts.isEmpty()) {
            return;
        }
        List<String> keys = accounts.stream().map(KeySpace::jobs).toList();
        pulse.run(new ScriptCall(Script.JOBS, keys, head("busy")))
                .map(ScriptCall::numbers)
                .onSuccess(busy -> {
                    for (int i = 0; i < busy.length; i++) {
                        if (busy[i] == 1 || !keeper.works(accounts.get(i)).isEmpty()) {
                            look(keeper, accounts.get(i));
                        }
                    }
                });
    }

    private void look(Keeper keeper, String account) {
        List<String> works = keeper.works(account);
        int from = 0;
        do {
            int to = Math.min(works.size(), from + MAX_OWN);
            List<String> args = new ArrayList<>();
            args.add(Integer.toString(to == works.size() ? Math.min(MAX_FOUND, keeper.room()) : 0));
            args.addAll(works.subList(from, to));
            pulse.run(call("look", account, args)).onSuccess(said -> heard(keeper, account, said));
            from = to;
        } while (from < works.size());
    }

    private void heard(Keeper keeper, String account, @Nullable Response said) {
        if (said == null) {
            return;
        }
        said.get(0).forEach(work -> keeper.lost(new Name(account, work.toString())));
        said.get(1).forEach(work -> keeper.forgotten(new Name(account, work.toString())));
        Response found = said.get(2);
        boolean all = found.size() == 2 * MAX_FOUND;
        for (int i = 0; i + 1 < found.size(); i += 2) {
            String work = found.get(i).toString();
            if (!keeper.found(new Name(account, work), found.get(i + 1).toString())) {
                all = false;
                pulse.run(call("leave", account, List.of(work)));
            }
        }
        if (all) {
            look(keeper, account);
        }
    }

    /**
     * Notes down what this sidecar sees to.
     *
     * @return whether it does; false where another sidecar has work of this name
     */
    public Future<Boolean> keep(Name name, String note) {
        return ask("keep", name, note);
    }

    /**
     * Strikes out work that is over. Who is told so settles it, and nobody else does.
     *
     * @return whether the work was this sidecar's, or nobody's
     */
    public Future<Boolean> end(Name name) {
        return ask("end", name);
    }

    /** Lets others take it at once. */
    public Future<Boolean> leave(Name name) {
        return ask("leave", name);
    }

    private Future<Boolean> ask(String what, Name name, String... note) {
        List<String> args = new ArrayList<>();
        args.add(name.work());
        args.addAll(Arrays.asList(note));
        Promise<long[]> answer = Promise.promise();
        pulse.soon(() -> {
            if (pulse.isReady()) {
                pulse.inTime(call(what, name.account(), args)).onComplete(answer);
            } else {
                answer.fail(new NotAskedException());
            }
        });
        return answer.future().map(said -> said[0] == 1);
    }

    private ScriptCall call(String what, String account, List<String> more) {
        String key = KeySpace.jobs(account);
        List<String> args = head(what);
        args.addAll(more);
        return new ScriptCall(Script.JOBS, List.of(key, key + ":notes"), args);
    }

    private List<String> head(String what) {
        return new ArrayList<>(List.of("0", what, sidecar, Long.toString(OWN_MILLIS)));
    }

    /** Ends; what is this sidecar's stays so until others may take it. */
    public Future<Void> close() {
        return pulse.end(() -> Future.succeededFuture(new long[0]));
    }
}
