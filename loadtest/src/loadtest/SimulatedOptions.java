package loadtest;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to start a {@link SimulatedProvider}.
 *
 * @param host address to listen on
 * @param port 0 for any that is free
 * @param certPath certificate in PEM, which makes it speak TLS, and HTTP/2 where the client can;
 *     null for plain HTTP
 * @param keyPath the certificate's key in PEM
 * @param keys API keys that it accepts; empty for any
 * @param script its behaviour where a request asks for none, in the words of {@code x-sim}
 * @param record whether it keeps what it sees; without, it only counts
 * @param eventLoops how many event loops serve it, at least 1
 */
public record SimulatedOptions(
        String host,
        int port,
        @Nullable String certPath,
        @Nullable String keyPath,
        Set<String> keys,
        String script,
        boolean record,
        int eventLoops) {
    public static final SimulatedOptions DEFAULT =
            new SimulatedOptions("127.0.0.1", 0, null, null, Set.of(), "", true, 1);

    public SimulatedOptions {
        keys = Set.copyOf(keys);
    }

    public SimulatedOptions withHost(String newHost) {
        return new SimulatedOptions(
                newHost, port, certPath, keyPath, keys, script, record, eventLoops);
    }

    public SimulatedOptions withPort(int newPort) {
        return new SimulatedOptions(
                host, newPort, certPath, keyPath, keys, script, record, eventLoops);
    }

    public SimulatedOptions withTls(String newCertPath, String newKeyPath) {
        return new SimulatedOptions(
                host, port, newCertPath, newKeyPath, keys, script, record, eventLoops);
    }

    public SimulatedOptions withKeys(String... newKeys) {
        return new SimulatedOptions(
                host, port, certPath, keyPath, Set.of(newKeys), script, record, eventLoops);
    }

    public SimulatedOptions withScript(String newScript) {
        return new SimulatedOptions(
                host, port, certPath, keyPath, keys, newScript, record, eventLoops);
    }

    public SimulatedOptions withoutRecording() {
        return new SimulatedOptions(host, port, certPath, keyPath, keys, script, false, eventLoops);
    }

    public SimulatedOptions withEventLoops(int loops) {
        return new SimulatedOptions(host, port, certPath, keyPath, keys, script, record, loops);
    }
}
