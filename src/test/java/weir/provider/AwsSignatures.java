package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.key.Proof;
import weir.key.Secret;

/**
 * Checks signatures as AWS does: by making them again. SigV4Test holds the signer to botocore's.
 */
public final class AwsSignatures {
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/\\d{8}/([^/]+)/bedrock/.*");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private AwsSignatures() {}

    /** Whether the request bears one signature of this key, over all of it, at this host. */
    public static boolean isValid(HttpServerRequest request, Buffer body, Proof.AwsKeys keys) {
        String found = String.valueOf(request.getHeader("authorization"));
        Matcher parts = AUTHORIZATION.matcher(found);
        String date = request.getHeader("x-amz-date");
        if (!parts.matches() || !parts.group(1).equals(keys.accessKeyId()) || date == null) {
            return false;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        String host = String.valueOf(request.getHeader("host"));
        Outgoing again =
                new Outgoing(request.method(), host, request.uri(), headers, List.of(body));
        new SigV4("bedrock", parts.group(2))
                .sign(again, keys, LocalDateTime.parse(date, TIME).toInstant(ZoneOffset.UTC));
        return headers.getAll("authorization").equals(List.of(found));
    }

    public static Proof.AwsKeys keys(String id, String secret) {
        return new Proof.AwsKeys(id, new Secret(secret), null);
    }
}
