package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import weir.key.Proof;
import weir.key.ProofSource;

/** A cloud's server, an environment and a clock of one's own, for tests of what asks it. */
abstract class CloudBench {
    static final long NOW = 1_795_000_000_000L;

    /** Longer than a busy machine needs. */
    static final long DEADLINE_MILLIS = 15_000;

    private static final long PATIENCE_SECONDS = 20;

    final Vertx vertx = Vertx.vertx();
    final CloudServer server = new CloudServer(vertx);
    final Map<String, String> environment = new ConcurrentHashMap<>();
    final AtomicLong now = new AtomicLong(NOW);
    final List<String> failures = new CopyOnWriteArrayList<>();
    final Logins logins =
            new Logins(
                    new Outside(vertx, environment::get, now::get, DEADLINE_MILLIS), failures::add);

    @TempDir Path folder = Path.of("");

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Proof proof(ProofSource source) {
        return await(source.proof());
    }

    String token(ProofSource source) {
        return assertInstanceOf(Proof.Token.class, proof(source)).value().reveal();
    }

    /** Why there is no proof; the operator is told the same, and no secret is in it. */
    String refusal(ProofSource source) {
        failures.clear();
        CompletionException failure = assertThrows(CompletionException.class, () -> proof(source));
        String message = String.valueOf(Objects.requireNonNull(failure.getCause()).getMessage());
        assertEquals(List.of(message), failures);
        assertFalse(message.contains("s3cr3t"), message);
        return message.replace(server.authority(), "SERVER").replace(folder.toString(), "FOLDER");
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
