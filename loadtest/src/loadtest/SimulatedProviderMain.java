package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;

/**
 * The simulated provider as a program.
 *
 * <pre> --host 127.0.0.1  --port 9090  --tls-cert cert.pem --tls-key key.pem  --script
 * tokens=20,delay=50ms --threads 1  --no-record
 * </pre>
 *
 * <p>Prints one line when it listens, ends on SIGTERM with 0, on a wrong argument with 64.
 */
public final class SimulatedProviderMain {
    private static final int EXIT_USAGE = 64;
    private static final int EXIT_CANNOT_LISTEN = 1;

    private SimulatedProviderMain() {}

    public static void main(String[] args) throws InterruptedException {
        SimulatedOptions options;
        try {
            options = options(args);
        } catch (IllegalArgumentException e) {
            exit(EXIT_USAGE, "simulated provider: " + e.getMessage());
            return;
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        SimulatedProvider.start(vertx, options)
                .onSuccess(provider -> {
                    // Not before: the hook waits for the event loop that would wait for it here.
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(vertx)));
                    print(provider, options);
                })
                .onFailure(e -> exit(EXIT_CANNOT_LISTEN, "cannot listen: " + e.getMessage()));
        new CountDownLatch(1).await();
    }

    private static void close(Vertx vertx) {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(v -> closed.countDown());
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The virtual machine would end with 143 otherwise; being told to stop is no failure.
        Runtime.getRuntime().halt(0);
    }

    static SimulatedOptions options(String[] args) {
        SimulatedOptions options = SimulatedOptions.DEFAULT.withPort(9090);
        String cert = "";
        String key = "";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--host" -> options = options.withHost(value(args, ++i));
                case "--port" -> options = options.withPort(number(args, ++i));
                case "--threads" -> options = options.withEventLoops(number(args, ++i));
                case "--script" -> options = options.withScript(value(args, ++i));
                case "--no-record" -> options = options.withoutRecording();
                case "--tls-cert" -> cert = value(args, ++i);
                case "--tls-key" -> key = value(args, ++i);
                default -> throw new IllegalArgumentException("no such argument: " + args[i]);
            }
        }
        if (cert.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("--tls-cert and --tls-key need each other");
        }
        return cert.isEmpty() ? options : options.withTls(cert, key);
    }

    private static String value(String[] args, int index) {
        if (index == args.length) {
            throw new IllegalArgumentException(args[index - 1] + " needs a value");
        }
        return args[index];
    }

    private static int number(String[] args, int index) {
        try {
            return Integer.parseInt(value(args, index));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    args[index - 1] + " needs a number, not " + args[index], e);
        }
    }

    private static void print(SimulatedProvider provider, SimulatedOptions options) {
        String tls = options.certPath() == null ? "HTTP/1.1" : "TLS, HTTP/2 and HTTP/1.1";
        System.err.println(
                "simulated provider on "
                        + provider.baseUrl()
                        + " ("
                        + tls
                        + "): OpenAI under /v1, Anthropic under /v1/messages");
    }

    private static void exit(int code, String message) {
        System.err.println(message);
        System.exit(code);
    }
}
