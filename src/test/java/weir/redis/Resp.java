package weir.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As much of the Redis protocol as a test needs: one question, one answer as text. */
final class Resp {
    private Resp() {}

    /**
     * The elements of a list come on lines of their own, a nil is empty, an error keeps its minus
     * sign.
     */
    static String ask(Socket socket, String... words) throws IOException {
        StringBuilder question = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            int length = word.getBytes(StandardCharsets.UTF_8).length;
            question.append('$').append(length).append("\r\n").append(word).append("\r\n");
        }
        socket.getOutputStream().write(question.toString().getBytes(StandardCharsets.UTF_8));
        return answer(new BufferedInputStream(socket.getInputStream()));
    }

    private static String answer(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> line;
            case '$' -> bulk(in, Integer.parseInt(rest));
            case '*' -> {
                List<String> elements = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    elements.add(answer(in));
                }
                yield String.join("\n", elements);
            }
            default -> throw new IOException("not an answer: " + line);
        };
    }

    private static String bulk(InputStream in, int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c != '\r') {
            if (c < 0) {
                throw new EOFException();
            }
            line.write(c);
            c = in.read();
        }
        in.skipNBytes(1);
        return line.toString(StandardCharsets.UTF_8);
    }
}
