package weir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * An authority and a certificate of its for {@code localhost}, made by the JDK's keytool, as PEM
 * files.
 */
public final class TestTls {
    private static final String PASSWORD = "changeit";

    private final Path directory = TestRedis.directory();

    public TestTls() {
        keytool("-genkeypair -alias ca -dname CN=ca -ext bc:c");
        keytool("-genkeypair -alias server -dname CN=localhost");
        keytool("-certreq -alias server -file server.csr");
        keytool(
                "-gencert -alias ca -infile server.csr -outfile server.crt -rfc"
                        + " -ext san=dns:localhost");
        keytool("-exportcert -alias ca -file ca.crt -rfc");
        try {
            KeyStore store = KeyStore.getInstance(directory.resolve("store").toFile(), chars());
            Key key = store.getKey("server", chars());
            Files.writeString(directory.resolve("server.key"), pem(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String ca() {
        return directory.resolve("ca.crt").toString();
    }

    /** The one certificate that there is, which also a client may show. */
    public String certificate() {
        return directory.resolve("server.crt").toString();
    }

    public String key() {
        return directory.resolve("server.key").toString();
    }

    /** Where the server is to take encrypted connections too, of clients with a certificate. */
    List<String> arguments(int port) {
        return List.of(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate(),
                "--tls-key-file",
                key(),
                "--tls-ca-cert-file",
                ca(),
                "--tls-auth-clients",
                "yes");
    }

    private static char[] chars() {
        return PASSWORD.toCharArray();
    }

    private static String pem(Key key) {
        byte[] lineEnd = {'\n'};
        String text = Base64.getMimeEncoder(64, lineEnd).encodeToString(key.getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
    }

    private void keytool(String words) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String usual = " -keyalg EC -groupname secp256r1 -validity 30";
        String all =
                tool
                        + (" " + words)
                        + (words.startsWith("-genkeypair") ? usual : "")
                        + (" -keystore store -storepass " + PASSWORD);
        try {
            Process process =
                    new ProcessBuilder(List.of(all.split(" ", -1)))
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(words + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
