package weir.ledger;

import io.vertx.core.Future;
import java.util.List;
import weir.limit.Crossing;

/** A sidecar asks whether it is the one that tells of a crossing. */
record Announcement(Crossing crossing, String sidecar) {
    /**
     * Asks Redis.
     *
     * @param scriptMicros what the script takes for the time, 0 for Redis's own
     */
    Future<Boolean> ask(Shard shard, long scriptMicros) {
        List<String> args =
                List.of(Long.toString(scriptMicros), sidecar, Long.toString(crossing.endMillis()));
        return shard.run(Script.ANNOUNCE, List.of(KeySpace.crossing(crossing)), args)
                .map(mine -> mine[0] == 1);
    }
}
