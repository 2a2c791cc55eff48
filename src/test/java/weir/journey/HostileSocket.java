package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A caller that writes what it likes, byte by byte, and reads what it gets. */
final class HostileSocket implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    HostileSocket(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(World.PATIENCE_SECONDS));
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A POST of JSON with its length; headers are whole lines. */
    static String post(String path, String body, String... headers) {
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: weir\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("content-type: application/json\r\ncontent-length: ")
                .append(body.getBytes(UTF_8).length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    HostileSocket send(String text) {
        return send(text.getBytes(UTF_8));
    }

    HostileSocket send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends although the other side may have hung up already: it has the right to. */
    boolean offer(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException hungUp) {
            return false;
        }
    }

    /** The next answer of a request that was no HEAD; waits for it. */
    Answer answer() {
        return answerIfAny().orElseThrow(() -> new AssertionError("the connection was closed"));
    }

    /** The next answer, or nothing where the connection is closed before it is whole. */
    Optional<Answer> answerIfAny() {
        try {
            Head head = head();
            return Optional.of(head.answer(body(head)));
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answer's head alone. */
    Answer headOnly() {
        try {
            return head().answer(new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until this text has come, and returns what came before it, itself included. */
    String until(String text) {
        StringBuilder seen = new StringBuilder();
        try {
            while (seen.indexOf(text, Math.max(0, seen.length() - text.length())) < 0) {
                seen.append((char) byteOrEnd());
            }
        } catch (IOException e) {
            throw new AssertionError("only came: " + seen, e);
        }
        return seen.toString();
    }

    /** Everything up to the end of the connection; a reset is an end too. */
    String rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException reset) {
            return all.toString(ISO_8859_1) + "<reset>";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString(ISO_8859_1);
    }

    /** As a process that dies: what is on the way is lost. */
    void vanish() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Status, headers by their names in lower case (equal names joined), body without framing. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Answer(int status, TreeMap<String, String> headers, byte[] bytes) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String body() {
            return new String(bytes, UTF_8);
        }

        @Override
        public String toString() {
            return status + " " + headers + " " + body();
        }
    }

    private record Head(int status, TreeMap<String, String> headers) {
        Answer answer(byte[] body) {
            return new Answer(status, headers, body);
        }
    }

    private Head head() throws IOException {
        String first = line();
        if (!first.matches("HTTP/1\\.[01] \\d{3} .*")) {
            throw new AssertionError("no status line: " + first);
        }
        TreeMap<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        return new Head(Integer.parseInt(first.substring(9, 12)), headers);
    }

    private byte[] body(Head head) throws IOException {
        String length = head.headers().get("content-length");
        if (head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return new byte[0];
        } else if (length != null) {
            return exactly(Integer.parseInt(length));
        } else if ("chunked".equals(head.headers().get("transfer-encoding"))) {
            return chunks(head);
        }
        return in.readAllBytes();
    }

    private byte[] chunks(Head head) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; ) {
            all.write(exactly(size));
            line();
            size = Integer.parseInt(line(), 16);
        }
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.headers().put("trailer " + line.substring(0, line.indexOf(':')), line);
        }
        return all.toByteArray();
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = byteOrEnd(); c != '\n'; c = byteOrEnd()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private int byteOrEnd() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }
}
