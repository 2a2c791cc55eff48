package weir.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The counters on which this sidecar has, or wants, a lease; in the order of their next report. */
final class Holdings {
    /**
     * So many counters at most are leased, some 400 bytes each; requests on others take the round
     * trip. Money keeps its place until its window is past.
     */
    static final int MOST = 10_000;

    private static final class Entry implements Comparable<Entry> {
        private final Holding holding;
        private final long number;
        private long dueMicros = Agenda.NONE;

        Entry(Holding holding, long number) {
            this.holding = holding;
            this.number = number;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(dueMicros, other.dueMicros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final Map<String, Entry> byKey = new HashMap<>();
    private final TreeSet<Entry> inOrder = new TreeSet<>();
    private long made;

    int size() {
        return byKey.size();
    }

    Collection<Holding> all() {
        return byKey.values().stream().map(e -> e.holding).toList();
    }

    /**
     * The holding of this counter; a new one where there is none, null where there are too many.
     */
    @Nullable Holding at(Place place) {
        Entry entry = byKey.get(place.key());
        if (entry == null) {
            if (byKey.size() >= MOST) {
                return null;
            }
            entry = new Entry(new Holding(place), made++);
            byKey.put(place.key(), entry);
            return entry.holding;
        }
        if (!entry.holding.place().claim().meter().equals(place.claim().meter())) {
            entry.holding.place(place);
        }
        return entry.holding;
    }

    /** The holding of this counter, if there is one. */
    @Nullable Holding find(Place place) {
        Entry entry = byKey.get(place.key());
        return entry == null ? null : entry.holding;
    }

    /** Something has changed that may bring its next report forward. */
    void touch(Holding holding, Moment now) {
        Entry entry = byKey.get(holding.place().key());
        if (entry == null) {
            return;
        }
        long due = holding.dueMicros(now);
        if (due < entry.dueMicros) {
            list(entry, due);
        }
    }

    /** Is about to report; to be touched once that is answered, or has failed. */
    void reports(Holding holding) {
        Entry entry = byKey.get(holding.place().key());
        if (entry != null) {
            list(entry, Agenda.NONE);
        }
    }

    private void list(Entry entry, long dueMicros) {
        if (entry.dueMicros != Agenda.NONE) {
            inOrder.remove(entry);
        }
        entry.dueMicros = dueMicros;
        if (dueMicros != Agenda.NONE) {
            inOrder.add(entry);
        }
    }

    /**
     * Those that are to report by a time, at most so many; the first ones first. Those whose report
     * is not answered are not among them, and are to be touched once it is.
     *
     * @param dropped is told of those of which the ledger need not hear any more
     */
    List<Holding> due(long byMicros, Moment now, int most, Consumer<Holding> dropped) {
        List<Holding> due = new ArrayList<>();
        while (due.size() < most && !inOrder.isEmpty() && inOrder.first().dueMicros <= byMicros) {
            Entry entry = inOrder.first();
            list(entry, Agenda.NONE);
            if (entry.holding.agenda.isReporting()) {
                continue;
            }
            if (entry.holding.isOver(now)) {
                byKey.remove(entry.holding.place().key());
                dropped.accept(entry.holding);
                continue;
            }
            long really = entry.holding.dueMicros(now);
            if (really <= byMicros) {
                due.add(entry.holding);
            } else {
                list(entry, really);
            }
        }
        return due;
    }

    /** When the first is due, or may be. */
    long nextMicros() {
        return inOrder.isEmpty() ? Agenda.NONE : inOrder.first().dueMicros;
    }
}
