package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One end of a WebSocket, frame by frame, as RFC 6455 writes them: for tests that want to know what
 * goes over the wire, and to send what no library would.
 */
final class WireSocket {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /** Its accept is {@link #ACCEPT} (RFC 6455, section 1.3). */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final String ASKS =
            "host: weir\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n"
                    + "sec-websocket-version: 13\r\n"
                    + "sec-websocket-extensions: permessage-deflate\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final boolean client;

    /** What the other end sent first: a request, or its answer with its body where it has one. */
    String head = "";

    /**
     * A frame.
     *
     * @param first its first byte: FIN and opcode
     */
    record Frame(int first, Buffer payload) {
        int opcode() {
            return first & 0xf;
        }

        boolean isLast() {
            return (first & 0x80) != 0;
        }

        String text() {
            return payload.toString(UTF_8);
        }

        /** The code of a close frame; 0 where it has none. */
        int code() {
            return payload.length() < 2 ? 0 : payload.getUnsignedShort(0);
        }

        String reason() {
            return payload.getString(2, payload.length());
        }
    }

    WireSocket(Socket socket, boolean client) throws IOException {
        this.socket = socket;
        this.client = client;
        socket.setSoTimeout((int) World.PATIENCE_SECONDS * 1_000);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** Asks for a WebSocket; {@link #head} is the answer. Headers are lines. */
    static WireSocket ask(int port, String target, String... headers) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            WireSocket asked = new WireSocket(socket, true);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            asked.raw(
                    "GET %s HTTP/1.1\r\n%ssec-websocket-key: %s\r\n%s\r\n"
                            .formatted(target, ASKS, KEY, more)
                            .getBytes(ISO_8859_1));
            asked.readHead();
            return asked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status() {
        return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** A header of the head; "none" where it has none. */
    String header(String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("none");
    }

    void readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            bytes.write(in.readByte());
        }
        head = bytes.toString(ISO_8859_1);
        String length = header("content-length");
        if (client && !length.equals("none")) {
            head += new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
        }
    }

    void raw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void text(String message) {
        send(0x80 | TEXT, message.getBytes(UTF_8));
    }

    void close(int code, String reason) {
        byte[] words = reason.getBytes(UTF_8);
        send(
                0x80 | CLOSE,
                ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
    }

    void send(Frame frame) {
        send(frame.first(), frame.payload().getBytes());
    }

    void send(int first, byte[] payload) {
        raw(frame(first, payload));
    }

    byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        int masked = client ? 0x80 : 0;
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (masked | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (masked | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (masked | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        if (client) {
            ThreadLocalRandom.current().nextBytes(mask);
            frame.put(mask);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /**
     * The next frame.
     *
     * @throws UncheckedIOException if the connection ends before it
     */
    Frame frame() {
        try {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            long length = second & 0x7f;
            length =
                    length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] mask = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
            if ((second & 0x80) == 0 != client) {
                throw new IllegalStateException("masks are for clients, and for all of them");
            }
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            return new Frame(first, Buffer.buffer(payload));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that is neither a ping nor a pong, as text. */
    String said() {
        return frame().text();
    }

    /** Reads to the end of the connection, which has to come. */
    boolean isClosed() {
        try {
            in.skipNBytes(Long.MAX_VALUE);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Closes the connection behind what was said. */
    void finish() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Vanishes without a word. */
    void vanish() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
