package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What {@code make run} starts once it has built: the three commands that it prints do what it
 * says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DemoIT {
    private static final int CALLS = Packaged.freePort();
    private static final int ADMIN = Packaged.freePort();
    private static final int PROVIDER = Packaged.freePort();

    private static Process demo;
    private static Packaged.Lines out;
    private static Packaged.Lines err;
    private static List<String> commands;

    private static Process run() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("loadtest/demo/run");
        Map<String, String> environment = builder.environment();
        // A developer's own keys would send these calls to the real providers.
        environment.keySet().removeAll(List.of("OPENAI_API_KEY", "ANTHROPIC_API_KEY"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("WEIR_LISTEN", "127.0.0.1:" + CALLS);
        environment.put("WEIR_ADMIN_LISTEN", "127.0.0.1:" + ADMIN);
        environment.put("WEIR_DEMO_SIMULATED", "127.0.0.1:" + PROVIDER);
        return builder.start();
    }

    @BeforeAll
    static void start() throws IOException {
        demo = run();
        out = new Packaged.Lines(demo.getInputStream());
        err = new Packaged.Lines(demo.getErrorStream());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> demo.toHandle().destroy()));
        String unused = out.await(line -> line.contains("Ctrl-C ends Weir"));
        commands =
                out.all().stream()
                        .filter(line -> line.startsWith("  curl ") || line.startsWith("  for "))
                        .map(String::strip)
                        .toList();
    }

    @AfterAll
    static void stop() {
        boolean unused = demo.toHandle().destroy();
    }

    private static String paste(String command) throws Exception {
        Process shell = new ProcessBuilder("bash", "-c", command).start();
        shell.getOutputStream().close();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, shell.exitValue(), printed);
        return printed;
    }

    private static List<String> statuses(String printed) {
        return printed.lines()
                .filter(line -> line.startsWith("HTTP/1.1 "))
                .map(line -> line.substring(9, 12))
                .toList();
    }

    @Test
    @Order(1)
    void itSaysWhereItListensAndWhatToTry() {
        assertEquals(3, commands.size(), out.toString());
        for (int port : new int[] {CALLS, ADMIN}) {
            String address = "  http://127.0.0.1:" + port + " ";
            assertTrue(out.all().stream().anyMatch(line -> line.startsWith(address)));
        }
        assertEquals(1, err.all().size(), err.toString());
        assertTrue(err.all().getFirst().startsWith("simulated provider on"), err.toString());
    }

    @Test
    @Order(2)
    void theFirstIsAStream() throws Exception {
        String printed = paste(commands.get(0));
        assertTrue(printed.startsWith("data: {"), printed);
        assertTrue(printed.endsWith("data: [DONE]\n\n"), printed);
    }

    @Test
    @Order(2)
    void theSecondHitsARateLimitAtTheThirdCall() throws Exception {
        String printed = paste(commands.get(1));
        assertEquals(List.of("200", "200", "429"), statuses(printed), printed);
        assertTrue(printed.contains("x-weir-reason: rate_limited"), printed);
        assertTrue(printed.contains("retry-after: "), printed);
    }

    @Test
    @Order(2)
    void theThirdHitsABudget() throws Exception {
        String printed = paste(commands.get(2));
        assertEquals(List.of("402"), statuses(printed), printed);
        assertTrue(printed.contains("x-weir-reason: budget_exhausted"), printed);
    }

    @Test
    @Order(2)
    void aSecondOneSaysWhatIsTaken() throws Exception {
        Process second = run();
        String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(second.waitFor(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, second.exitValue());
        String address = "Something listens on 127.0.0.1:" + CALLS + " already";
        assertTrue(said.startsWith(address), said);
        assertTrue(demo.isAlive());
    }

    @Test
    @Order(3)
    void toldToStopItEndsBothProcesses() throws Exception {
        List<ProcessHandle> children = demo.toHandle().children().toList();
        assertEquals(2, children.size());

        assertTrue(demo.toHandle().destroy());

        assertTrue(demo.waitFor(Packaged.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, demo.exitValue(), err.toString());
        assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
        for (int port : Stream.of(CALLS, ADMIN, PROVIDER).toList()) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }
}
