package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.key.Proof;
import weir.key.Secret;

/** Against what botocore's own signer said; {@code src/test/python/sigv4_golden.py} asked it. */
final class SigV4Test {
    private static final Path GOLDEN = Path.of("src/test/resources/sigv4.jsonl");
    private static final Proof.AwsKeys KEYS = new Proof.AwsKeys("AKIA", new Secret("s3cr3t"), null);
    private static final Instant NOW = Instant.parse("2026-11-24T18:07:00Z");

    @Test
    void twoHundredRequestsAreSignedAsBotocoreSignsThem() throws IOException {
        List<String> lines = Files.readAllLines(GOLDEN);
        assertEquals(200, lines.size());
        for (String line : lines) {
            JsonObject golden = new JsonObject(line);
            MultiMap signed = sign(golden);
            assertEquals(golden.getString("authorization"), signed.get("authorization"), line);
            assertEquals(golden.getString("x_amz_date"), signed.get("x-amz-date"), line);
            assertEquals(
                    golden.getString("session_token"), signed.get("x-amz-security-token"), line);
            assertEquals(1, signed.getAll("authorization").size(), line);
        }
    }

    /** The recording would prove little if its requests were tame. */
    @Test
    void theRecordingHoldsWhatIsAwkward() throws IOException {
        String all = Files.readString(GOLDEN);
        for (String awkward : List.of("%2F", "%2f", "%3A", "/../", "//", "caf%C3%A9", "&flag")) {
            assertNotEquals(-1, all.indexOf(awkward), awkward);
        }
    }

    @Test
    void trap12AnArnInThePathIsSignedAsItIsSent() {
        String sent = "/model/arn%3Aaws%3Abedrock%3A%3A1%3Ainference-profile%2Fus.a/invoke";
        Outgoing request = outgoing(sent, MultiMap.caseInsensitiveMultiMap());
        signer().sign(request, KEYS, NOW);
        assertEquals(sent, request.target());
        Outgoing decoded = outgoing(sent.replace("%3A", ":"), MultiMap.caseInsensitiveMultiMap());
        signer().sign(decoded, KEYS, NOW);
        assertNotEquals(
                request.headers().get("authorization"), decoded.headers().get("authorization"));
    }

    @Test
    void trap13TheHostIsTheProvidersAndTheCallersSignatureGoes() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        headers.add("host", "127.0.0.1:4141");
        headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=wk_app/…");
        headers.add("Authorization", "Bearer wk_app");
        headers.add("X-Amz-Security-Token", "the-apps");
        Outgoing request = outgoing("/model/m/invoke", headers);
        signer().sign(request, KEYS, NOW);
        Outgoing bare = outgoing("/model/m/invoke", MultiMap.caseInsensitiveMultiMap());
        signer().sign(bare, KEYS, NOW);
        assertEquals(
                bare.headers().getAll("authorization"), request.headers().getAll("authorization"));
        assertFalse(request.headers().contains("x-amz-security-token"));
    }

    /** What Weir or a proxy may still change is not signed. */
    @Test
    void otherHeadersMayChange() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("accept-encoding", "identity");
        Outgoing request = outgoing("/", headers.add("traceparent", "00-1-2-03"));
        signer().sign(request, KEYS, NOW);
        Outgoing bare = outgoing("/", MultiMap.caseInsensitiveMultiMap());
        signer().sign(bare, KEYS, NOW);
        assertEquals(bare.headers().get("authorization"), request.headers().get("authorization"));
    }

    @Test
    void aBodyInPiecesIsSignedAsOne() {
        List<Buffer> pieces = IntStream.range(0, 9).mapToObj(i -> Buffer.buffer("" + i)).toList();
        assertEquals(authorization(List.of(Buffer.buffer("012345678"))), authorization(pieces));
        assertEquals(authorization(List.of()), authorization(null));
        assertNotEquals(authorization(List.of()), authorization(pieces));
    }

    private static @Nullable String authorization(@Nullable List<Buffer> body) {
        Outgoing request =
                new Outgoing(
                        HttpMethod.POST, "host", "/", MultiMap.caseInsensitiveMultiMap(), body);
        signer().sign(request, KEYS, NOW);
        return request.headers().get("authorization");
    }

    private static SigV4 signer() {
        return new SigV4("bedrock", "us-east-1");
    }

    private static Outgoing outgoing(String target, MultiMap headers) {
        return new Outgoing(HttpMethod.POST, "bedrock.example", target, headers, List.of());
    }

    private static MultiMap sign(JsonObject golden) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Object header : golden.getJsonArray("headers")) {
            JsonArray pair = (JsonArray) header;
            headers.add(pair.getString(0), pair.getString(1));
        }
        Outgoing request =
                new Outgoing(
                        HttpMethod.valueOf(golden.getString("method")),
                        golden.getString("authority"),
                        golden.getString("target"),
                        headers,
                        List.of(Buffer.buffer(golden.getString("body"))));
        String token = golden.getString("session_token");
        Proof.AwsKeys keys =
                new Proof.AwsKeys(
                        golden.getString("access_key_id"),
                        new Secret(golden.getString("secret_access_key")),
                        token == null ? null : new Secret(token));
        new SigV4(golden.getString("service"), golden.getString("region"))
                .sign(request, keys, Instant.parse(golden.getString("time")));
        return headers;
    }
}
