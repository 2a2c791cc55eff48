package weir.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import weir.usage.Kind;
import weir.usage.Usage;

final class ModelPriceTest {
    private static final int CASES = 100_000;

    /** Arithmetic without bounds is slow. */
    private static final int SLOW_CASES = 20_000;

    private static final long USD = 1_000_000_000;

    /** Input 2, output 10 USD per million; a call 1 cent; twice that from 100 tokens in. */
    private static final List<Step> STEPS =
            List.of(new Step(0, rates(2 * USD, 10 * USD)), new Step(100, rates(4 * USD, 20 * USD)));

    private static final ModelPrice PRICE =
            new ModelPrice(
                    STEPS,
                    Map.of(
                            "batch",
                            RateCard.times(STEPS, 500),
                            "fast",
                            RateCard.times(STEPS, 2000)),
                    Map.of("us", 1100),
                    1_000,
                    50);

    private final Dice dice = new Dice();

    private static Rates rates(long input, long output) {
        return Rates.of(Map.of(Kind.INPUT, input, Kind.OUTPUT, output, Kind.WEB_SEARCH, USD / 100));
    }

    @Test
    void wholeRequestIsPricedByTheStepThatItsInputReaches() {
        assertEquals(99 * 2_000, PRICE.costNanoUsd(Usage.ofTokens(99, 0), List.of()));
        assertEquals(100 * 4_000, PRICE.costNanoUsd(Usage.ofTokens(100, 0), List.of()));
        assertEquals(
                100 * 4_000 + 20_000,
                PRICE.costNanoUsd(
                        new Usage.Tally()
                                .set(Kind.CACHED_INPUT, 60)
                                .set(Kind.INPUT, 40)
                                .set(Kind.OUTPUT, 1)
                                .toUsage(),
                        List.of()));
    }

    @Test
    void termsChooseTierAndRegion() {
        Usage ten = Usage.ofTokens(10, 0);
        assertEquals(20_000, PRICE.costNanoUsd(ten, List.of("default")));
        assertEquals(20_000, PRICE.costNanoUsd(ten, List.of("auto", "standard", "scale")));
        assertEquals(10_000, PRICE.costNanoUsd(ten, List.of("batch")));
        assertEquals(10_000, PRICE.costNanoUsd(ten, List.of("batch", "standard")));
        assertEquals(40_000, PRICE.costNanoUsd(ten, List.of("fast")));
        assertEquals(40_000, PRICE.costNanoUsd(ten, List.of("fast", "batch")));
        assertEquals(22_000, PRICE.costNanoUsd(ten, List.of("us")));
        assertEquals(44_000, PRICE.costNanoUsd(ten, List.of("us", "fast")));
    }

    @Test
    void unknownTermsAreNeverGuessedDownward() {
        Usage ten = Usage.ofTokens(10, 0);
        assertEquals(20_000, PRICE.costNanoUsd(ten, List.of("flex")), "not priced, so no discount");
        assertEquals(22_000, PRICE.costNanoUsd(ten, List.of("eu")), "as other regions");
        for (String size : List.of("1080p", "4k", "1024x1792", "hd/1024x1792")) {
            assertEquals(20_000, PRICE.costNanoUsd(ten, List.of(size)), size);
        }
        assertEquals(44_000, PRICE.costNanoUsd(ten, List.of("turbo")), "the most there is");
        ModelPrice plain = new ModelPrice(STEPS, Map.of(), Map.of(), 1_000, 50);
        assertEquals(20_000, plain.costNanoUsd(ten, List.of("batch")));
        assertEquals(22_000, plain.costNanoUsd(ten, List.of("us")));
        assertEquals(22_000, plain.costNanoUsd(ten, List.of("turbo")));
    }

    @Test
    void callsAreNotMultipliedByTerms() {
        Usage search = Usage.of(Kind.WEB_SEARCH, 3);
        for (String term : List.of("batch", "fast", "us", "turbo")) {
            assertEquals(30_000_000, PRICE.costNanoUsd(search, List.of(term)), term);
        }
    }

    @Test
    void roundsUpOnceAtTheEnd() {
        ModelPrice third =
                new ModelPrice(
                        List.of(new Step(0, rates(1, 333_333))),
                        Map.of(),
                        Map.of("us", 1001),
                        1_000,
                        50);
        assertEquals(0, third.costNanoUsd(Usage.NONE, List.of("us")));
        assertEquals(1, third.costNanoUsd(Usage.ofTokens(1, 0), List.of()));
        assertEquals(1, third.costNanoUsd(Usage.ofTokens(1, 3), List.of()));
        assertEquals(2, third.costNanoUsd(Usage.ofTokens(2, 3), List.of()));
        assertEquals(2, third.costNanoUsd(Usage.ofTokens(1, 3), List.of("us")));
    }

    @Test
    void agreesWithArithmeticWithoutBounds() {
        for (int i = 0; i < SLOW_CASES; i++) {
            ModelPrice price = dice.priceOfCase(i);
            Usage usage = dice.usage();
            List<String> terms = dice.words();
            assertEquals(
                    reference(price, usage, terms),
                    price.costNanoUsd(usage, terms),
                    () -> dice.replay(List.of(price, usage, terms)));
        }
    }

    private static long reference(ModelPrice price, Usage usage, List<String> words) {
        Terms terms = Terms.read(words, price.cards().getFirst());
        long units = 18_000_000;
        BigInteger partsPerNano = BigInteger.valueOf(units * 1000);
        BigInteger dearest = BigInteger.ZERO;
        for (List<Step> tier : terms.tiers()) {
            Step reached =
                    tier.stream()
                            .filter(s -> s.fromInputTokens() <= usage.inputTokens())
                            .toList()
                            .getLast();
            BigInteger parts = BigInteger.ZERO;
            for (Kind kind : Kind.values()) {
                int factor = kind.side() == Kind.Side.CALLS ? 1000 : terms.upliftThousandths();
                parts =
                        parts.add(
                                BigInteger.valueOf(usage.amount(kind))
                                        .multiply(BigInteger.valueOf(reached.rates().nanoUsd(kind)))
                                        .multiply(BigInteger.valueOf(units / kind.per().units()))
                                        .multiply(BigInteger.valueOf(factor)));
            }
            BigInteger roundUp = partsPerNano.subtract(BigInteger.ONE);
            dearest = dearest.max(parts.add(roundUp).divide(partsPerNano));
        }
        return dearest.min(BigInteger.valueOf(Usd.MAX_NANO_USD)).longValueExact();
    }

    @Test
    void isMonotoneInEveryKind() {
        for (int i = 0; i < CASES; i++) {
            ModelPrice price = dice.priceOfCase(i);
            Usage less = dice.usage();
            Usage.Tally more = new Usage.Tally();
            for (Kind kind : Kind.values()) {
                more.set(kind, less.amount(kind));
            }
            Kind grown = Kind.values()[dice.random.nextInt(Kind.values().length)];
            more.add(grown, dice.upTo(1_000_000));
            List<String> terms = dice.words();
            assertTrue(
                    price.costNanoUsd(less, terms) <= price.costNanoUsd(more.toUsage(), terms),
                    () -> dice.replay(List.of(price, less, more.toUsage(), terms)));
        }
    }

    @Test
    void noUsageWithinTheAskCostsMoreThanItsQuote() {
        for (int i = 0; i < CASES; i++) {
            ModelPrice price = dice.priceOfCase(i);
            long cap = dice.upTo(2_000_000_000);
            Ask ask =
                    new Ask(
                            dice.coin() ? Ask.UNSEEN : dice.upTo(2_000_000_000),
                            1 + (int) dice.upTo(3),
                            1 + (int) dice.upTo(200),
                            dice.coin() ? OptionalLong.empty() : OptionalLong.of(cap),
                            (int) dice.upTo(40),
                            dice.words(),
                            dice.coin() ? Usage.NONE : dice.usage());
            Quote quote = price.quote(ask);
            Usage usage = within(price, ask);
            List<String> served = dice.coin() ? ask.terms() : List.of("default");
            assertTrue(usage.inputTokens() <= quote.inputTokens(), () -> dice.replay(ask));
            assertTrue(usage.outputTokens() <= quote.outputTokens(), () -> dice.replay(ask));
            assertTrue(
                    price.costNanoUsd(usage, served) <= quote.nanoUsd(),
                    () -> dice.replay(List.of(price, ask, usage, served, quote)));
        }
    }

    private Usage within(ModelPrice price, Ask ask) {
        long most = price.contextTokens() * ask.requests();
        boolean seen = ask.toolCalls() == 0 && ask.inputTokens() < most;
        long perChoice = Math.min(ask.outputCap().orElse(Long.MAX_VALUE), price.maxOutputTokens());
        Usage.Tally tally = new Usage.Tally();
        dice.spread(tally, Kind.Side.INPUT, seen ? ask.inputTokens() : most);
        dice.spread(tally, Kind.Side.OUTPUT, perChoice * ask.choices());
        dice.spread(tally, Kind.Side.CALLS, ask.toolCalls());
        for (Kind kind : Kind.values()) {
            if (kind.side() == Kind.Side.MEDIA) {
                tally.set(kind, dice.upTo(ask.media().amount(kind)));
            }
        }
        return tally.toUsage();
    }

    @Test
    void theLargestCapIsTheInverseOfAQuote() {
        for (int i = 0; i < CASES; i++) {
            ModelPrice price = dice.priceOfCase(i);
            long own = dice.upTo(2_000_000_000);
            Ask ask =
                    new Ask(
                            dice.upTo(2_000_000),
                            1 + (int) dice.upTo(200),
                            dice.coin() ? OptionalLong.empty() : OptionalLong.of(own),
                            0,
                            dice.words());
            long worst = price.quote(ask).nanoUsd();
            long nanoUsd = dice.coin() ? dice.upTo(Usd.MAX_NANO_USD) : dice.upTo(worst);
            long cap = price.largestCap(ask, nanoUsd);
            long most = Math.min(ask.outputCap().orElse(Long.MAX_VALUE), price.maxOutputTokens());
            String replay = dice.replay(List.of(price, ask, nanoUsd, cap));
            assertTrue(cap >= -1 && cap <= most, replay);
            assertTrue(cap < 0 || quoteAt(price, ask, cap) <= nanoUsd, replay);
            assertTrue(cap == most || nanoUsd < quoteAt(price, ask, cap + 1), replay);
        }
    }

    private static long quoteAt(ModelPrice price, Ask ask, long cap) {
        return price.quote(ask.withOutputCap(cap)).nanoUsd();
    }

    @Test
    void quoteOfAnOrdinaryRequestIsNoMoreThanItMustBe() {
        Ask ask = new Ask(90, 2, OptionalLong.of(7), 0, List.of());
        assertEquals(new Quote(90, 14, 90 * 2_000 + 14 * 10_000), PRICE.quote(ask));
        assertEquals(
                new Quote(1_000, 50, 1_000 * 4_000 + 50 * 20_000),
                PRICE.quote(new Ask(Ask.UNSEEN, 1, OptionalLong.empty(), 0, List.of("auto"))));
        assertEquals(
                new Quote(1_000, 7, 1_000 * 4_000 + 7 * 20_000 + 3 * 10_000_000),
                PRICE.quote(new Ask(90, 1, OptionalLong.of(7), 3, List.of())));
    }

    @Test
    void quoteTakesSurchargesAndNoDiscounts() {
        Ask batch = new Ask(90, 1, OptionalLong.of(0), 0, List.of("batch"));
        assertEquals(90 * 2_000, PRICE.quote(batch).nanoUsd());
        Ask fast = new Ask(90, 1, OptionalLong.of(0), 0, List.of("fast", "us"));
        assertEquals(90 * 4_400, PRICE.quote(fast).nanoUsd());
    }

    @Test
    void refusesWhatCannotBeAPrice() {
        Rates rates = rates(1, 1);
        List<Step> late = List.of(new Step(1, rates));
        List<Step> twice = List.of(new Step(0, rates), new Step(0, rates));
        assertRefused(() -> new ModelPrice(List.of(), Map.of(), Map.of(), 1, 1));
        assertRefused(() -> new ModelPrice(late, Map.of(), Map.of(), 1, 1));
        assertRefused(() -> new ModelPrice(twice, Map.of(), Map.of(), 1, 1));
        assertRefused(() -> new ModelPrice(STEPS, Map.of("batch", late), Map.of(), 1, 1));
        assertRefused(() -> new ModelPrice(STEPS, Map.of(), Map.of("us", 999), 1, 1));
        assertRefused(() -> new ModelPrice(STEPS, Map.of(), Map.of("us", 2001), 1, 1));
        assertRefused(() -> new ModelPrice(STEPS, Map.of(), Map.of(), 0, 1));
        assertRefused(() -> new ModelPrice(STEPS, Map.of(), Map.of(), 1, -1));
        assertRefused(() -> new Ask(-1, 1, OptionalLong.empty(), 0, List.of()));
        assertRefused(() -> new Ask(1, 0, OptionalLong.empty(), 0, List.of()));
    }

    private static void assertRefused(Executable made) {
        assertThrows(IllegalArgumentException.class, made);
    }
}
