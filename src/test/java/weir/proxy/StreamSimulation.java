package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import weir.app.config.PriceBookReader;
import weir.ledger.Ledger;
import weir.ledger.SimFleet;
import weir.ledger.SimTime;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Match;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Standing;
import weir.limit.Subject;
import weir.limit.Window;
import weir.limit.Window.Period;
import weir.price.Ask;
import weir.price.ModelPrice;
import weir.price.Shelf;
import weir.provider.Endpoint;
import weir.provider.Peek;
import weir.provider.Provider;
import weir.provider.Providers;
import weir.usage.Usage;

/**
 * Streams over many sidecars and one budget, in a time of its own; and what truly happens to the
 * money, as nobody in that world can see it. At every step
 *
 * <ul>
 *   <li>what calls were charged, and what those in flight hold, is within the budget;
 *   <li>so is what the provider wants to be paid, for each call within what it holds;
 *   <li>so is all that the ledger has written down, what is leased included.
 * </ul>
 */
final class StreamSimulation implements Alarm {
    private static final long START_MICROS = 1_800_000_000_000_000L;
    private static final int SIDECARS = 100;

    /** Books of a hundred leases take their time to read. */
    private static final int STEPS_A_LOOK = 16;

    static final long INPUT_TOKENS = 8;
    private static final String MODEL = "gpt-4.1-nano";

    /** Answers have lately been short: first slices are the least there are. */
    private static final long EXPECTED_TOKENS = 25;

    final Random random;
    final Provider vendor = Objects.requireNonNull(Providers.ALL.get("openai"));
    final Shelf shelf =
            new Shelf(PriceBookReader.bundled(), vendor.name(), vendor.name(), Instant.EPOCH);
    final ModelPrice price = Objects.requireNonNull(shelf.find(MODEL, Instant.EPOCH));
    private final SimTime time;
    private final SimFleet fleet;
    private final Limit limit;
    private final long budget;
    private final List<Claim> counter;
    private final Peek text = peek("");
    private final Peek json = peek(",'response_format':{'type':'json_object'}");
    private int inFlight;
    private long held;
    private long charged;
    private long bill;
    int mostInFlight;
    int whole;
    int cut;
    int refused;
    private long steps;

    /** Streams of these lengths, on a budget for a tenth of them, in a tenth of a second. */
    StreamSimulation(Random random, boolean leased, long[] tokens) {
        this.random = random;
        this.time = new SimTime(START_MICROS);
        this.fleet = new SimFleet(random, time);
        this.budget = LongStream.of(tokens).map(this::cost).sum() / 10;
        this.limit = budget();
        this.counter = claims(0);
        List<Ledger> sidecars = new ArrayList<>();
        for (int i = 0; i < SIDECARS; i++) {
            sidecars.add(leased ? fleet.leased() : fleet.exact());
        }
        for (int i = 0; i < tokens.length; i++) {
            Peek peek = random.nextBoolean() ? text : json;
            Ledger ledger = sidecars.get(i % SIDECARS);
            SimStream stream = new SimStream(this, ledger, "r" + i, peek, tokens[i]);
            after(1 + random.nextInt(100), stream::begin);
        }
    }

    private Limit budget() {
        Window window = new Window(Period.TOTAL, ZoneOffset.UTC);
        List<Meter> money = List.of(new Meter.Spend(budget, window));
        return new Limit("purse", Match.ALL, List.of(), money, Policy.DEFAULT);
    }

    private Peek peek(String more) {
        String path = "/v1/chat/completions";
        Endpoint chat = vendor.endpoint(HttpMethod.POST, path);
        String body =
                "{'model':'MODEL','stream':true,'messages':[{'role':'user','content':'Hi'}]MORE}"
                        .replace("MODEL", MODEL)
                        .replace("MORE", more)
                        .replace('\'', '"');
        return (Peek) vendor.peek(chat, path, Buffer.buffer(body));
    }

    private long cost(long outputTokens) {
        return price.costNanoUsd(Usage.ofTokens(INPUT_TOKENS, outputTokens), List.of());
    }

    /** As {@link Quotation} makes it. */
    Demand demand(Peek peek) {
        long input = peek.bodyBytes() + peek.extraInputTokens();
        Ask ask = new Ask(input, peek.choices(), peek.outputCap(), 0, peek.terms());
        Tariff tariff = new Tariff(price, ask);
        Plan plan = Plan.of(tariff, peek, EXPECTED_TOKENS, List.of(limit));
        long first = ((Plan.Slices) plan).firstNanoUsd();
        return new Demand(
                price,
                tariff.worst(tariff.mostTokens()),
                claims(first),
                Demand.NO_FLAT_PRICE,
                plan,
                OptionalLong.empty());
    }

    private List<Claim> claims(long nanoUsd) {
        Subject subject =
                new Subject(vendor.name(), MODEL, List.of(MODEL), "t", "", "c", Map.of(), h -> "");
        return Claim.of(List.of(limit), subject, new Amounts(1, 0, 0, nanoUsd));
    }

    @Override
    public Runnable set(long millis, Runnable ring) {
        boolean[] off = new boolean[1];
        after(
                millis,
                () -> {
                    if (!off[0]) {
                        ring.run();
                    }
                });
        return () -> off[0] = true;
    }

    void after(long millis, Runnable task) {
        time.after(millis * 1_000, task);
    }

    void run(long seconds) {
        time.run(time.micros() + seconds * 1_000_000);
    }

    void admitted(long nanoUsd) {
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
        holds(nanoUsd);
    }

    void holds(long moreNanoUsd) {
        held += moreNanoUsd;
    }

    /** The provider wants so much more. */
    void pays(long nanoUsd) {
        bill += nanoUsd;
    }

    void ended(long heldNanoUsd, long chargedNanoUsd) {
        inFlight--;
        held -= heldNanoUsd;
        charged += chargedNanoUsd;
    }

    void check() {
        steps++;
        assertTrue(charged + held <= budget, () -> charged + " and " + held + " of " + budget);
        assertTrue(bill <= budget, () -> "a bill of " + bill + " on a budget of " + budget);
        if (steps % STEPS_A_LOOK > 0) {
            return;
        }
        Standing now = standing();
        long taken = now.used() + now.reserved() + now.leased();
        assertTrue(taken <= budget, () -> "the ledger: " + now);
    }

    Standing standing() {
        return fleet.read(counter).getFirst();
    }

    /** Everything is settled, as it was charged. */
    void assertOver() {
        assertEquals(0, inFlight);
        Standing end = standing();
        assertEquals(0, end.reserved() + end.leased(), "out: " + end);
        assertEquals(charged, end.used());
    }

    /** What was used of the budget, in parts of ten thousand. */
    long usedOfTenThousand() {
        return charged * 10_000 / budget;
    }

    String figures() {
        return "%d in flight at most; %d whole, %d cut, %d refused; %.2f%% used; %d steps"
                .formatted(mostInFlight, whole, cut, refused, usedOfTenThousand() / 100.0, steps);
    }
}
