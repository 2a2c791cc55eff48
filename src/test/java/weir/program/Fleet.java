package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import weir.redis.TestRedis;

/** Sidecars as processes, on one weir.yaml, one provider and one Redis. */
final class Fleet implements AutoCloseable {
    private static final String TOKEN = "open sesame";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern COST = Pattern.compile("\"cost_nano_usd\":(\\d+)");

    private final Surroundings around = new Surroundings();
    private final Path directory;
    private final String yaml;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Packaged> all = new ArrayList<>();
    private TestRedis redis = TestRedis.startWith();

    /** {@code environment}: names and values in turn. */
    Fleet(Path directory, String yaml, String... environment) {
        this.directory = directory;
        this.yaml = yaml;
        this.environment.put("WEIR_ADMIN_TOKEN", TOKEN);
        this.environment.put("WEIR_REDIS_URL", redis.url());
        for (int i = 0; i < environment.length; i += 2) {
            this.environment.put(environment[i], environment[i + 1]);
        }
    }

    /** A weir.yaml with these limits, each a YAML map in braces, for tenant {@code shop}. */
    static String yaml(String... limits) {
        String head = Surroundings.YAML.substring(0, Surroundings.YAML.indexOf("limits:"));
        StringBuilder yaml = new StringBuilder(head).append("limits:\n");
        for (String limit : limits) {
            yaml.append("  - ").append(limit).append('\n');
        }
        return yaml.toString();
    }

    /**
     * How a counter stands: money in nano-dollars, all else in its own unit. A holder of a lease is
     * called by its sidecar's id, a dot, and which of its event loops.
     */
    record Counter(long used, long reserved, long leased, List<String> holders) {
        /** Nothing is held: neither by calls in flight nor by sidecars ahead of need. */
        boolean idle() {
            return reserved == 0 && leased == 0;
        }

        long taken() {
            return used + reserved + leased;
        }
    }

    Surroundings around() {
        return around;
    }

    TestRedis redis() {
        return redis;
    }

    /** Every sidecar that ever was, in the order of their starts. */
    List<Packaged> all() {
        return List.copyOf(all);
    }

    /** One more, which takes calls and reaches Redis. */
    Packaged join() {
        return join(1).getFirst();
    }

    /** As many more, which start at the same time. */
    List<Packaged> join(int count) {
        List<Packaged> started = Stream.generate(this::begin).limit(count).toList();
        return started.stream().map(this::awaitReady).toList();
    }

    private Packaged begin() {
        List<String> pairs = new ArrayList<>();
        environment.forEach((name, value) -> pairs.addAll(List.of(name, value)));
        return Packaged.begin(around.start(directory, yaml, pairs.toArray(String[]::new)));
    }

    /** Or another one in its place: somebody else may take a free port before it is opened. */
    private Packaged awaitReady(Packaged started) {
        try {
            String unused = started.line(line -> line.contains("\"event\":\"listening\""));
        } catch (IllegalStateException ended) {
            if (String.valueOf(ended.getMessage()).contains("Address already in use")) {
                return awaitReady(begin());
            }
            throw ended;
        }
        all.add(started);
        Packaged.until("ready", () -> started.admin("/q/health/ready").statusCode() == 200);
        return started;
    }

    /** Ends Redis as a crash would, with all that it knew. */
    void killRedis() {
        redis.kill();
    }

    /** An empty one where the other was; answers when it does. */
    void restartRedis() {
        redis = TestRedis.startAt(redis.port());
    }

    /** The counters of the tenant that this limit keeps, in the order of its laws. */
    static List<Counter> counters(Packaged weir, String limit) {
        HttpResponse<String> answer =
                Packaged.send(
                        HttpRequest.newBuilder(
                                        weir.adminUri("/admin/limits/" + limit + "?tenant=shop"))
                                .header("authorization", "Bearer " + TOKEN)
                                .build());
        assertEquals(200, answer.statusCode(), answer.body());
        List<Counter> counters = new ArrayList<>();
        for (JsonNode node : json(answer.body()).path("counters")) {
            counters.add(
                    new Counter(
                            amount(node, "used"),
                            amount(node, "reserved"),
                            amount(node, "leased"),
                            names(node.path("holders"))));
        }
        return counters;
    }

    static Counter counter(Packaged weir, String limit) {
        List<Counter> counters = counters(weir, limit);
        assertEquals(1, counters.size(), counters.toString());
        return counters.getFirst();
    }

    private static List<String> names(JsonNode holders) {
        List<String> names = new ArrayList<>();
        holders.forEach(holder -> names.add(holder.path("name").asText()));
        return names;
    }

    private static long amount(JsonNode node, String name) {
        JsonNode usd = node.path(name + "_usd");
        return usd.isMissingNode()
                ? node.path(name).asLong()
                : new BigDecimal(usd.asText()).movePointRight(9).longValueExact();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }

    /** A gauge or counter without labels, as the sidecar shows it now. */
    static String metric(Packaged weir, String name) {
        return weir.admin("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** What Weir says that it charged, by the log lines of every sidecar that ever was. */
    long chargedNanoUsd() {
        return all.stream()
                .flatMap(weir -> weir.output().stream())
                .map(COST::matcher)
                .filter(Matcher::find)
                .mapToLong(cost -> Long.parseLong(cost.group(1)))
                .sum();
    }

    /** Call lines of every sidecar that ever was. */
    List<String> calls(Predicate<String> like) {
        return all.stream()
                .flatMap(weir -> weir.output().stream())
                .filter(line -> line.contains("\"event\":\"call\"") && like.test(line))
                .toList();
    }

    static URI data(Packaged weir) {
        return URI.create("http://127.0.0.1:" + weir.port() + Surroundings.CHAT_PATH);
    }

    @Override
    public void close() {
        all.forEach(Packaged::close);
        redis.close();
        around.close();
    }
}
