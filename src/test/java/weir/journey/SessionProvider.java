package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A provider of sessions that the test plays itself, one end of a WebSocket at a time. */
public final class SessionProvider implements AutoCloseable {
    private static final String AGREES =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                    + "sec-websocket-accept: ACCEPT\r\nopenai-version: 2020-10-01\r\n\r\n";

    private final ServerSocket server;
    private final BlockingQueue<WireSocket> sessions = new LinkedBlockingQueue<>();
    private volatile String answer = AGREES;

    SessionProvider(ServerSocket server) {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    public SessionProvider() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** The same over TLS, with the key in this store of {@link loadtest.SelfSigned}'s. */
    static SessionProvider secure(Path store) throws IOException, GeneralSecurityException {
        char[] password = "not-a-secret".toCharArray();
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new SessionProvider(
                context.getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Answers so from now on, in place of agreeing. */
    void answer(String whole) {
        answer = whole;
    }

    public String authority() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                WireSocket session = new WireSocket(socket, false);
                session.readHead();
                String accept = accept(session.header("sec-websocket-key"));
                session.raw(answer.replace("ACCEPT", accept).getBytes(ISO_8859_1));
                sessions.add(session);
            }
        } catch (IOException closed) {
            sessions.clear();
        }
    }

    private static String accept(String key) {
        try {
            byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(both);
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Plays by itself from now on, for SDKs: every turn is a text of 100 tokens in and 20 out. */
    public void play() {
        Thread.ofVirtual()
                .start(() -> {
                    while (!server.isClosed()) {
                        WireSocket session = session();
                        Thread.ofVirtual().start(() -> play(session));
                    }
                });
    }

    private static void play(WireSocket session) {
        boolean google = session.head.contains("BidiGenerateContent");
        if (!google) {
            session.text("{\"type\":\"session.created\",\"event_id\":\"e\",\"session\":{}}");
        }
        try {
            while (true) {
                WireSocket.Frame asked = session.frame();
                if (asked.opcode() == WireSocket.CLOSE) {
                    session.send(asked);
                    session.finish();
                    return;
                }
                answers(asked.text()).forEach(session::text);
            }
        } catch (UncheckedIOException gone) {
            session.vanish();
        }
    }

    private static List<String> answers(String asked) {
        if (asked.contains("\"setup\"")) {
            return List.of("{\"setupComplete\":{}}");
        } else if (asked.contains("client_content")) {
            return List.of(
                    "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"text\":\"A weir.\"}]}}}",
                    "{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{"
                            + "\"promptTokenCount\":100,\"responseTokenCount\":20,"
                            + "\"totalTokenCount\":120}}");
        } else if (asked.contains("response.create")) {
            String response = "\"event_id\":\"e\",\"response\":{\"id\":\"r\"";
            return List.of(
                    "{\"type\":\"response.created\"," + response + "}}",
                    "{\"type\":\"response.output_text.delta\",\"event_id\":\"e\","
                            + "\"delta\":\"A weir.\"}",
                    "{\"type\":\"response.done\","
                            + response
                            + ",\"status\":\"completed\",\"usage\":{\"input_tokens\":100,"
                            + "\"output_tokens\":20,\"total_tokens\":120}}}");
        }
        return List.of();
    }

    /** The provider's end of the next session; waits for it. */
    WireSocket session() {
        try {
            @Nullable WireSocket session = sessions.poll(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (session == null) {
                throw new IllegalStateException("nobody came");
            }
            return session;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether nobody has come so far. */
    boolean isAlone() {
        return sessions.isEmpty();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
