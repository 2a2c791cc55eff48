package weir.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** Which redis-server, or valkey-server, the tests start. */
final class RedisProgram {
    /** As the environment says. */
    static final Optional<String> NAMED =
            Optional.ofNullable(System.getenv("WEIR_TEST_REDIS")).filter(n -> !n.isEmpty());

    private RedisProgram() {}

    /** The server's program. */
    static String path() {
        return NAMED.or(() ->
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(d -> Path.of(d, "redis-server"))
                                .filter(Files::isExecutable)
                                .map(Path::toString)
                                .findFirst())
                .orElseGet(Shipped.BINARY::getAbsolutePath);
    }

    /** Unpacked once a process. */
    private static final class Shipped {
        static final File BINARY = unpack();

        private static File unpack() {
            try {
                File file = ExecutableProvider.newJarResourceProvider().get();
                file.deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
