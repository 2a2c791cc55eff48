package weir.ledger;

import static weir.ledger.SimWorld.SECOND;

/** Crashes, pauses, partitions; a crashed sidecar is followed by a new one. */
final class SimChaos {
    private final SimWorld world;
    private final boolean leased;

    SimChaos(SimWorld world, boolean leased) {
        this.world = world;
        this.leased = leased;
    }

    void add(SimSidecar.Load load, long untilMicros) {
        SimLink.Faults faults = leased ? SimLink.Faults.SHARDED : SimLink.Faults.NONE;
        SimSidecar sidecar = world.sidecar(load, faults);
        sidecar.start(untilMicros);
        happen(sidecar, load, untilMicros);
    }

    private void happen(SimSidecar sidecar, SimSidecar.Load load, long untilMicros) {
        world.time.after(
                1 + world.random.nextLong(40 * SECOND),
                () -> {
                    if (world.time.micros() >= untilMicros) {
                        return;
                    }
                    long length = 1 + world.random.nextLong(8 * SECOND);
                    switch (world.random.nextInt(8)) {
                        case 0 -> {
                            sidecar.crash();
                            add(load, untilMicros);
                            return;
                        }
                        case 1 -> sidecar.pause(length);
                        case 2 -> sidecar.pause(6 * length);
                        case 3 -> sidecar.link.cut(length);
                        case 4 -> sidecar.link.cut(6 * length);
                        case 5 -> sidecar.link.cut(any(), length);
                        case 6 -> sidecar.link.cut(any(), 6 * length);
                        default -> {
                            sidecar.leave();
                            add(load, untilMicros);
                            return;
                        }
                    }
                    happen(sidecar, load, untilMicros);
                });
    }

    private int any() {
        return leased ? world.random.nextInt(SimLink.Faults.SHARDED.shards()) : 0;
    }
}
