package loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a budget is overspent, and how much of it can be used: one load, one budget, several ways
 * to guard it. What counts is the provider's own bill, which knows what it made of a stream that
 * was cut.
 *
 * <pre>
 * budget                                  prints the budget in USD, and ends
 * --port 4180 --redis redis://…           the simulated provider's port, and the ways' Redis
 * --streams 128 --seed 1 --rounds 3
 * count-after | reserve-maximum           guarded by this program, as gateways do
 * NAME=URL,URL,…                          guarded by what is behind the URLs
 * </pre>
 */
public final class OverspendMain {
    private static final long MOST_SECONDS = 300;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final String[] COLUMNS = {
        "", "overspent", "usable", "whole", "cut short", "refused", "broken", "seconds"
    };

    private static final Pattern SCRIPTED = Pattern.compile("^tokens=(\\d+)");
    private static final Pattern CAPPED =
            Pattern.compile("\"max(?:_completion)?_tokens\":\\s*(\\d+)");

    private int port = 4180;
    private int streams = 128;
    private long seed = 1;
    private int rounds = 3;
    private String redisUrl = "";
    private final List<String> subjects = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            vertx.createHttpClient(
                    new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));

    private OverspendMain() {}

    public static void main(String[] args)
            throws InterruptedException, ExecutionException, TimeoutException {
        OverspendMain main = new OverspendMain();
        boolean plan = main.read(args);
        OverspendLoad load = OverspendLoad.of(main.streams, main.seed);
        if (plan) {
            System.out.println(load.budgetUsd());
        } else {
            main.measure(load);
        }
        await(main.vertx.close());
    }

    private boolean read(String[] args) {
        boolean plan = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "budget" -> plan = true;
                case "--port" -> port = Integer.parseInt(args[++i]);
                case "--streams" -> streams = Integer.parseInt(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--redis" -> redisUrl = args[++i];
                default -> subjects.add(args[i]);
            }
        }
        return plan;
    }

    private void measure(OverspendLoad load)
            throws InterruptedException, ExecutionException, TimeoutException {
        SimulatedProvider provider =
                await(SimulatedProvider.start(vertx, SimulatedOptions.DEFAULT.withPort(port)));
        System.out.printf(
                Locale.ROOT,
                "%d streams at once that cost %.6f USD, a budget of %s USD; %d rounds, medians%n",
                streams,
                load.demandNanoUsd() / 1e9,
                load.budgetUsd(),
                rounds);
        row(COLUMNS);
        for (String subject : subjects) {
            double[][] figures = new double[rounds][];
            for (int round = 0; round < rounds; round++) {
                figures[round] = round(provider, load, subject, round);
            }
            report(subject, figures);
        }
    }

    private double[] round(
            SimulatedProvider provider, OverspendLoad load, String subject, int round)
            throws InterruptedException, ExecutionException, TimeoutException {
        String run = "run-" + subject.replaceFirst("=.*", "") + "-" + round + "-" + seed;
        long begin = System.nanoTime();
        OverspendRun.Tally tally = await(run(provider, load, subject, run));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (tally.cause != null) {
            System.err.println(tally.broken + " streams broke, the last with " + tally.cause);
        }
        provider.recorder().idle().get(MOST_SECONDS, TimeUnit.SECONDS);
        long bill = 0;
        for (Exchange exchange : provider.recorder().exchanges()) {
            if (run.equals(exchange.header("x-run"))) {
                bill += OverspendLoad.costNanoUsd(made(exchange));
            }
        }
        double over = 100.0 * (bill - load.budgetNanoUsd()) / load.budgetNanoUsd();
        return new double[] {
            Math.max(0, over),
            Math.min(100, 100 + over),
            tally.whole,
            tally.shortened,
            tally.refused,
            tally.broken,
            seconds
        };
    }

    private Future<OverspendRun.Tally> run(
            SimulatedProvider provider, OverspendLoad load, String subject, String run) {
        int equals = subject.indexOf('=');
        OverspendGuard guard = equals < 0 ? guard(subject, run, load) : null;
        List<String> urls =
                equals < 0
                        ? List.of(provider.baseUrl())
                        : List.of(subject.substring(equals + 1).split(","));
        return new OverspendRun(vertx, http, urls, guard, run).start(load);
    }

    private @Nullable OverspendGuard guard(String way, String run, OverspendLoad load) {
        return new OverspendGuard(
                Redis.createClient(
                        vertx,
                        new RedisOptions()
                                .setConnectionString(redisUrl)
                                .setMaxPoolWaiting(MOST_CONNECTIONS)),
                OverspendGuard.Way.valueOf(way.toUpperCase(Locale.ROOT).replace('-', '_')),
                run,
                load.budgetNanoUsd());
    }

    /**
     * A stream is one event in front, one for each token, and others behind. It has as many tokens
     * as the load wants, or as the request's cap allows.
     */
    private static long made(Exchange exchange) {
        long most = number(SCRIPTED, String.valueOf(exchange.header("x-sim")));
        long cap = number(CAPPED, new String(exchange.body(), StandardCharsets.UTF_8));
        return Math.clamp(exchange.writes() - 1, 0, Math.min(most, cap));
    }

    private static long number(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .min()
                .orElseThrow();
    }

    private void report(String subject, double[][] figures) {
        String[] cells = new String[COLUMNS.length];
        cells[0] = subject.replaceFirst("=.*", "");
        for (int column = 1; column < cells.length; column++) {
            double[] values = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                values[round] = figures[round][column - 1];
            }
            Arrays.sort(values);
            String format = column <= 2 ? "%.2f %%" : column == 7 ? "%.1f" : "%.0f";
            cells[column] = String.format(Locale.ROOT, format, values[rounds / 2]);
        }
        row(cells);
    }

    private static void row(String[] cells) {
        System.out.printf(
                "| %-16s | %11s | %9s | %6s | %9s | %8s | %7s | %8s |%n", (Object[]) cells);
    }

    private static <T> T await(Future<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(MOST_SECONDS, TimeUnit.SECONDS);
    }
}
