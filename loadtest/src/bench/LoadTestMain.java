package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the load test: Weir, the floors of its runtime, and the peers that are installed.
 *
 * <pre>
 * --full              all scenarios, not only the three that matter most
 * --rounds 3  --seconds 8  --warm-seconds 30
 * --only a,b          these contestants
 * --scenarios a,b     these scenarios
 * --redis-server PATH --results DIRECTORY
 * --peers a,b         that are installed; each is a script in loadtest/peers
 * </pre>
 */
public final class LoadTestMain {
    private static final String CHAT = "/v1/chat/completions";
    private static final String WEIR_KEY = "wk_bench_load";
    private static final String KEY = "sk-bench";
    private static final int PROVIDER_PORT = 4310;
    private static final int REDIS_PORT = 4311;
    private static final int TLS_PROVIDER_PORT = 4312;
    private static final int FIRST_PORT = 4320;
    private static final int PORTS_EACH = 5;

    /** What takes fewer calls a second than the lowest rate of interest, and their most. */
    private static final Map<String, Integer> SLOW = Map.of("litellm", 50);

    private boolean full;
    private int rounds = 3;
    private int seconds = 8;
    private int warmSeconds = 30;
    private String redisServer = "redis-server";
    private Path results = Path.of("loadtest/results");
    private Set<String> only = Set.of();
    private Set<String> scenarios = Set.of();
    private List<String> peers = List.of();
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    private LoadTestMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        LoadTestMain test = new LoadTestMain();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--full" -> test.full = true;
                case "--rounds" -> test.rounds = Integer.parseInt(args[++i]);
                case "--seconds" -> test.seconds = Integer.parseInt(args[++i]);
                case "--warm-seconds" -> test.warmSeconds = Integer.parseInt(args[++i]);
                case "--redis-server" -> test.redisServer = args[++i];
                case "--results" -> test.results = Path.of(args[++i]);
                case "--only" -> test.only = Set.of(args[++i].split(","));
                case "--scenarios" -> test.scenarios = Set.of(args[++i].split(","));
                case "--peers" -> test.peers = List.of(args[++i].split(","));
                default -> throw new IllegalArgumentException("no such argument: " + args[i]);
            }
        }
        test.run();
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(results.resolve("logs"));
        Contestant provider = own(new Target("direct", PROVIDER_PORT, CHAT, KEY), "provider");
        Contestant redis = redis(redisServer, REDIS_PORT);
        enlist();
        Contestant tlsProvider = full ? enlistCircumstances() : provider.absent();
        try (provider;
                tlsProvider;
                redis;
                Contest contest =
                        new Contest(chosen(provider), redis, results, LoadTestMain::say)) {
            provider.start(results.resolve("logs"));
            tlsProvider.start(results.resolve("logs"));
            redis.start(results.resolve("logs"));
            contest.start(warmSeconds);
            for (Scenario scenario : scenarios()) {
                if (scenarios.isEmpty() || scenarios.contains(scenario.name())) {
                    contest.run(scenario, rounds);
                    // After each, so that a run that is broken off has not been in vain.
                    contest.write();
                    Files.writeString(
                            results.resolve("table.md"),
                            new Table(contest.rows(), "hop").markdown());
                }
            }
        }
    }

    /** A Redis that keeps nothing on a disk. */
    static Contestant redis(String server, int port) {
        return new Contestant(
                new Target("redis", port, "", ""),
                List.of(
                        server,
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no"),
                Map.of());
    }

    private List<Contestant> chosen(Contestant provider) {
        List<Contestant> all = new ArrayList<>();
        all.add(provider.absent());
        all.addAll(contestants.values());
        return all.stream().filter(each -> only.isEmpty() || only.contains(each.name())).toList();
    }

    private List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        if (full) {
            for (int perSecond : new int[] {50, 100, 200}) {
                all.add(Scenario.rate(perSecond, seconds));
            }
        }
        all.add(Scenario.rate(500, seconds));
        if (full) {
            all.add(Scenario.rate(1_000, seconds));
        }
        all.add(Scenario.callers(32, seconds));
        all.add(Scenario.streams(50, 10, seconds));
        if (full) {
            all.add(Scenario.streams(500, 100, 2 * seconds));
            all.add(Scenario.bodies(1, 4, seconds));
            all.add(Scenario.bodies(10, 2, seconds));
        }
        return all;
    }

    private void enlist() {
        weir("weir-leased", "leased", Map.of());
        weir("weir-exact", "exact", Map.of());
        weir("weir-process", "process", Map.of());
        hop("hop", false);
        hop("hop-redis", true);
        for (String peer : peers) {
            int port = nextPort();
            Contestant contestant =
                    new Contestant(
                            new Target(peer, port, CHAT, KEY),
                            List.of(
                                    "loadtest/peers/" + peer,
                                    "run",
                                    Integer.toString(port),
                                    "127.0.0.1:" + PROVIDER_PORT,
                                    "127.0.0.1:" + REDIS_PORT),
                            Map.of());
            Integer most = SLOW.get(peer);
            add(most == null ? contestant : contestant.atMost(most));
        }
    }

    /** Returns the provider that one of them needs. */
    private Contestant enlistCircumstances() throws IOException, InterruptedException {
        Circumstances other = new Circumstances(results.resolve("logs"));
        weir("weir-one-loop", "leased", Circumstances.oneEventLoop());
        weir("weir-many-rules", "leased", other.manyKeysAndRules());
        weir("weir-tls", "leased", other.tls(), "https://127.0.0.1:" + TLS_PROVIDER_PORT);
        return own(
                new Target("provider-tls", TLS_PROVIDER_PORT, CHAT, KEY),
                "provider",
                other.certificate().toString(),
                other.key().toString());
    }

    private void weir(String name, String ledger, Map<String, String> environment) {
        weir(name, ledger, environment, "http://127.0.0.1:" + PROVIDER_PORT);
    }

    private void weir(
            String name, String ledger, Map<String, String> environment, String provider) {
        int port = nextPort();
        add(
                new Contestant(
                        new Target(name, port, "/openai" + CHAT, WEIR_KEY),
                        List.of(
                                "loadtest/own/weir",
                                ledger,
                                Integer.toString(port),
                                provider,
                                Integer.toString(REDIS_PORT)),
                        environment));
    }

    private void hop(String name, boolean withRedis) {
        int port = nextPort();
        String redis = withRedis ? Integer.toString(REDIS_PORT) : "";
        Target target = new Target(name, port, CHAT, KEY);
        add(own(target, "hop", Integer.toString(PROVIDER_PORT), redis));
    }

    private static Contestant own(Target target, String script, String... rest) {
        List<String> command = new ArrayList<>();
        command.add("loadtest/own/" + script);
        command.add(Integer.toString(target.port()));
        command.addAll(List.of(rest));
        return new Contestant(target, command, Map.of());
    }

    private void add(Contestant contestant) {
        contestants.put(contestant.name(), contestant);
    }

    private int nextPort() {
        return FIRST_PORT + PORTS_EACH * contestants.size();
    }

    private static void say(String line) {
        System.err.println(line);
    }
}
