package loadtest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Something to call: a name, and the request as bytes. Plain sockets, because what a client library
 * does between a call and its bytes would be measured too.
 */
record LatencyTarget(String name, URI url) {
    /** A chat call of 1 KB, body included, as applications send them. */
    private static final int BODY_BYTES = 1_024;

    byte[] request() {
        String head =
                "{\"model\":\"gpt-6-luna\",\"max_tokens\":20,\"messages\":"
                        + "[{\"role\":\"user\",\"content\":\"";
        String tail = "\"}]}";
        String words = "a weir regulates the flow ".repeat(BODY_BYTES / 26 + 1);
        String body = head + words.substring(0, BODY_BYTES - head.length() - tail.length()) + tail;
        String text =
                "POST "
                        + url.getRawPath()
                        + " HTTP/1.1\r\nhost: "
                        + url.getAuthority()
                        + "\r\nauthorization: Bearer sk-latency\r\ncontent-type: application/json"
                        + "\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Line connect() throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return new Line(socket, new BufferedInputStream(socket.getInputStream()), request());
    }

    /** One kept-alive connection. */
    @SuppressWarnings("ArrayRecordComponent") // nobody changes or compares the bytes
    record Line(Socket socket, InputStream in, byte[] request) {
        /**
         * Sends the request and reads the answer to its last byte.
         *
         * @throws IOException also if the answer is not a 200 of a known length
         */
        void call() throws IOException {
            socket.getOutputStream().write(request);
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            if (!status.contains(" 200") || length < 0) {
                throw new IOException(status);
            }
            in.skipNBytes(length);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the connection was closed");
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }
    }
}
