package weir.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.journey.FailureBench.CHAT;
import static weir.journey.FailureBench.CHAT_PATH;
import static weir.journey.FailureBench.CHAT_STREAM;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import loadtest.Exchange;
import loadtest.Exchange.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who reads slowly slows down who writes, both ways, and Weir keeps next to nothing in between.
 * What is measured is this whole process, provider and caller included. {@code
 * -Dbackpressure.seconds=30} takes its time.
 */
final class BackPressureTest {
    private static final long SECONDS = Long.getLong("backpressure.seconds", 10);
    private static final long BYTES_PER_SECOND = 1 << 20;
    private static final long MAX_GROWTH_BYTES = 64 << 20;
    private static final String GIGABYTE = "bytes=1073741824";

    private final FailureBench bench = new FailureBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT_STREAM, CHAT})
    void aSlowReaderOfAGigabyteCostsNoMemory(String body) throws IOException {
        bench.start();
        bench.assertServes();
        long before = memoryBytes();
        long grown = 0;
        long between = 0;
        long read = 0;
        try (Socket caller = calling(body, GIGABYTE)) {
            long begun = System.nanoTime();
            Exchange upstream = bench.seen(2);
            byte[] buffer = new byte[(int) BYTES_PER_SECOND / 10];
            for (long tenth = 1; tenth <= 10 * seconds(body); tenth++) {
                read += caller.getInputStream().readNBytes(buffer, 0, buffer.length);
                between = Math.max(between, upstream.bytesWritten() - read);
                if (tenth % 10 == 0) {
                    grown = Math.max(grown, memoryBytes() - before);
                }
                await(begun + TimeUnit.MILLISECONDS.toNanos(100 * tenth));
            }
            caller.setSoLinger(true, 0);
        }
        System.err.println(
                "BackPressureTest: "
                        + (read >> 10)
                        + " KiB read in "
                        + seconds(body)
                        + " s, the process grew by "
                        + (grown >> 10)
                        + " KiB, at most "
                        + (between >> 10)
                        + " KiB were under way");
        assertTrue(read > BYTES_PER_SECOND * seconds(body) * 9 / 10, "read " + read);
        assertTrue(grown < MAX_GROWTH_BYTES, "grew by " + grown);
        assertTrue(between < MAX_GROWTH_BYTES, "under way " + between);
        assertEquals(Ending.CLIENT_VANISHED, FailureBench.get(bench.seen(2).ended()));
    }

    /** A plain answer takes the same way, so a shorter look is enough. */
    private static long seconds(String body) {
        return body.equals(CHAT_STREAM) ? SECONDS : Math.min(SECONDS, 3);
    }

    private Socket calling(String body, String sim) throws IOException {
        Socket caller = new Socket(InetAddress.getLoopbackAddress(), bench.weir().port());
        caller.setSoTimeout((int) World.PATIENCE_SECONDS * 1_000);
        String request = HostileSocket.post(CHAT_PATH, body, "x-sim: " + sim);
        caller.getOutputStream().write(request.getBytes(ISO_8859_1));
        return caller;
    }

    /** What is really held: the heap after a collection, and what lies outside it. */
    private static long memoryBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + PlatformDependent.usedDirectMemory();
    }

    private static void await(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Test
    void aReaderThatStopsDoesNotTripTheProvidersIdleTimeout() throws IOException {
        bench.timeouts("idle: 250ms").start();
        try (Socket caller = calling(CHAT_STREAM, "bytes=60000000")) {
            InputStream in = caller.getInputStream();
            Exchange upstream = bench.seen(1);
            awaitStandstill(upstream::bytesWritten, TimeUnit.SECONDS.toNanos(1));
            assertTrue(upstream.bytesWritten() < 50_000_000, "written " + upstream.bytesWritten());
            byte[] tail = new byte[0];
            long read = 0;
            byte[] buffer = new byte[1 << 16];
            while (!new String(tail, ISO_8859_1).endsWith("0\r\n\r\n")) {
                int count = in.read(buffer);
                assertTrue(count > 0, "broke off after " + read);
                read += count;
                tail = java.util.Arrays.copyOfRange(buffer, Math.max(0, count - 5), count);
            }
            assertTrue(read > 60_000_000, "read " + read);
        }
        JsonObject line = bench.line();
        assertEquals("ok", line.getString("outcome"), line::encode);
        bench.assertExact(line);
    }

    /** Until this has not changed for a while. */
    static void awaitStandstill(java.util.function.LongSupplier what, long nanos) {
        long last = -1;
        long since = System.nanoTime();
        long end = since + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
        while (System.nanoTime() - since < nanos) {
            assertTrue(System.nanoTime() < end, "never stands still");
            long now = what.getAsLong();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void anUploadToAProviderThatDoesNotReadStops() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            deaf.setSoTimeout((int) World.PATIENCE_SECONDS * 1_000);
            bench.world.env("ABSENT", "http://127.0.0.1:" + deaf.getLocalPort());
            bench.start();
            HostileSocket caller = bench.caller();
            caller.send(
                    "POST /absent/v1/files HTTP/1.1\r\nhost: weir\r\ncontent-length: 1073741824\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            byte[] piece = new byte[1 << 16];
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (sent.get() < 1L << 30 && caller.offer(piece)) {
                                    sent.addAndGet(piece.length);
                                }
                            });
            try (Socket upstream = deaf.accept()) {
                upstream.setSoTimeout((int) World.PATIENCE_SECONDS * 1_000);
                awaitStandstill(sent::get, TimeUnit.MILLISECONDS.toNanos(700));
                assertTrue(sent.get() < MAX_GROWTH_BYTES, "taken " + sent);
                assertTrue(writer.isAlive());
                System.err.println(
                        "BackPressureTest: " + (sent.get() >> 10) + " KiB of an upload taken");
                caller.vanish();
                assertTrue(upstreamEnds(upstream), "cancelled");
            }
        }
        JsonObject line = bench.line();
        assertEquals("caller_gone", line.getString("outcome"), line::encode);
        bench.assertCharged(line, 0);
    }

    private static boolean upstreamEnds(Socket upstream) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try {
            while (upstream.getInputStream().read(buffer) >= 0) {
                buffer[0] = 0;
            }
        } catch (java.net.SocketException reset) {
            return true;
        }
        return true;
    }

    @Test
    void anUploadThatNobodyLooksIntoPassesByteForByte() throws NoSuchAlgorithmException {
        bench.start();
        byte[] body = new byte[20_000_000];
        new Random(7).nextBytes(body);
        try (HostileSocket caller = bench.caller()) {
            caller.send(
                    "POST /openai/v1/files HTTP/1.1\r\nhost: weir\r\ncontent-length: "
                            + body.length
                            + "\r\n\r\n");
            caller.send(body);
            assertEquals(404, caller.answer().status());
        }
        Exchange upstream = bench.seen(1);
        assertEquals(body.length, upstream.bodyBytes());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
        assertEquals(HexFormat.of().formatHex(hash), upstream.bodySha256());
        bench.assertQuiet(0);
    }

    /** Each piece that goes on gives the provider more time for its first byte. */
    @Test
    void aLongUploadDoesNotTripTheFirstByteTimeout() {
        bench.timeouts("first-byte: 300ms").start();
        try (HostileSocket caller = bench.caller()) {
            caller.send(
                    "POST /openai/v1/files HTTP/1.1\r\nhost: weir\r\ncontent-length: 8\r\n\r\n");
            long begun = System.nanoTime();
            for (int i = 1; i <= 8; i++) {
                await(begun + TimeUnit.MILLISECONDS.toNanos(100L * i));
                caller.send("x");
            }
            assertEquals(404, caller.answer().status());
        }
        assertEquals(8, bench.seen(1).bodyBytes());
    }
}
