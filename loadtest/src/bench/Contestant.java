package bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of those compared: a script that runs it, and how it is called. */
final class Contestant implements AutoCloseable {
    private static final long START_SECONDS = 240;
    private static final long END_SECONDS = 20;
    private static final long POLL_MILLIS = 50;

    private final Target target;
    private final List<String> command;
    private final Map<String, String> environment;
    private final int mostPerSecond;
    private @Nullable Process process;

    /**
     * @param command what runs it in the foreground; empty for the provider itself, which runs
     *     anyway
     */
    Contestant(Target target, List<String> command, Map<String, String> environment) {
        this(target, command, environment, Integer.MAX_VALUE);
    }

    private Contestant(
            Target target,
            List<String> command,
            Map<String, String> environment,
            int mostPerSecond) {
        this.target = target;
        this.command = command;
        this.environment = environment;
        this.mostPerSecond = mostPerSecond;
    }

    /** One that is not asked for more calls a second than this: it would only queue them. */
    Contestant atMost(int perSecond) {
        return new Contestant(target, command, environment, perSecond);
    }

    /** The same for one that runs anyway: it is not started, and what it takes is not known. */
    Contestant absent() {
        return new Contestant(target, List.of(), Map.of());
    }

    /** Whether a scenario's rate is one that it can be asked for. */
    boolean bears(Scenario scenario) {
        return scenario.perSecond() <= mostPerSecond;
    }

    Target target() {
        return target;
    }

    String name() {
        return target.name();
    }

    /**
     * Starts it, and returns when it takes connections.
     *
     * @throws IOException if it ends, or takes none within four minutes
     */
    void start(Path logs) throws IOException, InterruptedException {
        if (command.isEmpty()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        File log = logs.resolve(name() + ".log").toFile();
        Process started = builder.redirectErrorStream(true).redirectOutput(log).start();
        process = started;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!listens()) {
            if (!started.isAlive() || System.nanoTime() - until > 0) {
                close();
                throw new IOException(name() + " does not listen, see " + log);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Processor time so far in nanoseconds; 0 for the provider itself. */
    long cpuNanos() {
        return process == null ? 0 : Processes.cpuNanos(process);
    }

    /**
     * Of the process that its script became.
     *
     * @throws IllegalStateException if it does not run
     */
    long pid() {
        if (process == null) {
            throw new IllegalStateException(name() + " does not run");
        }
        return process.pid();
    }

    /** Resident memory in bytes; 0 for the provider itself. */
    long residentBytes() {
        return process == null ? 0 : Processes.residentBytes(process);
    }

    /** Asks it to end, and kills it if it does not. */
    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        running.destroy();
        try {
            if (!running.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
