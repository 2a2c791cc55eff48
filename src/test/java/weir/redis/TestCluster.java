package weir.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A Redis Cluster of three masters, each a process, without replicas until a test wants one; slots
 * are shared out in three parts. A master that is away takes only its own slots with it.
 */
public final class TestCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int BUS_OFFSET = 10_000;
    private static final long START_SECONDS = 30;

    private static final class Shared {
        static final TestCluster INSTANCE = start();
    }

    private final List<TestRedis> masters = new ArrayList<>();
    private final List<TestRedis> replicas = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();

    /** The one that all tests of this process share; nobody stops it. */
    public static TestCluster shared() {
        return Shared.INSTANCE;
    }

    /** A cluster of its own, empty. */
    public static TestCluster start() {
        TestCluster cluster = new TestCluster();
        for (int i = 0; i < MASTERS; i++) {
            Path directory = TestRedis.directory();
            cluster.directories.add(directory);
            cluster.masters.add(server(directory, freePortAndBus()));
        }
        TestRedis first = cluster.masters.getFirst();
        for (int i = 0; i < MASTERS; i++) {
            TestRedis master = cluster.masters.get(i);
            List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = i * SLOTS / MASTERS; slot < (i + 1) * SLOTS / MASTERS; slot++) {
                words.add(Integer.toString(slot));
            }
            master.command(words.toArray(String[]::new));
            master.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port()));
        }
        await("a cluster", () -> cluster.masters.stream().allMatch(TestCluster::knowsAll));
        return cluster;
    }

    private static TestRedis server(Path directory, int port) {
        return TestRedis.startIn(
                directory,
                port,
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "1000",
                "--cluster-require-full-coverage",
                "no");
    }

    private static boolean knowsAll(TestRedis master) {
        String info = master.command("CLUSTER", "INFO");
        return info.contains("cluster_state:ok")
                && info.contains("cluster_slots_assigned:" + SLOTS);
    }

    public List<TestRedis> masters() {
        return List.copyOf(masters);
    }

    /** What a client is told: one of them; it has to find the others. */
    public String url() {
        return masters.getFirst().url();
    }

    /** The master that has it from the start. */
    public int masterOf(int slot) {
        for (int i = 0; i < MASTERS; i++) {
            if (slot < (i + 1) * SLOTS / MASTERS) {
                return i;
            }
        }
        throw new IllegalArgumentException("no slot: " + slot);
    }

    /** In the words of Redis: which slot a key is in. */
    public int slotOf(String key) {
        return Integer.parseInt(masters.getFirst().command("CLUSTER", "KEYSLOT", key));
    }

    /** Begins to move a slot: new keys are asked for at the target. */
    public void beginToMove(int slot, int from, int to) {
        masters.get(to).command("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", id(from));
        masters.get(from).command("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", id(to));
    }

    /** Moves the keys that are there. */
    public void moveKeys(int slot, int from, int to) {
        String port = Integer.toString(masters.get(to).port());
        List<String> keys =
                masters.get(from)
                        .command("CLUSTER", "GETKEYSINSLOT", "" + slot, "1000")
                        .lines()
                        .toList();
        String[] head = {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS"};
        if (!keys.isEmpty()) {
            masters.get(from)
                    .command(Stream.concat(Stream.of(head), keys.stream()).toArray(String[]::new));
        }
    }

    /** From now on the slot is the target's, and everybody is told so. */
    public void endMove(int slot, int to) {
        String id = id(to);
        masters.get(to).command("CLUSTER", "SETSLOT", "" + slot, "NODE", id);
        for (TestRedis master : masters) {
            master.command("CLUSTER", "SETSLOT", "" + slot, "NODE", id);
        }
    }

    private String id(int master) {
        return masters.get(master).command("CLUSTER", "MYID");
    }

    /** A replica that has all that the master has. */
    public TestRedis addReplica(int of) {
        TestRedis master = masters.get(of);
        TestRedis replica = server(TestRedis.directory(), freePortAndBus());
        replicas.add(replica);
        replica.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(master.port()));
        await("knows its master", () -> replica.command("CLUSTER", "NODES").contains(id(of)));
        // A server that has not heard of it before its master is gone does not believe it after.
        String id = replica.command("CLUSTER", "MYID");
        await(
                "known to all",
                () -> masters.stream().allMatch(m -> m.command("CLUSTER", "NODES").contains(id)));
        await("a replica", () -> replica.command("CLUSTER", "REPLICATE", id(of)).equals("OK"));
        await("in step", () -> master.command("WAIT", "1", "1000").equals("1"));
        return replica;
    }

    /** From now on the replica is told nothing. */
    public void cutOff(int master, TestRedis replica) {
        await("in step", () -> masters.get(master).command("WAIT", "1", "1000").equals("1"));
        // A password that the master does not ask for, and refuses.
        replica.command("CONFIG", "SET", "masterauth", "wrong");
        masters.get(master).command("CLIENT", "KILL", "TYPE", "replica");
    }

    /** The master ends as in a crash, and the replica takes its place with what it has. */
    public void failOver(int master, TestRedis replica) {
        kill(master);
        await(
                "the master",
                () ->
                        replica.command("CLUSTER", "FAILOVER", "TAKEOVER").equals("OK")
                                && replica.command("ROLE").startsWith("master"));
    }

    /** Ends a master as a crash would. */
    public void kill(int master) {
        masters.get(master).kill();
    }

    /** Starts it again where it was, without its data. */
    public void restart(int master) {
        int port = masters.get(master).port();
        masters.set(master, server(directories.get(master), port));
        await("back", () -> masters.stream().allMatch(TestCluster::knowsAll));
    }

    @Override
    public void close() {
        masters.forEach(TestRedis::close);
        replicas.forEach(TestRedis::close);
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + START_SECONDS + " s: " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** The servers talk to each other on a second port, a fixed distance away. */
    private static int freePortAndBus() {
        Random random = new Random();
        while (true) {
            int port = 20_000 + random.nextInt(10_000);
            if (isFree(port) && isFree(port + BUS_OFFSET)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
