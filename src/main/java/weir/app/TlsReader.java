package weir.app;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import weir.proxy.Listener.Door;

/** Turns {@code weir.listen.tls} into a door, or says what is wrong with it. */
public final class TlsReader {
    private static final String ADDRESS = "weir.listen.tls.address";
    private static final String CERTIFICATE = "weir.listen.tls.certificate";
    private static final String KEY = "weir.listen.tls.key";
    private static final String SELF_SIGNED = "weir.listen.tls.self-signed";

    private TlsReader() {}

    /**
     * Empty where none of it is set. Makes a certificate and writes it where that is asked for.
     *
     * @param wrong gets a line for each setting that is wrong; then the result is of no use
     */
    public static Optional<Door> read(WeirConfig.ListenTls config, List<String> wrong) {
        Optional<String> file = config.certificate();
        if (file.isPresent() != config.key().isPresent()) {
            wrong.add(CERTIFICATE + ": allowed: together with " + KEY);
            return Optional.empty();
        }
        if (file.isPresent() && config.selfSigned().isPresent()) {
            wrong.add(SELF_SIGNED + ": allowed: without " + CERTIFICATE);
            return Optional.empty();
        }
        return file.isPresent()
                ? given(config, Path.of(file.get()), Path.of(config.key().orElseThrow()), wrong)
                : config.selfSigned().flatMap(place -> made(config, Path.of(place), wrong));
    }

    private static Optional<Door> given(
            WeirConfig.ListenTls config, Path certificate, Path key, List<String> wrong) {
        try (InputStream in = Files.newInputStream(certificate)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new CertificateException("it holds none");
            }
        } catch (IOException | CertificateException e) {
            wrong.add(CERTIFICATE + unreadable(certificate, e) + "a file of PEM certificates");
            return Optional.empty();
        }
        if (!Files.isReadable(key)) {
            wrong.add(KEY + ": cannot read " + key + "; allowed: a PEM file with a key");
            return Optional.empty();
        }
        PemKeyCertOptions pem =
                new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString());
        return door(config, pem);
    }

    private static Optional<Door> made(
            WeirConfig.ListenTls config, Path place, List<String> wrong) {
        try {
            SelfSignedCertificate made = SelfSignedCertificate.make(Clock.systemUTC().instant());
            Files.writeString(place, made.certificatePem());
            return door(
                    config,
                    new PemKeyCertOptions()
                            .setCertValue(Buffer.buffer(made.certificatePem()))
                            .setKeyValue(Buffer.buffer(made.keyPem())));
        } catch (IOException | GeneralSecurityException e) {
            wrong.add(SELF_SIGNED + unreadable(place, e) + "a file that can be written");
            return Optional.empty();
        }
    }

    private static Optional<Door> door(WeirConfig.ListenTls config, PemKeyCertOptions pem) {
        HostAndPort address = HostAndPort.parse(ADDRESS, config.address());
        return Optional.of(new Door(address.host(), address.port(), pem));
    }

    private static String unreadable(Path file, Exception cause) {
        String why = String.valueOf(cause.getMessage());
        return ": cannot use %s (%s: %s); allowed: "
                .formatted(file, cause.getClass().getSimpleName(), why);
    }
}
