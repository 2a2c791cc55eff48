package weir.ledger;

import java.util.PriorityQueue;

/** A clock that stands still while things happen, and jumps to the next thing that does. */
public final class SimTime {
    private record Event(long micros, long number, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long made;
    private long micros;

    /** Begins at a moment of the ledger's clock, in microseconds since the epoch. */
    public SimTime(long micros) {
        this.micros = micros;
    }

    public long micros() {
        return micros;
    }

    public void at(long whenMicros, Runnable task) {
        events.add(new Event(Math.max(micros, whenMicros), made++, task));
    }

    public void after(long delayMicros, Runnable task) {
        at(micros + delayMicros, task);
    }

    public void run(long untilMicros) {
        while (!events.isEmpty() && events.peek().micros() <= untilMicros) {
            Event next = events.remove();
            micros = next.micros();
            next.task().run();
        }
        micros = untilMicros;
    }
}
