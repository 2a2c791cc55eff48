package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import weir.key.Proof;

/**
 * AWS Signature Version 4 in the {@code Authorization} header, for every service but S3.
 *
 * <p>The law is "Create a signed AWS API request" in the IAM User Guide; where it leaves room, this
 * does as botocore does. Two things surprise:
 *
 * <ul>
 *   <li>The path is signed as it is sent and percent-encoded once more: an ARN that travels as
 *       {@code arn%3Aaws} is signed as {@code arn%253Aaws}. Dot segments and repeated slashes are
 *       taken out of what is signed, not of what is sent.
 *   <li>Of the headers it signs what the law demands: {@code host}, {@code content-type} and all
 *       {@code x-amz-*}. The rest may still be changed on its way, by Weir or by a proxy behind it.
 * </ul>
 *
 * @param service the signing name, such as {@code bedrock}
 * @param region such as {@code eu-central-1}
 */
record SigV4(String service, String region) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String AUTHORIZATION = "authorization";
    private static final String DATE = "x-amz-date";
    private static final String TOKEN = "x-amz-security-token";
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int DAY_LENGTH = 8;
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /**
     * Replaces whatever signature the request bears by one of these keys. Nothing that was signed
     * may change afterwards; a request without a body, or whose body is not at hand, is signed as
     * an empty one.
     *
     * @param now AWS refuses a clock that is wrong by more than five minutes
     */
    void sign(Outgoing request, Proof.AwsKeys keys, Instant now) {
        String timestamp = TIMESTAMP.format(now);
        request.headers().remove(AUTHORIZATION).remove(TOKEN).set(DATE, timestamp);
        if (keys.sessionToken() != null) {
            request.headers().set(TOKEN, keys.sessionToken().reveal());
        }
        SortedMap<String, String> headers = signedHeaders(request);
        String names = String.join(";", headers.keySet());
        String day = timestamp.substring(0, DAY_LENGTH);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign =
                String.join(
                        "\n",
                        ALGORITHM,
                        timestamp,
                        scope,
                        sha256(List.of(bytes(canonical(request, headers, names)))));
        byte[] key = key(keys.secretAccessKey().reveal(), day);
        request.headers()
                .set(
                        AUTHORIZATION,
                        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                .formatted(
                                        ALGORITHM,
                                        keys.accessKeyId(),
                                        scope,
                                        names,
                                        HexFormat.of().formatHex(hmac(key, toSign))));
    }

    private static String canonical(
            Outgoing request, SortedMap<String, String> headers, String names) {
        String target = request.target();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        List<Buffer> body = request.body() == null ? List.of() : request.body();
        return String.join(
                "\n",
                request.method().name(),
                encoded(normalized(path)),
                sorted(query),
                headers.entrySet().stream()
                        .map(h -> h.getKey() + ":" + h.getValue() + "\n")
                        .collect(Collectors.joining()),
                names,
                sha256(body.stream().map(Buffer::getBytes).toList()));
    }

    /** By name in lower case; of one that is there several times, all values in their order. */
    private static SortedMap<String, String> signedHeaders(Outgoing request) {
        SortedMap<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-") || name.equals("content-type")) {
                String value = header.getValue().strip().replaceAll("\\s+", " ");
                headers.merge(name, value, (one, other) -> one + "," + other);
            }
        }
        headers.put("host", request.authority());
        return headers;
    }

    /** Without dot segments (RFC 3986, 5.2.4) and empty ones. */
    private static String normalized(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        String last = path.endsWith("/") && !segments.isEmpty() ? "/" : "";
        return "/" + String.join("/", segments) + last;
    }

    /** Everything but RFC 3986's unreserved characters and the slash, percent signs too. */
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder(path.length() + 16);
        for (byte b : bytes(path)) {
            if (isPlain(b)) {
                text.append((char) b);
            } else {
                text.append('%').append(UPPER.toHexDigits(b));
            }
        }
        return text.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || "-._~/".indexOf(b) >= 0;
    }

    /** By name, then by value, as they were sent. */
    private static String sorted(String query) {
        if (query.isEmpty()) {
            return "";
        }
        record Parameter(String name, String value) implements Comparable<Parameter> {
            @Override
            public int compareTo(Parameter other) {
                int byName = name.compareTo(other.name);
                return byName == 0 ? value.compareTo(other.value) : byName;
            }
        }
        return Arrays.stream(query.split("&", -1))
                .map(pair -> {
                    int equals = pair.indexOf('=');
                    return equals < 0
                            ? new Parameter(pair, "")
                            : new Parameter(pair.substring(0, equals), pair.substring(equals + 1));
                })
                .sorted()
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }

    private byte[] key(String secret, String day) {
        byte[] key = hmac(bytes("AWS4" + secret), day);
        return hmac(hmac(hmac(key, region), service), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static String sha256(List<byte[]> pieces) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            pieces.forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
