package loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies larger than one likes to hold, and TLS. */
final class FlowTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String CHAT =
            """
            {"model":"m","messages":[{"role":"user","content":"one two three"}]}\
            """;
    private static final String STREAM = CHAT.replace("}]}", "}],\"stream\":true}");
    private static final long BYTES = 96L << 20;

    @Test
    void sendsAsMuchAsIsAskedFor() {
        try (Lab lab = new Lab()) {
            assertTrue(drain(lab, STREAM) >= BYTES);
            assertTrue(drain(lab, CHAT) >= BYTES);
            assertEquals(Exchange.Ending.COMPLETED, Lab.get(lab.recorder().last().ended()));
        }
    }

    @Test
    void stopsWhereTheReaderStops() {
        try (Lab lab = new Lab()) {
            HttpClientResponse response =
                    Lab.get(lab.send(PATH, "bytes=" + BYTES, STREAM, HttpClientResponse::pause));
            Exchange exchange = lab.recorder().last();
            // The kernel's buffers hold a few megabytes; the rest has to wait for the reader.
            long seen = -1;
            while (seen != exchange.bytesWritten()) {
                seen = exchange.bytesWritten();
                CompletableFuture<Void> tick = new CompletableFuture<>();
                lab.vertx().setTimer(200, id -> tick.complete(null));
                Lab.get(tick);
            }
            assertTrue(seen < 32 << 20, "wrote " + seen + " bytes that nobody reads");
            assertTrue(!exchange.ended().isDone());
            CompletableFuture<Void> ended = new CompletableFuture<>();
            response.endHandler(v -> ended.complete(null)).handler(b -> {}).resume();
            Lab.get(ended);
            assertTrue(exchange.bytesWritten() >= BYTES);
        }
    }

    @Test
    void speaksTlsInBothVersions(@TempDir Path dir) throws Exception {
        Path cert = dir.resolve("cert.pem");
        Path key = dir.resolve("key.pem");
        SelfSigned.write(cert, key);
        SimulatedOptions options =
                SimulatedOptions.DEFAULT.withTls(cert.toString(), key.toString());
        for (HttpVersion version : new HttpVersion[] {HttpVersion.HTTP_2, HttpVersion.HTTP_1_1}) {
            HttpClientOptions client =
                    new HttpClientOptions()
                            .setSsl(true)
                            .setTrustAll(true)
                            .setUseAlpn(true)
                            .setProtocolVersion(version)
                            .setVerifyHost(false);
            try (Lab lab = new Lab(options, client)) {
                Lab.Reply reply = lab.call(PATH, "tokens=3", STREAM);
                assertEquals(version, reply.head().version());
                assertEquals("[DONE]", reply.events().getLast().data());
                for (String end : List.of("cut=after-chunks:2", "reset=before-headers")) {
                    assertThrows(AssertionError.class, () -> lab.call(PATH, end, STREAM));
                    assertEquals(Exchange.Ending.CUT, Lab.get(lab.recorder().last().ended()));
                }
            }
        }
    }

    private static long drain(Lab lab, String body) {
        long[] bytes = {0};
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Lab.get(
                lab.send(
                        PATH,
                        "bytes=" + BYTES,
                        body,
                        r ->
                                r.handler(b -> bytes[0] += b.length())
                                        .endHandler(v -> ended.complete(null))));
        Lab.get(ended);
        return bytes[0];
    }
}
