package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import weir.usage.Kind;
import weir.usage.UsageLine;

/**
 * Whatever a caller or a provider sends: no exception, no endless loop, no byte lost. {@code
 * -Dseed=} replays.
 */
final class ProviderFuzzTest {
    private static final int ROUNDS = 20_000;

    /** Pieces that hurt parsers; {@code '} stands for a quote. */
    private static final List<String> PIECES =
            List.of(
                    "'",
                    "\\",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\n",
                    "\r",
                    "\n\n",
                    "null",
                    "true",
                    "-1",
                    "1e99999999999",
                    "-1e-99999999",
                    "1e-2147483648",
                    "9223372036854775808",
                    "99999999999999999999999999",
                    "0.5",
                    "NaN",
                    "\\u0000",
                    "\\ud800",
                    "'usage':",
                    "'usage':{}",
                    "'usage':[[]]",
                    "'model':1",
                    "'model':'b',",
                    "data:",
                    "data: ",
                    ": c\n",
                    "'max_tokens':1,",
                    "'stream_options':7,",
                    "'iterations':[1,{}],",
                    "'iterations':[{'type':'compaction'}],",
                    "\u00e9",
                    "\ufeff",
                    "'input_tokens':-5,",
                    "'choices':[],",
                    "[DONE]");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Golden> recordings = Golden.all();

    @Test
    void requests() {
        assertTimeout(
                Duration.ofMinutes(1),
                () -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        Golden golden = recordings.get(random.nextInt(recordings.size()));
                        Buffer body = mutate(golden.request());
                        PeekResult result;
                        try {
                            result =
                                    golden.provider()
                                            .peek(golden.endpoint(), golden.target(), body);
                        } catch (RuntimeException e) {
                            throw new AssertionError(replay(round, body), e);
                        }
                        switch (result) {
                            case Peek peek -> {
                                assertTrue(
                                        peek.choices() >= 1 && peek.extraInputTokens() >= 0,
                                        replay(round, body));
                                assertFalse(peek.model().isEmpty(), replay(round, body));
                                editIsUnderstood(golden, peek, body, replay(round, body));
                            }
                            case PeekResult.Malformed malformed ->
                                    assertFalse(malformed.message().isBlank(), replay(round, body));
                            case PeekResult.InFile file ->
                                    throw new AssertionError(replay(round, body));
                        }
                    }
                });
    }

    private static void editIsUnderstood(Golden golden, Peek peek, Buffer body, String replay) {
        Peek.BodyEdit edit = peek.usageEdit();
        if (edit != null) {
            Buffer edited =
                    Buffer.buffer()
                            .appendBuffer(body, 0, edit.from())
                            .appendString(edit.text())
                            .appendBuffer(body, edit.to(), body.length() - edit.to());
            assertTrue(
                    golden.provider().peek(golden.endpoint(), golden.target(), edited)
                                    instanceof Peek again
                            && again.stream()
                            && again.usageEdit() == null,
                    replay);
        }
    }

    @Test
    void responses() {
        assertTimeout(
                Duration.ofMinutes(1),
                () -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        Golden golden = recordings.get(random.nextInt(recordings.size()));
                        Buffer body = mutate(golden.response());
                        try {
                            response(golden, body);
                        } catch (RuntimeException | AssertionError e) {
                            throw new AssertionError(replay(round, body), e);
                        }
                    }
                });
    }

    private void response(Golden golden, Buffer body) {
        Peek peek = golden.peek();
        UsageReader reader = golden.reader();
        UsageReader whole = golden.reader();
        Buffer out = Buffer.buffer();
        int from = 0;
        while (from < body.length()) {
            int end = Math.min(body.length(), from + 1 + random.nextInt(200));
            out.appendBuffer(reader.read(body.getBuffer(from, end)));
            from = end;
        }
        out.appendBuffer(reader.end());
        Buffer expected = Buffer.buffer().appendBuffer(whole.read(body)).appendBuffer(whole.end());
        assertEquals(expected, out);
        if (!golden.contentType().equals("application/json") || isJson(body)) {
            assertEquals(whole.report(), reader.report());
        }
        if (peek.usageEdit() == null) {
            assertEquals(body, out);
        }
        for (UsageLine line : reader.report().lines()) {
            for (Kind kind : Kind.values()) {
                assertTrue(line.usage().amount(kind) >= 0);
            }
        }
    }

    /**
     * The parser that is fed piece by piece overlooks a comma before a bracket where a piece ends
     * between the two; so what is no JSON may be read in two ways.
     */
    private static boolean isJson(Buffer body) {
        try (JsonParser parser = Json.FACTORY.createParser(body.getBytes())) {
            while (parser.nextToken() != null) {
                // All of it has to be read.
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Buffer mutate(Buffer original) {
        Buffer body = original;
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(body.length() + 1);
            int end =
                    Math.min(body.length(), at + random.nextInt(random.nextInt(10) == 0 ? 400 : 4));
            Buffer piece =
                    switch (random.nextInt(4)) {
                        case 0 -> Buffer.buffer(new byte[] {(byte) random.nextInt(256)});
                        case 1 -> Buffer.buffer();
                        default ->
                                Buffer.buffer(
                                        PIECES.get(random.nextInt(PIECES.size()))
                                                .replace('\'', '"'));
                    };
            body =
                    Buffer.buffer()
                            .appendBuffer(body, 0, at)
                            .appendBuffer(piece)
                            .appendBuffer(body, end, body.length() - end);
        }
        return body;
    }

    private String replay(int round, Buffer body) {
        return "-Dseed="
                + seed
                + " round "
                + round
                + ": "
                + body.toString(StandardCharsets.ISO_8859_1);
    }
}
