package weir.app;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A certificate for {@code localhost}, 127.0.0.1 and ::1 that vouches for itself, with its key, in
 * PEM. Who has the certificate can trust it and nothing else by it: it is its own authority, and
 * its key has never left this process.
 *
 * <p>The JDK makes keys and signatures but, by public means, no certificate. What is missing is a
 * few dozen bytes of DER around them (RFC 5280, section 4.1), which are all the same but for key,
 * serial number and dates.
 */
record SelfSignedCertificate(String certificatePem, String keyPem) {
    /** A pod that lives longer is restarted for other reasons; each start makes a new one. */
    private static final Duration LIFE = Duration.ofDays(3_650);

    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8 = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private static final byte[] TRUE = der(BOOLEAN, new byte[] {(byte) 0xff});

    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
    private static final byte[] ALGORITHM =
            der(SEQUENCE, id(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));

    /**
     * Makes one with a new key.
     *
     * @throws GeneralSecurityException if this platform has no P-256
     */
    static SelfSignedCertificate make(Instant now) throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = keys.generateKeyPair();
        byte[] content = content(pair.getPublic().getEncoded(), now);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        byte[] certificate = der(SEQUENCE, content, ALGORITHM, bits(signature.sign()));
        return new SelfSignedCertificate(
                pem("CERTIFICATE", certificate),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static byte[] content(byte[] publicKey, Instant now) throws GeneralSecurityException {
        byte[] version3 = der(0xa0, der(INTEGER, new byte[] {2}));
        byte[] serial = new BigInteger(127, new SecureRandom()).add(BigInteger.ONE).toByteArray();
        byte[] commonName = der(SEQUENCE, id(0x55, 4, 3), text("Weir on localhost"));
        byte[] name = der(SEQUENCE, der(SET, commonName));
        byte[] validity = der(SEQUENCE, time(now.minus(CLOCKS_DIFFER)), time(now.plus(LIFE)));
        byte[] keyId = MessageDigest.getInstance("SHA-256").digest(publicKey);
        return der(
                SEQUENCE,
                version3,
                der(INTEGER, serial),
                ALGORITHM,
                name,
                validity,
                name,
                publicKey,
                der(0xa3, der(SEQUENCE, extensions(keyId))));
    }

    /** What it is for, and the names that it is good for. */
    private static byte[][] extensions(byte[] keyId) {
        byte[] names =
                der(
                        SEQUENCE,
                        der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                        der(0x87, new byte[] {127, 0, 0, 1}),
                        der(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        byte[] serverAuth = der(SEQUENCE, id(0x2b, 6, 1, 5, 5, 7, 3, 1));
        // digitalSignature and keyCertSign: bits 0 and 5.
        byte[] usage = der(BIT_STRING, new byte[] {2, (byte) 0x84});
        return new byte[][] {
            der(SEQUENCE, id(0x55, 0x1d, 0x13), TRUE, der(OCTET_STRING, der(SEQUENCE, TRUE))),
            der(SEQUENCE, id(0x55, 0x1d, 0x0f), TRUE, der(OCTET_STRING, usage)),
            der(SEQUENCE, id(0x55, 0x1d, 0x25), der(OCTET_STRING, serverAuth)),
            der(SEQUENCE, id(0x55, 0x1d, 0x0e), der(OCTET_STRING, der(OCTET_STRING, keyId))),
            der(SEQUENCE, id(0x55, 0x1d, 0x11), der(OCTET_STRING, names)),
        };
    }

    /** With two digits of the year, as the law wants it until 2049. */
    private static byte[] time(Instant instant) {
        byte[] text = TIME.format(instant).getBytes(StandardCharsets.US_ASCII);
        return der(UTC_TIME, text);
    }

    private static byte[] text(String text) {
        return der(UTF8, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bits(byte[] bytes) {
        return der(BIT_STRING, new byte[] {0}, bytes);
    }

    private static byte[] id(int... encoded) {
        byte[] bytes = new byte[encoded.length];
        IntStream.range(0, encoded.length).forEach(i -> bytes[i] = (byte) encoded[i]);
        return der(OBJECT_ID, bytes);
    }

    /** A tag, the length of what it holds, and that. */
    private static byte[] der(int tag, byte[]... parts) {
        int length = List.of(parts).stream().mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64);
    }
}
