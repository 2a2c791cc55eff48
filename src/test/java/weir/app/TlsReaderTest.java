package weir.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.proxy.Listener.Door;

/** The door for applications that insist on TLS. */
final class TlsReaderTest {
    @TempDir private Path directory;

    private final List<String> wrong = new ArrayList<>();

    private record Tls(
            String address,
            Optional<String> certificate,
            Optional<String> key,
            Optional<String> selfSigned)
            implements WeirConfig.ListenTls {}

    private Optional<Door> read(String certificate, String key, String selfSigned) {
        return TlsReader.read(
                new Tls("127.0.0.1:0", text(certificate), text(key), text(selfSigned)), wrong);
    }

    private static Optional<String> text(String setting) {
        return Optional.of(setting).filter(text -> !text.isEmpty());
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "weir", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void nothingIsSetAndNothingOpens() {
        assertTrue(read("", "", "").isEmpty());
        assertEquals(List.of(), wrong);
    }

    /**
     * Who trusts the file that was written reaches localhost by name and by number; others do not.
     */
    @Test
    void aCertificateThatVouchesForItself() throws Exception {
        Path pem = directory.resolve("weir.pem");
        Door door = read("", "", pem.toString()).orElseThrow();
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server =
                    vertx.createHttpServer(
                                    new HttpServerOptions()
                                            .setSsl(true)
                                            .setKeyCertOptions(door.certificate()))
                            .requestHandler(request -> request.response().end("weir"))
                            .listen(0, "127.0.0.1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
            HttpClient client = HttpClient.newBuilder().sslContext(trusting(pem)).build();
            for (String host : List.of("localhost", "127.0.0.1")) {
                HttpRequest request = request(host, server);
                assertEquals("weir", client.send(request, BodyHandlers.ofString()).body());
            }
            assertThrows(
                    SSLException.class,
                    () ->
                            HttpClient.newHttpClient()
                                    .send(request("localhost", server), BodyHandlers.ofString()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static HttpRequest request(String host, HttpServer server) {
        return HttpRequest.newBuilder(URI.create("https://" + host + ":" + server.actualPort()))
                .build();
    }

    @Test
    void theKeyIsNotWritten() throws IOException {
        Path pem = directory.resolve("weir.pem");
        assertTrue(read("", "", pem.toString()).isPresent());
        assertTrue(Files.readString(pem).startsWith("-----BEGIN CERTIFICATE-----\n"));
        assertEquals(-1, Files.readString(pem).indexOf("KEY"));
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        read("cert.pem", "", "");
        read("cert.pem", "key.pem", "made.pem");
        read(directory.resolve("absent.pem").toString(), "key.pem", "");
        read(empty.toString(), empty.toString(), "");
        read("", "", directory.resolve("no/such/folder.pem").toString());
        assertEquals(5, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).startsWith("weir.listen.tls.certificate: allowed: together"));
        assertTrue(wrong.get(1).startsWith("weir.listen.tls.self-signed: allowed: without"));
        assertTrue(wrong.get(2).contains("absent.pem"), wrong.get(2));
        assertTrue(wrong.get(3).contains("it holds none"), wrong.get(3));
        assertTrue(wrong.get(4).contains("can be written"), wrong.get(4));
    }
}
