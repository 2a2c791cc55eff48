package weir.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The packaged program as a process of its own, on free ports; it ends with the test. */
final class Packaged implements AutoCloseable {
    /** Longer than anything here takes; a wait that reaches it has failed. */
    static final long PATIENCE_SECONDS = 30;

    static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    /** The native executable, where {@code -Dweir.program} names it; else the program is Java. */
    private static final List<String> COMMAND =
            Optional.ofNullable(System.getProperty("weir.program"))
                    .map(List::of)
                    .orElse(List.of(java(), "-jar", JAR.toAbsolutePath().toString()));

    private final Process process;
    private final Lines out;
    private final Lines err;
    private final int port;
    private final int adminPort;

    /** How the program is started: its arguments, the environment, the ports. */
    record Start(List<String> args, Map<String, String> environment, int port, int adminPort) {
        Start(Map<String, String> environment) {
            this(List.of(), environment, freePort(), freePort());
        }
    }

    private Packaged(Start start) {
        try {
            List<String> command = new ArrayList<>(COMMAND);
            command.addAll(start.args());
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
            builder.environment().put("WEIR_LISTEN", "127.0.0.1:" + start.port());
            builder.environment().put("WEIR_ADMIN_LISTEN", "127.0.0.1:" + start.adminPort());
            builder.environment().putAll(start.environment());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        out = new Lines(process.getInputStream());
        err = new Lines(process.getErrorStream());
        port = start.port();
        adminPort = start.adminPort();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static Packaged begin(Start start) {
        return new Packaged(start);
    }

    /** Starts it and waits until it takes calls. */
    static Packaged ready(Start start) {
        Packaged started = new Packaged(start);
        started.line(line -> line.contains("\"event\":\"listening\""));
        return started;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(Path directory, String text) {
        try {
            return Files.writeString(directory.resolve("weir.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    HttpRequest.Builder call(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String body) {
        return send(call(path, body).build());
    }

    HttpResponse<String> admin(String path) {
        return send(HttpRequest.newBuilder(adminUri(path)).build());
    }

    URI adminUri(String path) {
        return URI.create("http://127.0.0.1:" + adminPort + path);
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The first line on standard output that is like this; waits for it. */
    String line(Predicate<String> like) {
        try {
            return out.await(like);
        } catch (IllegalStateException none) {
            throw new IllegalStateException(none.getMessage() + "; on the other side " + err, none);
        }
    }

    String callLine(String... parts) {
        return line(l ->
                l.contains("\"event\":\"call\"") && List.of(parts).stream().allMatch(l::contains));
    }

    List<String> output() {
        return out.all();
    }

    /** Standard error without what the virtual machine itself warns of. */
    List<String> errors() {
        return err.all().stream().filter(line -> !line.startsWith("WARNING: ")).toList();
    }

    /** SIGTERM; by its handle, because a process's own method closes what it still writes to. */
    void terminate() {
        boolean unused = process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        boolean sent = process.toHandle().destroyForcibly();
        if (!sent || exitCode() == 0) {
            throw new IllegalStateException("it was not killed");
        }
    }

    /** Waits for the end, and for all that was written. */
    int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not end: " + out + err);
            }
            out.awaitEnd();
            err.awaitEnd();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks again until it is so: for what a process does not announce. */
    static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("never: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** What a process writes, line by line. */
    static final class Lines {
        private final List<String> lines = new ArrayList<>();
        private final Thread reader;
        private boolean ended;

        Lines(InputStream in) {
            reader = Thread.ofVirtual().start(() -> read(in));
        }

        private void read(InputStream in) {
            try (BufferedReader text =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                text.lines().forEach(this::add);
            } catch (IOException | UncheckedIOException closed) {
                add("(" + closed.getMessage() + ")");
            }
            end();
        }

        private synchronized void add(String line) {
            lines.add(line);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized List<String> all() {
            return List.copyOf(lines);
        }

        synchronized String await(Predicate<String> like) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            try {
                while (true) {
                    for (String line : lines) {
                        if (like.test(line)) {
                            return line;
                        }
                    }
                    long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (ended || leftMillis <= 0) {
                        throw new IllegalStateException("no such line in " + lines);
                    }
                    wait(leftMillis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        void awaitEnd() throws InterruptedException {
            reader.join();
        }

        @Override
        public String toString() {
            return String.join("\n", all());
        }
    }
}
