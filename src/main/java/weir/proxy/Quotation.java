package weir.proxy;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.limit.Amounts;
import weir.limit.Claim;
import weir.limit.Limit;
import weir.limit.Meter;
import weir.limit.Policy;
import weir.limit.Subject;
import weir.limit.Unit;
import weir.price.Ask;
import weir.price.ModelPrice;
import weir.price.Shelf;
import weir.provider.Endpoint;
import weir.provider.Peek;

/**
 * Step 4: which limits a call meets, what it may use at worst, and whether its budgets admit such a
 * call.
 *
 * <p>Money is quoted at the worst case: no tokenizer makes more tokens than bytes, the vendor's own
 * additions are in {@link Peek#extraInputTokens}, the model's context window bounds what the body
 * does not show, and the caller's cap or the model's bounds each answer. Rates are debited an
 * expectation (a token is some four bytes of JSON; a model answers as it lately has) and settle to
 * the truth: reserving the worst case of a rate would refuse nearly everything for output that
 * never comes.
 */
final class Quotation {
    /**
     * JSON bytes per token of English text, rounded down: rates are debited rather too much than
     * too little.
     */
    private static final long BYTES_PER_TOKEN = 4;

    /** No model answers more; keeps sums far from overflow whatever cap a caller writes. */
    private static final long MAX_OUTPUT_TOKENS = 1_000_000_000;

    private static final OptionalLong NO_CAP = OptionalLong.empty();

    private final Lane lane;
    private final Upstream upstream;
    private final Endpoint endpoint;
    private final Peek peek;
    private final Shelf shelf;
    private final long ttlMillis;
    private final Subject subject;
    private final List<Limit> limits;

    /** What came of it. */
    sealed interface Result {
        record Quoted(Demand demand) implements Result {}

        record Denied(Refusal refusal) implements Result {}
    }

    Quotation(Lane lane, Rules rules, Upstream upstream, Notes notes, HttpServerRequest request) {
        this.lane = lane;
        this.upstream = upstream;
        this.endpoint = notes.endpoint;
        this.peek = notes.peek;
        this.shelf = notes.shelf;
        this.ttlMillis = notes.ttlMillis();
        this.subject =
                new Subject(
                        upstream.name(),
                        peek.model(),
                        notes.models(),
                        notes.caller.tenant(),
                        notes.caller.key(),
                        endpoint.name(),
                        notes.caller.labels(),
                        name -> header(request, name));
        this.limits = rules.limits().matching(subject);
    }

    Result result() {
        if (upstream.free()) {
            return unpriced(Demand.NO_FLAT_PRICE);
        }
        ModelPrice price = price();
        return price == null ? unpriced() : priced(price);
    }

    private @Nullable ModelPrice price() {
        if (endpoint.cost() != Endpoint.Cost.METERED || peek.unmetered()) {
            return null;
        }
        ModelPrice price = find(peek.model());
        if (price == null) {
            return null;
        }
        Ask ask = tariff(price).ask();
        boolean oneUnit = upstream.provider().billsByOneUnit(endpoint);
        boolean covered = oneUnit ? price.coversOneOf(ask) : price.covers(ask);
        return covered ? price : null;
    }

    /** At the dearest price that may hold before the call is over. */
    private @Nullable ModelPrice find(String model) {
        return shelf.find(model, lane.now().plusMillis(ttlMillis));
    }

    private Result priced(ModelPrice price) {
        Claim blind =
                peek.unseenInput()
                        ? budget(policy -> policy.unseenInput() == Policy.UnseenInput.DENY)
                        : null;
        if (blind != null) {
            return new Result.Denied(Refusal.NotAllowed.unseenInput(blind.limit().name()));
        }
        Amounts worst = worst(price);
        for (String helper : peek.otherModels()) {
            ModelPrice own = find(helper);
            if (own == null) {
                return unpriced();
            }
            worst = plus(worst, worst(own));
        }
        boolean alone = peek.otherModels().isEmpty();
        long expected = lane.expectations().outputTokens(peek.model());
        Plan plan = alone ? Plan.of(tariff(price), peek, expected, limits) : Plan.WHOLE;
        return quoted(new Demand(price, worst, List.of(), Demand.NO_FLAT_PRICE, plan, NO_CAP));
    }

    private Amounts worst(ModelPrice price) {
        Tariff tariff = tariff(price);
        return tariff.worst(tariff.mostTokens());
    }

    private Tariff tariff(ModelPrice price) {
        long input = peek.unseenInput() ? Ask.UNSEEN : peek.bodyBytes() + peek.extraInputTokens();
        int toolCalls = peek.serverTools() ? Ask.TOOL_CALLS * peek.requests() : 0;
        return new Tariff(
                price,
                new Ask(
                        input,
                        peek.requests(),
                        peek.choices(),
                        peek.outputCap(),
                        toolCalls,
                        peek.terms(),
                        peek.media()));
    }

    private static Amounts plus(Amounts a, Amounts b) {
        return new Amounts(
                1,
                a.inputTokens() + b.inputTokens(),
                a.outputTokens() + b.outputTokens(),
                a.nanoUsd() + b.nanoUsd());
    }

    private Result unpriced() {
        Claim denies = budget(policy -> policy.unpriced() == Policy.Unpriced.DENY);
        if (denies != null) {
            return new Result.Denied(new Refusal.Unpriced(whatHasNoPrice(), denies.limit().name()));
        }
        long flat = Demand.NO_FLAT_PRICE;
        for (Limit limit : limits) {
            if (limit.policy().unpriced() == Policy.Unpriced.FLAT) {
                flat = Math.max(flat, limit.policy().flatNanoUsd());
            }
        }
        return unpriced(flat);
    }

    private Result unpriced(long flatNanoUsd) {
        long nanoUsd = Math.max(0, flatNanoUsd);
        return quoted(new Demand(null, seen(nanoUsd), List.of(), flatNanoUsd, Plan.WHOLE, NO_CAP));
    }

    private String whatHasNoPrice() {
        if (endpoint.cost() == Endpoint.Cost.UNPRICED) {
            return "the endpoint " + endpoint.name();
        }
        return peek.unmetered()
                ? "an answer that does not tell what it used"
                : "the model \"" + peek.model() + "\"";
    }

    /** The first budget in force whose policy says no to such a call; null where none does. */
    private @Nullable Claim budget(Predicate<Policy> denies) {
        for (Claim claim : Claim.of(limits, subject, Amounts.NOTHING)) {
            Policy policy = claim.limit().policy();
            if (claim.isMoney() && !policy.shadow() && denies.test(policy)) {
                return claim;
            }
        }
        return null;
    }

    /** The most that a call without a price can use, as far as its body tells. */
    private Amounts seen(long nanoUsd) {
        long perChoice = peek.outputCap().orElse(lane.expectations().outputTokens(peek.model()));
        long output =
                Math.min(
                        Math.min(perChoice, MAX_OUTPUT_TOKENS) * peek.choices(), MAX_OUTPUT_TOKENS);
        return new Amounts(1, peek.bodyBytes() + peek.extraInputTokens(), output, nanoUsd);
    }

    private Result quoted(Demand demand) {
        Amounts worst = demand.worst();
        long input = Math.min(Math.ceilDiv(peek.bodyBytes(), BYTES_PER_TOKEN), worst.inputTokens());
        long expected = lane.expectations().outputTokens(peek.model()) * peek.choices();
        long output = Math.min(expected, worst.outputTokens());
        long nanoUsd = demand.plan() instanceof Plan.Slices s ? s.firstNanoUsd() : worst.nanoUsd();
        List<Claim> claims = new ArrayList<>();
        for (Claim claim : Claim.of(limits, subject, new Amounts(1, input, output, nanoUsd))) {
            if (!claim.isMoney() || claim.amount() > 0) {
                claims.add(fitted(claim, input));
            }
        }
        return new Result.Quoted(demand.claiming(claims));
    }

    /**
     * Expected output never makes a request larger than the bucket; input that is really there may.
     */
    private static Claim fitted(Claim claim, long inputTokens) {
        if (!(claim.meter() instanceof Meter.Rate rate) || rate.unit() == Unit.REQUESTS) {
            return claim;
        }
        long input = rate.unit() == Unit.OUTPUT_TOKENS ? 0 : inputTokens;
        long most = Math.max(input, rate.bucket().capacityTokens());
        long amount = Math.clamp(claim.amount(), input, most);
        return claim.withAmount(amount);
    }

    private static String header(HttpServerRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }
}
