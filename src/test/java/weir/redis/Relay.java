package weir.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stands between a client and Redis, and does on demand what networks do. */
public final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile TestRedis redis;
    private volatile boolean swallowing;
    private volatile boolean parted;
    private volatile long delayMillis;

    public Relay(TestRedis redis) {
        this.redis = redis;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public String url() {
        return "redis://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on no answer passes on any connection that is open. */
    public void swallow() {
        swallowing = true;
    }

    /** From now on every answer takes so much longer. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** Closes what is open, and new connections as soon as they are made, until {@link #join}. */
    public void part() {
        parted = true;
        cut();
    }

    public void join() {
        parted = false;
    }

    /** Closes what is open; new connections are made to another Redis. */
    public void to(TestRedis other) {
        redis = other;
        cut();
    }

    /** Closes what is open; new connections work as they should. */
    public void cut() {
        swallowing = false;
        sockets.forEach(Relay::close);
        sockets.clear();
    }

    @Override
    public void close() {
        cut();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                connect(server.accept());
            }
        } catch (IOException closed) {
            cut();
        }
    }

    /** Where there is nobody to connect to, the client is told as a network would. */
    private void connect(Socket client) throws IOException {
        if (parted) {
            client.close();
            return;
        }
        try {
            Socket upstream = new Socket(redis.host(), redis.port());
            sockets.add(client);
            sockets.add(upstream);
            Thread.ofVirtual().start(() -> pump(client, upstream, false));
            Thread.ofVirtual().start(() -> pump(upstream, client, true));
        } catch (ConnectException nobody) {
            client.close();
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int n = in.read(buffer);
            while (n > 0) {
                if (!answers || !swallowing) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(answers ? delayMillis : 0));
                    out.write(buffer, 0, n);
                }
                n = in.read(buffer);
            }
        } catch (IOException closed) {
            sockets.remove(from);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
