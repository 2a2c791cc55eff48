package weir.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Redis for tests, never skipped: the server that {@code WEIR_TEST_REDIS} names (so that CI
 * runs the same tests over several versions), else a container where a Docker engine answers, else
 * the {@code redis-server} on the PATH, else the one that a test dependency ships. It keeps nothing
 * on disk, listens on loopback, and ends with this process.
 */
public final class TestRedis implements AutoCloseable {
    private static final String IMAGE = "redis:7.4-alpine";
    private static final long START_SECONDS = 20;
    private static final int START_TRIES = 5;

    /**
     * Made on first use; shared by all tests of this process, which therefore use keys of their
     * own.
     */
    private static final class Shared {
        static final TestRedis INSTANCE = start();
    }

    private final String host;
    private final int port;
    private final Runnable stop;
    private final Runnable kill;
    private final Optional<Process> process;

    private TestRedis(String host, int port, Runnable stop, Runnable kill) {
        this.host = host;
        this.port = port;
        this.stop = stop;
        this.kill = kill;
        this.process = Optional.empty();
    }

    private TestRedis(int port, Process process) {
        this.host = "127.0.0.1";
        this.port = port;
        this.stop = () -> end(process, process::destroy);
        this.kill = () -> end(process, process::destroyForcibly);
        this.process = Optional.of(process);
    }

    /** The one that all tests of this process share; nobody stops it. */
    public static TestRedis shared() {
        return Shared.INSTANCE;
    }

    /** A Redis of its own, empty, on a free port. */
    public static TestRedis start() {
        return RedisProgram.NAMED.isEmpty() && dockerAnswers() ? container() : startWith();
    }

    /** As a process, on a free port, with these arguments besides the usual ones. */
    public static TestRedis startWith(String... arguments) {
        for (int i = 1; i < START_TRIES; i++) {
            try {
                return process(freePort(), directory(), arguments);
            } catch (IllegalStateException portTaken) {
                System.err.println(portTaken.getMessage());
            }
        }
        return process(freePort(), directory(), arguments);
    }

    /**
     * Takes encrypted connections on another port too; empty where the server was built without.
     */
    public static Optional<Encrypted> startWith(TestTls tls) {
        int port = freePort();
        try {
            String[] arguments = tls.arguments(port).toArray(String[]::new);
            return Optional.of(new Encrypted(process(freePort(), directory(), arguments), port));
        } catch (IllegalStateException e) {
            System.err.println(RedisProgram.path() + " has no TLS: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A server, and the port on which it takes encrypted connections. */
    public record Encrypted(TestRedis redis, int port) {}

    /** A Redis as a process on this port: what comes back where another one was. */
    public static TestRedis startAt(int port) {
        return process(port, directory());
    }

    /** As a process on this port, with its files in this directory. */
    static TestRedis startIn(Path directory, int port, String... arguments) {
        return process(port, directory, arguments);
    }

    /** The configuration says the port: Redis 6 takes no other words beside this one. */
    static TestRedis startSentinel(Path directory, Path config, int port) {
        return process(
                port, directory, List.of(RedisProgram.path(), config.toString(), "--sentinel"));
    }

    /** An empty directory. */
    static Path directory() {
        try {
            return Files.createTempDirectory("weir-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the process; a container has none that can be seen from here. */
    public long pid() {
        return process.orElseThrow().pid();
    }

    /** Major times 100 plus minor, such as 602; Valkey counts as the Redis that it says it is. */
    public int version() {
        String line =
                command("INFO", "server")
                        .lines()
                        .filter(l -> l.startsWith("redis_version:"))
                        .findFirst()
                        .orElseThrow();
        List<String> parts = List.of(line.substring(line.indexOf(':') + 1).split("\\.", -1));
        return 100 * Integer.parseInt(parts.get(0)) + Integer.parseInt(parts.get(1));
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://" + host + ":" + port;
    }

    /**
     * Runs one command and returns its answer as text, the elements of a list on lines of their
     * own.
     */
    public String command(String... words) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(START_SECONDS));
            return Resp.ask(socket, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often a command ran since the start or the last {@code CONFIG RESETSTAT}. */
    public long calls(String command) {
        return stat(command, "calls=");
    }

    /** For how many microseconds a command ran in all. */
    public long micros(String command) {
        return stat(command, "usec=");
    }

    private long stat(String command, String field) {
        return command("INFO", "commandstats")
                .lines()
                .filter(l -> l.startsWith("cmdstat_" + command + ":"))
                .flatMap(l -> Stream.of(l.substring(l.indexOf(':') + 1).split(",")))
                .filter(f -> f.startsWith(field))
                .mapToLong(f -> Long.parseLong(f.substring(field.length())))
                .findFirst()
                .orElse(0);
    }

    /** Ends it in good order. */
    public void stop() {
        stop.run();
    }

    /** Ends it as a crash would. */
    public void kill() {
        kill.run();
    }

    @Override
    public void close() {
        kill();
    }

    private static boolean dockerAnswers() {
        boolean likely =
                System.getenv("DOCKER_HOST") != null
                        || Stream.of("/var/run/docker.sock", home("/.docker/run/docker.sock"))
                                .anyMatch(s -> Files.exists(Path.of(s)));
        return likely && DockerClientFactory.instance().isDockerAvailable();
    }

    private static String home(String path) {
        return System.getProperty("user.home") + path;
    }

    /** The reaper container of the library ends it with this process. */
    @SuppressWarnings("resource")
    private static TestRedis container() {
        GenericContainer<?> redis =
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withExposedPorts(6379)
                        .withCommand("redis-server", "--save", "", "--appendonly", "no");
        redis.start();
        return new TestRedis(
                redis.getHost(),
                redis.getMappedPort(6379),
                redis::stop,
                () -> redis.getDockerClient().killContainerCmd(redis.getContainerId()).exec());
    }

    private static TestRedis process(int port, Path directory, String... more) {
        List<String> words = new ArrayList<>(List.of(RedisProgram.path(), "--port", "" + port));
        words.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        words.addAll(List.of(more));
        return process(port, directory, words);
    }

    private static TestRedis process(int port, Path directory, List<String> words) {
        try {
            Path log = directory.resolve("log");
            Process process =
                    new ProcessBuilder(words)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            TestRedis redis = new TestRedis(port, process);
            awaitAnswer(redis, process, log);
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitAnswer(TestRedis redis, Process process, Path log) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(redis.host, redis.port), 1_000);
                socket.setSoTimeout(1_000);
                String answer = Resp.ask(socket, "PING");
                if (answer.equals("PONG") || answer.startsWith("-NOAUTH")) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("redis-server did not start: " + Files.readString(log));
    }

    private static void end(Process process, Runnable signal) {
        signal.run();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
