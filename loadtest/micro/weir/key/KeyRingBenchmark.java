package weir.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import weir.limit.Glob;
import weir.micro.MicroBenchmark;

/** Who presents a key, among few and many. */
public class KeyRingBenchmark extends MicroBenchmark {
    private static final Instant NOW = Instant.EPOCH;
    private static final String MINE = key(0);

    @Param({"1", "100000"})
    int keys;

    private KeyRing ring = new KeyRing(List.of(), null);

    private static String key(int number) {
        return "wk_4f1c0a7be2d94c5f8a6b3e1d7c9f0a2b4d6e8f00" + number;
    }

    private static String sha256(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Setup
    public void issue() {
        ring = new KeyRing(IntStream.range(0, keys).mapToObj(this::issued).toList(), null);
    }

    private VirtualKey issued(int number) {
        List<Glob> all = List.of();
        Caller caller = new Caller("key-" + number, "team-a", Map.of(), all, all, 1);
        return new VirtualKey(sha256(key(number)), caller, Instant.MAX);
    }

    @Benchmark
    public Object known() {
        return ring.identify(MINE, NOW);
    }

    @Benchmark
    public Object unknown() {
        return ring.identify("wk_no-such-key", NOW);
    }
}
