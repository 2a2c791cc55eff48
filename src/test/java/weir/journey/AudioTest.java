package weir.journey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sound in a form: it arrives as it was sent, and is charged by the time that it takes. */
final class AudioTest {
    private static final String YAML =
            """
            providers:
              openai: { base-url: "${HEARS}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits: [{ name: purse, per: [tenant], spend: 1 USD/total }]
            """;

    private static final String HEARD =
            """
            {"text":"A dam.","usage":{"type":"duration","seconds":60}}\
            """;

    private final World world = new World();
    private final List<byte[]> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve() {
        world.serve("HEARS", this::answer);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void answer(HttpServerRequest request) {
        request.bodyHandler(body -> {
            heard.add(body.getBytes());
            request.response().putHeader("content-type", "application/json").end(HEARD);
        });
    }

    private static byte[] form(String format) {
        byte[] sound = new byte[600_000];
        new Random(7).nextBytes(sound);
        String head =
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--x\r\n"
                        + "Content-Disposition: form-data; name=\"response_format\"\r\n\r\n"
                        + format
                        + "\r\n--x\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"a.mp3\"\r\n\r\n";
        String all = head + new String(sound, StandardCharsets.ISO_8859_1) + "\r\n--x--\r\n";
        return all.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static HttpResponse<String> send(World.Weir weir, byte[] form) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(weir.url() + "/openai/v1/audio/transcriptions"))
                            .header("content-type", "multipart/form-data; boundary=x")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(form))
                            .build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A minute of whisper-1, at 0.36 USD an hour; 1,200 s are held for 600,000 bytes. */
    @Test
    void itIsChargedTheTimeThatTheAnswerTells() {
        World.Weir weir = world.weir(YAML);
        HttpResponse<String> answer = send(weir, form("json"));
        assertEquals(200, answer.statusCode(), answer.body());
        assertArrayEquals(form("json"), heard.getFirst());
        assertEquals("0.006", answer.headers().firstValue("x-weir-cost-usd").orElse(""));
        String line = weir.nextCall();
        assertTrue(line.contains("\"reserved_nano_usd\":120000000,"), line);
    }

    @Test
    void subtitlesTellNothingAndHaveNoPrice() {
        HttpResponse<String> answer = send(world.weir(YAML), form("srt"));
        assertEquals(402, answer.statusCode());
        assertEquals("unpriced", answer.headers().firstValue("x-weir-reason").orElse(""));
        assertTrue(heard.isEmpty());
    }
}
