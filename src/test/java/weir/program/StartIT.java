package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program says and answers to its shell when it cannot, or need not, start. */
final class StartIT {
    private static final Surroundings AROUND = new Surroundings();

    @TempDir private Path directory;

    @AfterAll
    static void close() {
        AROUND.close();
    }

    private record Ended(int code, List<String> out, List<String> err) {}

    private static Ended run(Packaged.Start start) {
        try (Packaged program = Packaged.begin(start)) {
            return new Ended(program.exitCode(), program.output(), program.errors());
        }
    }

    private static Ended run(Map<String, String> environment, String... args) {
        int port = Packaged.freePort();
        return run(new Packaged.Start(List.of(args), environment, port, Packaged.freePort()));
    }

    @Test
    void aGoodFileIsValid() {
        String file = Packaged.file(directory, Surroundings.YAML).toString();
        Map<String, String> variables = Map.of("PROVIDER", "http://127.0.0.1:1", "SECRET", "s");

        assertEquals(
                new Ended(0, List.of(file + ": ok"), List.of()), run(variables, "validate", file));
    }

    @Test
    void aWrongFileIsNotValidAndEveryErrorIsTold() {
        String file = Packaged.file(directory, Surroundings.YAML).toString();

        Ended ended = run(Map.of(), "validate", file);

        assertEquals(64, ended.code());
        assertEquals(List.of(), ended.out());
        assertEquals(2, ended.err().size(), ended.err().toString());
        assertTrue(ended.err().getFirst().startsWith(file + ":3: "), ended.err().toString());
        assertTrue(ended.err().getLast().startsWith(file + ":4: "), ended.err().toString());
    }

    @Test
    void wrongUsageIsToldFromARightOne() {
        for (String[] args : new String[][] {{"frob"}, {"validate"}, {"validate", "a", "b"}}) {
            Ended ended = run(Map.of(), args);
            assertEquals(64, ended.code());
            assertTrue(ended.err().getFirst().startsWith("usage: weir"), ended.err().toString());
        }
    }

    /** Both ports are taken: had the program tried to open one, it would speak of that. */
    @Test
    void noPortIsOpenedForAWrongFile() throws IOException {
        try (ServerSocket data = taken();
                ServerSocket admin = taken()) {
            String file = Packaged.file(directory, "providers: {}\nlimits: 7\n").toString();
            Ended ended =
                    run(
                            new Packaged.Start(
                                    List.of(),
                                    Map.of("WEIR_CONFIG", file),
                                    data.getLocalPort(),
                                    admin.getLocalPort()));

            assertEquals(64, ended.code());
            assertEquals(List.of(), ended.out());
            assertTrue(
                    ended.err().stream().allMatch(line -> line.startsWith(file + ":")),
                    ended.err().toString());
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Ended ended = run(Map.of("WEIR_CONFIG", "/no/such/weir.yaml"));

        assertEquals(64, ended.code());
        assertEquals(1, ended.err().size(), ended.err().toString());
        assertTrue(ended.err().getFirst().startsWith("/no/such/weir.yaml:"));
    }

    @ParameterizedTest
    @CsvSource({
        "WEIR_LISTEN, nonsense, weir.listen",
        "WEIR_ADMIN_LISTEN, 127.0.0.1:99999, weir.admin.listen",
        "WEIR_DRAIN_TIMEOUT, soon, weir.drain-timeout",
        "WEIR_REDIS_URL, http://127.0.0.1, weir.redis.url",
        "WEIR_EVENT_LOOPS, 0, weir.event-loops",
        "WEIR_LEDGER_RESERVATION_TTL, 25h, weir.ledger.reservation-ttl",
    })
    void aWrongSettingIsNamed(String variable, String value, String setting) {
        Ended ended = run(AROUND.start(directory, Surroundings.YAML, variable, value));

        assertEquals(64, ended.code(), ended.err().toString());
        assertEquals(List.of(), ended.out());
        assertEquals(1, ended.err().size(), ended.err().toString());
        assertTrue(ended.err().getFirst().contains(setting), ended.err().toString());
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = taken()) {
            Packaged.Start free = AROUND.start(directory, Surroundings.YAML);
            Map<String, String> environment = new HashMap<>(free.environment());
            int port = taken.getLocalPort();

            Ended data = run(new Packaged.Start(List.of(), environment, port, free.adminPort()));
            Ended admin = run(new Packaged.Start(List.of(), environment, free.port(), port));

            assertEquals(1, data.code());
            assertEquals(1, data.err().size(), data.err().toString());
            assertTrue(
                    data.err()
                            .getFirst()
                            .contains("weir.listen: cannot listen on 127.0.0.1:" + port),
                    data.err().toString());
            assertEquals(1, admin.code());
            assertEquals(1, admin.err().size(), admin.err().toString());
            assertTrue(
                    admin.err().getFirst().contains("weir.admin.listen: cannot listen"),
                    admin.err().toString());
        }
    }

    /** As in an image whose root file system is read-only: nothing can be written to. */
    @Test
    void noDiskIsNeeded() {
        String nowhere = "-Djava.io.tmpdir=/proc/nowhere";
        Packaged.Start start =
                AROUND.start(directory, Surroundings.YAML, "JDK_JAVA_OPTIONS", nowhere);
        try (Packaged weir = Packaged.ready(start)) {
            assertEquals(200, weir.post(Surroundings.CHAT_PATH, Surroundings.CHAT).statusCode());
        }
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
