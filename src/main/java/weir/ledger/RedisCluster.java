package weir.ledger;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster: one {@link RedisLink} to each master, and a map from slots to masters.
 *
 * <h2>The map</h2>
 *
 * <p>{@code CLUSTER SLOTS} is asked of all known servers at once, and the first answer counts: at
 * the start, when a link is lost, when a server says that a slot has moved, every half minute, and
 * every half second while a slot has no master or a master no connection. An answer may be out of
 * date; the next one, or the server that is asked wrongly, corrects it.
 *
 * <h2>Redirections</h2>
 *
 * <p>What a server has redirected it has not run, so sending it on is safe. {@code MOVED} corrects
 * the map. {@code ASK} means that the slot is under way and its keys are already there. {@code
 * TRYAGAIN} means that some of the keys are here and some there, or that some are new: a script
 * over such a slot has to wait until it has arrived. It is tried a few times within the ledger's
 * deadline; after that its limits are away for a moment, as with any other failure.
 */
final class RedisCluster {
    private static final int HOPS = 4;
    private static final long TRY_AGAIN_MILLIS = 8;
    private static final long CALM_MILLIS = 30_000;
    private static final long RESTLESS_MILLIS = 500;

    private final Vertx vertx;
    private final RedisServers servers;
    private final Supplier<Circuit> circuits;
    private final Map<String, RedisLink> links = new HashMap<>();
    private final @Nullable RedisLink[] masters = new RedisLink[HashSlot.COUNT];
    private final Map<Integer, Slot> slots = new HashMap<>();
    private long timer = -1;
    private boolean asking;
    private boolean closed;

    /** Begins to connect, on the event loop of the caller. */
    RedisCluster(Vertx vertx, RedisOptions options, Supplier<Circuit> circuits) {
        this.vertx = vertx;
        this.servers = new RedisServers(vertx, options);
        this.circuits = circuits;
        vertx.getOrCreateContext().runOnContext(v -> refresh());
    }

    Shard slot(int number) {
        return slots.computeIfAbsent(number, Slot::new);
    }

    /** Whether any master can be asked; each slot knows for itself. */
    boolean isConnected() {
        return links.values().stream().anyMatch(RedisLink::isConnected);
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
        links.values().forEach(RedisLink::close);
        links.clear();
    }

    private void refresh() {
        if (asking || closed) {
            return;
        }
        asking = true;
        vertx.cancelTimer(timer);
        Set<String> known = new LinkedHashSet<>(links.keySet());
        known.addAll(servers.configured());
        servers.askAny(known, Request.cmd(Command.CLUSTER).arg("SLOTS"), this::ranges)
                .onComplete(result -> {
                    asking = false;
                    if (closed) {
                        return;
                    }
                    if (result.succeeded()) {
                        use(result.result());
                    }
                    timer =
                            vertx.setTimer(
                                    isWhole() ? CALM_MILLIS : RESTLESS_MILLIS, t -> refresh());
                });
    }

    private record Range(int first, int last, String master) {}

    private List<Range> ranges(Response answer) {
        List<Range> ranges = new ArrayList<>();
        for (Response range : answer) {
            ranges.add(
                    new Range(
                            RedisServers.number(range, 0),
                            RedisServers.number(range, 1),
                            servers.at(range.get(2))));
        }
        if (ranges.isEmpty()) {
            throw new LedgerUnavailableException("a cluster without slots");
        }
        return ranges;
    }

    private void use(List<Range> ranges) {
        @Nullable RedisLink[] now = new RedisLink[HashSlot.COUNT];
        Set<String> named = new HashSet<>();
        for (Range range : ranges) {
            named.add(range.master());
            RedisLink link = link(range.master());
            for (int slot = range.first(); slot <= range.last(); slot++) {
                now[slot] = link;
            }
        }
        for (int slot = 0; slot < HashSlot.COUNT; slot++) {
            serve(slot, now[slot]);
        }
        List<String> gone = links.keySet().stream().filter(s -> !named.contains(s)).toList();
        gone.forEach(server -> {
            RedisLink link = links.remove(server);
            if (link != null) {
                link.close();
            }
        });
    }

    private void serve(int number, @Nullable RedisLink master) {
        RedisLink before = masters[number];
        masters[number] = master;
        Slot slot = slots.get(number);
        if (slot != null && before != master && master != null && master.isConnected()) {
            slot.connected();
        }
    }

    private RedisLink link(String server) {
        return links.computeIfAbsent(
                server,
                s -> {
                    RedisLink link =
                            new RedisLink(
                                    vertx, servers, () -> Future.succeededFuture(s), circuits);
                    link.onConnected(() -> connected(link));
                    link.onLost(this::refresh);
                    return link;
                });
    }

    private void connected(RedisLink link) {
        List.copyOf(slots.values()).stream()
                .filter(slot -> masters[slot.number] == link)
                .forEach(Slot::connected);
    }

    /** Whether every slot has a master, and every master a connection. */
    boolean isWhole() {
        for (RedisLink master : masters) {
            if (master == null) {
                return false;
            }
        }
        return links.values().stream().allMatch(RedisLink::isConnected);
    }

    /** One slot, wherever it is. */
    private final class Slot implements Shard {
        private final int number;
        private final List<Runnable> whenConnected = new ArrayList<>();

        Slot(int number) {
            this.number = number;
        }

        @Override
        public boolean isReady() {
            RedisLink master = masters[number];
            return master != null && master.isReady();
        }

        @Override
        public boolean isConnected() {
            RedisLink master = masters[number];
            return master != null && master.isConnected();
        }

        @Override
        public void onConnected(Runnable task) {
            whenConnected.add(task);
        }

        private void connected() {
            whenConnected.forEach(Runnable::run);
        }

        @Override
        public Future<@Nullable Response> run(ScriptCall call) {
            return run(call, HOPS);
        }

        private Future<@Nullable Response> run(ScriptCall call, int hops) {
            RedisLink master = masters[number];
            return master == null
                    ? Future.failedFuture(
                            new LedgerUnavailableException("no master is known for this slot"))
                    : master.run(call, false).recover(error -> follow(call, error, hops));
        }

        private Future<@Nullable Response> follow(ScriptCall call, Throwable error, int hops) {
            if (hops > 0 && ScriptCall.says(error, "TRYAGAIN")) {
                Promise<Void> pause = Promise.promise();
                vertx.setTimer(TRY_AGAIN_MILLIS, t -> pause.complete());
                return pause.future().compose(v -> run(call, hops - 1));
            }
            boolean moved = ScriptCall.says(error, "MOVED");
            if (hops == 0 || !(moved || ScriptCall.says(error, "ASK"))) {
                return Future.failedFuture(error);
            }
            RedisLink there = link(target(error));
            if (moved) {
                serve(number, there);
                refresh();
            }
            return there.tried()
                    .compose(v -> there.run(call, !moved))
                    .recover(next -> follow(call, next, hops - 1));
        }

        /** From {@code MOVED 3999 host:port}. */
        private String target(Throwable redirection) {
            String text = redirection.toString();
            String address = text.substring(text.lastIndexOf(' ') + 1);
            int colon = address.lastIndexOf(':');
            return servers.at(
                    address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        }

        /** The links are the cluster's. */
        @Override
        public void close() {
            whenConnected.clear();
        }
    }
}
