package weir.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A master, a replica, and one sentinel that promotes the replica when the master is away. */
public final class TestSentinel implements AutoCloseable {
    public static final String MASTER = "weir-master";

    private final TestRedis master;
    private final TestRedis replica;
    private final TestRedis sentinel;

    private TestSentinel(TestRedis master, TestRedis replica, TestRedis sentinel) {
        this.master = master;
        this.replica = replica;
        this.sentinel = sentinel;
    }

    /** In order, with the replica in step. */
    public static TestSentinel start() {
        TestRedis master = TestRedis.startWith();
        TestRedis replica = TestRedis.startWith("--replicaof", "127.0.0.1", "" + master.port());
        TestCluster.await(
                "a replica",
                () -> replica.command("INFO", "replication").contains("master_link_status:up"));
        TestSentinel all = new TestSentinel(master, replica, sentinel(master.port()));
        TestCluster.await(
                "the sentinel sees the replica",
                () -> all.sentinel.command("SENTINEL", "REPLICAS", MASTER).contains("slave-prio"));
        return all;
    }

    private static TestRedis sentinel(int masterPort) {
        Path directory = TestRedis.directory();
        int port = TestRedis.freePort();
        Path config = directory.resolve("sentinel.conf");
        try {
            Files.writeString(
                    config,
                    """
                    port %3$d
                    bind 127.0.0.1
                    sentinel monitor %1$s 127.0.0.1 %2$d 1
                    sentinel down-after-milliseconds %1$s 500
                    sentinel failover-timeout %1$s 2000
                    """
                            .formatted(MASTER, masterPort, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TestRedis.startSentinel(directory, config, port);
    }

    public String url() {
        return sentinel.url();
    }

    public TestRedis master() {
        return master;
    }

    public TestRedis replica() {
        return replica;
    }

    /** Lets the sentinel swap the two, both alive. */
    public void swap() {
        TestCluster.await(
                "a failover", () -> sentinel.command("SENTINEL", "FAILOVER", MASTER).equals("OK"));
    }

    @Override
    public void close() {
        sentinel.close();
        replica.close();
        master.close();
    }
}
