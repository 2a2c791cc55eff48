package weir.ledger;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.redis.TestRedis;

/**
 * How often each of the ledger's scripts ran in a Redis, by its slow log, which is told to find
 * everything slow. Redis itself counts scripts as one command.
 */
public final class ScriptCounts {
    private static final String MOST = "200000";

    private final TestRedis redis;

    /** Counts from now on. */
    public ScriptCounts(TestRedis redis) {
        this.redis = redis;
        expectOk(redis.command("CONFIG", "SET", "slowlog-max-len", MOST));
        expectOk(redis.command("CONFIG", "SET", "slowlog-log-slower-than", "0"));
        expectOk(redis.command("SLOWLOG", "RESET"));
        expectOk(redis.command("CONFIG", "RESETSTAT"));
    }

    private static void expectOk(String answer) {
        if (!answer.equals("OK")) {
            throw new IllegalStateException(answer);
        }
    }

    /** By the script's name; only those that ran. */
    public Map<String, Long> counts() {
        Map<String, String> names =
                Stream.of(Script.values()).collect(Collectors.toMap(Script::sha1, Script::name));
        return redis.command("SLOWLOG", "GET", MOST)
                .lines()
                .filter(names::containsKey)
                .collect(
                        Collectors.groupingBy(
                                sha1 -> names.getOrDefault(sha1, sha1),
                                TreeMap::new,
                                Collectors.counting()));
    }

    /** Of all scripts, as Redis counts them. */
    public long total() {
        return redis.calls("evalsha") + redis.calls("eval");
    }
}
