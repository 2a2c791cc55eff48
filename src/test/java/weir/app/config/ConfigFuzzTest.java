package weir.app.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages the fixtures at random: whatever a file says, reading it ends in rules or in errors, and
 * what it says of them shows no secret of the environment. {@code -Dseed=} replays a run.
 */
final class ConfigFuzzTest {
    private static final int ROUNDS = 3_000;
    private static final List<String> PIECES =
            List.of(
                    "${",
                    "}",
                    "$${",
                    "${OPENAI_API_KEY}",
                    "{",
                    "[",
                    "]",
                    ": ",
                    "- ",
                    "\n",
                    "\"",
                    "'",
                    "&a ",
                    "*a",
                    "!!int ",
                    "!x ",
                    "<<: ",
                    "? ",
                    "| ",
                    "> ",
                    "#",
                    "%",
                    "\t",
                    "\0",
                    "\ufeff",
                    "~",
                    "99999999999999999999",
                    "-1",
                    "/",
                    "file:",
                    "é",
                    "…",
                    "---\n",
                    "...\n",
                    "\r",
                    "\u2028");

    @TempDir private Path folder = Path.of("");

    @Test
    void noFileThrows() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<byte[]> originals = new ArrayList<>();
        for (Path file : Fixtures.named("")) {
            originals.add(Files.readAllBytes(file));
        }
        Path file = folder.resolve("weir.yaml");
        int loaded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] yaml = damaged(originals.get(random.nextInt(originals.size())), random);
            Files.write(file, yaml);
            String where =
                    "-Dseed="
                            + seed
                            + " round "
                            + round
                            + ":\n"
                            + new String(yaml, StandardCharsets.UTF_8);
            ConfigFile.Result result = assertDoesNotThrow(() -> Fixtures.read(file), where);
            String said = Fixtures.lines(result).toString();
            assertFalse(said.contains("sk-from-the-environment"), where);
            boolean valid = result instanceof ConfigFile.Loaded;
            assertTrue(valid || !Fixtures.lines(result).isEmpty(), where);
            loaded += valid ? 1 : 0;
        }
        assertTrue(loaded > 0 && loaded < ROUNDS, "-Dseed=" + seed + " loaded " + loaded);
    }

    private static byte[] damaged(byte[] original, Random random) {
        byte[] bytes = original;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, at + random.nextInt(12));
            byte[] piece =
                    switch (random.nextInt(4)) {
                        case 0 -> new byte[0];
                        case 1 -> new byte[] {(byte) random.nextInt(256)};
                        case 2 ->
                                Arrays.copyOfRange(
                                        original, 0, random.nextInt(original.length + 1));
                        default ->
                                PIECES.get(random.nextInt(PIECES.size()))
                                        .getBytes(StandardCharsets.UTF_8);
                    };
            bytes = spliced(bytes, at, random.nextBoolean() ? at : to, piece);
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] result = Arrays.copyOf(bytes, from + piece.length + bytes.length - to);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
        return result;
    }
}
