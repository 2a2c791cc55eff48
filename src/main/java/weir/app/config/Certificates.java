package weir.app.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code tls: { ca: /path }}: whom to trust instead of the system's authorities. */
final class Certificates {
    /** A full set of public authorities has some 200 KiB. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String ALLOWED =
            "a readable file of X.509 certificates in PEM, at most 1 MiB";

    private Certificates() {}

    static @Nullable Path ca(@Nullable Value tls) {
        Fields fields = tls == null ? null : tls.fields(List.of("ca"));
        Value value = fields == null ? null : fields.require("ca", "the path of a PEM file");
        if (value == null) {
            return null;
        }
        Path path =
                value.parse(
                        new Scalar<>(
                                "the path of a PEM file", text -> value.source().resolve(text)));
        if (path != null && !areIn(value.source(), path)) {
            value.error(value.shown(), ALLOWED);
        }
        return path;
    }

    private static boolean areIn(Source source, Path path) {
        try {
            byte[] pem = source.read(path, MAX_BYTES);
            return pem != null
                    && !CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }
}
