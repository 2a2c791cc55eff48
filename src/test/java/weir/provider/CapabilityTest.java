package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What vendors have themselves is said once, in the code; the README shows the same. */
final class CapabilityTest {
    @Test
    void everyVendorHasItsRow() {
        Set<String> rows =
                Capability.ALL.stream().map(Capability::vendor).collect(Collectors.toSet());
        assertEquals(Capability.ALL.size(), rows.size(), "each vendor once");
        assertTrue(rows.containsAll(Providers.ALL.keySet()), () -> "rows only for " + rows);
    }

    @Test
    void theReadmeShowsTheSame() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        for (Capability vendor : Capability.ALL) {
            String line =
                    String.join(
                            " | ",
                            "| `" + vendor.vendor() + "`",
                            cell(vendor.keys()),
                            cell(vendor.hardLimit()),
                            cell(vendor.rateLimits()) + " |");
            assertTrue(readme.contains(line), () -> "README.md lacks the line\n" + line);
        }
    }

    private static String cell(Capability.Native what) {
        return what.level().name().toLowerCase(Locale.ROOT) + ": " + what.how();
    }
}
