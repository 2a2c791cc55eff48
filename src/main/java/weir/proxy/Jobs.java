package weir.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.ledger.JobBook;

/**
 * Work that goes on at providers after its requests: predictions, background responses, batches.
 * What such a request holds stays held, and is settled when the provider says what was used. Weir
 * asks by itself, with the credential that began the work, seldomer the longer it takes, and at
 * once when a caller asks through this sidecar.
 *
 * <p>Where sidecars share a ledger, work that takes longer than some seconds outlives this one: it
 * is noted in Redis ({@link JobBook}), what it holds of budgets is {@linkplain
 * weir.ledger.Ledger#entrust entrusted}, and another sidecar whose weir.yaml has the same
 * credential for the same server takes it over when this one stops, or has not been heard of. Rates
 * and slots are this sidecar's own and end with it.
 *
 * <p>Work that nobody can tell of any more, that outlives its reservation, or that no other sidecar
 * could take over, is charged at its worst case: never less than it costs.
 *
 * <p>Shared by all event loops; each piece of work stays on the one that began it, or found it.
 */
public final class Jobs implements JobBook.Keeper {
    /** More at once are charged at their worst case as soon as they begin. */
    private static final int MAX_JOBS = 10_000;

    private final @Nullable JobBook book;
    private final Map<JobBook.Name, RunningJob> running = new ConcurrentHashMap<>();

    /** Others' work that this sidecar could not follow to its end. */
    private final Set<JobBook.Name> givenUp = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Finder finder;
    private volatile boolean closed;

    /** Where what was others' is seen to from now on. */
    private record Finder(Context context, Lane lane, Gate gate) {}

    /**
     * @param book null where no other sidecar shares the ledger
     */
    public Jobs(@Nullable JobBook book) {
        this.book = book;
    }

    /** How many this sidecar sees to. */
    public int size() {
        return running.size();
    }

    @Nullable JobBook book() {
        return book;
    }

    /** To be called on each lane's event loop: the first one takes what was others'. */
    void begin(Lane lane, Gate gate) {
        if (book != null && begun.compareAndSet(false, true)) {
            finder = new Finder(lane.vertx().getOrCreateContext(), lane, gate);
            book.begin(this);
        }
    }

    /** Takes over what a request holds; on the event loop of that request. */
    void take(Lane lane, Work work, @Nullable Hold hold) {
        RunningJob job = new RunningJob(this, lane, work, hold);
        if (room() == 0) {
            job.refuse();
        } else {
            running.put(job.name(), job);
            job.begin();
        }
    }

    /** A caller has asked how the work of this path stands. */
    void asked(Upstream upstream, String target) {
        if (running.isEmpty()) {
            return;
        }
        for (Account account : Account.of(upstream)) {
            RunningJob job = running.get(account.work(target));
            if (job != null) {
                job.asked();
            }
        }
    }

    void ended(RunningJob job) {
        running.remove(job.name(), job);
    }

    /** Others may try; this sidecar does not again. */
    void giveUp(RunningJob job) {
        if (givenUp.size() < MAX_JOBS) {
            givenUp.add(job.name());
        }
        ended(job);
    }

    @Override
    public Set<String> accounts() {
        return reached().keySet();
    }

    private Map<String, Account> reached() {
        Finder by = finder;
        return by == null || closed
                ? Map.of()
                : by.gate().rules().upstreams().values().stream()
                        .flatMap(upstream -> Account.of(upstream).stream())
                        .collect(
                                Collectors.toMap(
                                        Account::name, account -> account, (one, same) -> one));
    }

    @Override
    public List<String> works(String account) {
        return running.values().stream()
                .filter(job -> job.isNoted() && job.name().account().equals(account))
                .map(job -> job.name().work())
                .toList();
    }

    @Override
    public void lost(JobBook.Name name) {
        tell(name, RunningJob::lost);
    }

    @Override
    public void forgotten(JobBook.Name name) {
        tell(name, RunningJob::forgotten);
    }

    private void tell(JobBook.Name name, Consumer<RunningJob> what) {
        RunningJob job = running.get(name);
        if (job != null) {
            what.accept(job);
        }
    }

    @Override
    public boolean found(JobBook.Name name, String note) {
        Finder by = finder;
        Account account = reached().get(name.account());
        if (by == null || account == null || room() == 0 || givenUp.contains(name)) {
            return false;
        }
        WorkNote read = WorkNote.read(note, by.gate().rules(), account);
        if (read == null || !read.work().name().equals(name)) {
            return false;
        }
        by.context().runOnContext(v -> follow(by.lane(), read));
        return true;
    }

    @Override
    public int room() {
        return closed ? 0 : Math.max(0, MAX_JOBS - running.size());
    }

    private void follow(Lane lane, WorkNote note) {
        RunningJob job = new RunningJob(this, lane, note);
        if (running.putIfAbsent(job.name(), job) == null) {
            job.begin();
        }
    }

    /** Hands over what is under way, and from now on charges all that begins at its worst case. */
    public Future<Void> close() {
        closed = true;
        return Future.join(running.values().stream().map(RunningJob::handOver).toList()).mapEmpty();
    }
}
