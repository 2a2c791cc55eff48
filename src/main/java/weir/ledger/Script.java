package weir.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A script of the ledger: resources one after another, {@code law.lua} in front. */
enum Script {
    RESERVE("law.lua", "reserve.lua"),
    SETTLE("law.lua", "foreign.lua", "settle.lua"),
    SYNC("law.lua", "leases.lua", "foreign.lua", "sync.lua"),
    READ("law.lua", "leases.lua", "read.lua"),
    ANNOUNCE("law.lua", "announce.lua"),
    PRESENCE("law.lua", "presence.lua"),
    COOLDOWNS("law.lua", "cooldowns.lua"),
    JOBS("law.lua", "jobs.lua");

    private final String source;
    private final String sha1;

    Script(String... resources) {
        this.source = Stream.of(resources).map(Script::resource).collect(Collectors.joining());
        this.sha1 = sha1(source);
    }

    String source() {
        return source;
    }

    /** By which Redis calls it, in lower-case hexadecimal. */
    String sha1() {
        return sha1;
    }

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: weir/ledger/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
