package weir.app.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.limit.Glob;
import weir.price.ModelPrice;
import weir.price.PriceBook;
import weir.price.Rates;
import weir.price.Step;
import weir.proxy.Upstream;
import weir.usage.Kind;

/**
 * {@code prices:} what goes before the price book of the program: models that stand here, over
 * those of a price file (in the format of the book, see {@link PriceBookReader}), which is watched
 * like weir.yaml itself.
 */
final class PriceSection {
    /** Many times the program's own book. */
    static final int MAX_FILE_BYTES = 16 << 20;

    /** Each is a pattern that a look-up may have to try. */
    static final int MAX_MODELS = 1_000;

    private static final List<String> KEYS = List.of("file", "models");
    private static final List<String> ITEM = item();

    private final Map<String, Upstream> upstreams;
    private final PriceBook below;
    private final Map<String, Map<String, ModelPrice>> byProvider = new HashMap<>();

    PriceSection(Map<String, Upstream> upstreams, PriceBook below) {
        this.upstreams = upstreams;
        this.below = below;
    }

    private static List<String> item() {
        List<String> keys = new ArrayList<>(List.of("provider", "model", "as"));
        keys.addAll(List.of("context", "max-output"));
        PriceWords.all().forEach(keys::add);
        return List.copyOf(keys);
    }

    /** The program's book with these over it. */
    PriceBook read(Value section) {
        Fields fields = section.fields(KEYS);
        if (fields == null) {
            return below;
        }
        PriceBook base = below;
        Value file = fields.find("file");
        PriceBook own = file == null ? null : file(file);
        if (own != null) {
            base = own.over(below);
        }
        Value models = fields.find("models");
        if (models == null || models.isEmpty()) {
            return base;
        }
        List<Value> items = models.items("a list of models with their prices");
        if (items != null && items.size() > MAX_MODELS) {
            models.error(items.size() + " models", "at most " + MAX_MODELS + "; more in a file");
            return base;
        }
        for (Value item : items == null ? List.<Value>of() : items) {
            model(item, base);
        }
        return new PriceBook(base.date(), byProvider).over(base);
    }

    private static @Nullable PriceBook file(Value value) {
        String text = value.parse(Scalars.LABEL);
        Path path = text == null ? null : value.source().resolve(text);
        if (path == null) {
            return null;
        }
        try {
            byte[] bytes = value.source().read(path, MAX_FILE_BYTES);
            if (bytes == null) {
                value.error("a file of more than 16 MiB", "a price file");
                return null;
            }
            return PriceBookReader.read(new ByteArrayInputStream(bytes));
        } catch (StrictJson.Refused e) {
            value.source()
                    .problems()
                    .errorIn(path.toString(), e.line(), e.field(), e.found(), e.allowed());
        } catch (IOException e) {
            value.error("no file that can be read", "a readable file");
        }
        return null;
    }

    private void model(Value item, PriceBook base) {
        Fields fields = item.fields(ITEM);
        if (fields == null) {
            return;
        }
        String provider = fields.require("provider", Scalars.PROVIDER_NAME);
        Value models = fields.require("model", Scalars.GLOB.allowed());
        List<Glob> names = Globs.read(models);
        ModelPrice price = fields.has("as") ? same(fields, provider, base) : priced(fields);
        if (provider == null || names.isEmpty() || price == null) {
            return;
        }
        if (!isKnown(provider)) {
            item.warn("\"" + provider + "\" is no provider of this file");
        }
        for (Glob name : names) {
            ModelPrice earlier =
                    byProvider
                            .computeIfAbsent(provider, p -> new LinkedHashMap<>())
                            .putIfAbsent(name.pattern(), price);
            if (earlier != null) {
                item.error("a second price of " + Value.quoted(name.pattern()), "one");
            }
        }
    }

    private boolean isKnown(String provider) {
        return upstreams.values().stream()
                .anyMatch(u -> u.name().equals(provider) || u.provider().name().equals(provider));
    }

    /** What another model costs, for names that hide the model: a deployment, an agent, an ARN. */
    private @Nullable ModelPrice same(Fields fields, @Nullable String provider, PriceBook base) {
        for (String key : ITEM.subList(ITEM.indexOf("as") + 1, ITEM.size())) {
            Value extra = fields.find(key);
            if (extra != null) {
                extra.error("a price beside as", "either as, or prices");
            }
        }
        Value as = fields.require("as", Scalars.LABEL.allowed());
        String model = as == null ? null : as.parse(Scalars.LABEL);
        if (as == null || model == null || provider == null) {
            return null;
        }
        Upstream upstream = upstreams.get(provider);
        String vendor = upstream == null ? provider : upstream.provider().name();
        ModelPrice price = base.find(provider, vendor, model);
        if (price == null) {
            as.error(as.shown(), "a model that the price book knows of " + vendor);
        }
        return price;
    }

    private static @Nullable ModelPrice priced(Fields fields) {
        Map<Kind, Long> usd = new EnumMap<>(Kind.class);
        boolean wrong = false;
        for (String word : PriceWords.all()) {
            Long nanoUsd = fields.get(word, Scalars.PRICE);
            Kind kind = PriceWords.kind(word);
            if (nanoUsd != null && kind != null) {
                usd.put(kind, nanoUsd);
            }
            wrong |= nanoUsd == null && fields.has(word);
        }
        if (usd.isEmpty() && !wrong) {
            fields.missing("input", "a price, such as input and output, or as");
        }
        boolean tokens = usd.keySet().stream().anyMatch(PriceSection::isToken);
        Long context = bound(fields, "context", tokens, RateCardReader.MAX_TOKENS);
        Long output = bound(fields, "max-output", tokens, 0L);
        if (usd.isEmpty() || wrong || context == null || output == null) {
            return null;
        }
        if (context < 1) {
            fields.map().error("a context of 0 tokens", "1 or more");
            return null;
        }
        List<Step> steps = List.of(new Step(0, Rates.of(usd)));
        return new ModelPrice(steps, Map.of(), Map.of(), context, output);
    }

    /** Needed where tokens are billed: a hard budget rests on it. */
    private static @Nullable Long bound(Fields fields, String key, boolean needed, long unless) {
        if (!needed && !fields.has(key)) {
            return unless;
        }
        return fields.require(key, Scalars.TOKENS);
    }

    private static boolean isToken(Kind kind) {
        return kind.side() == Kind.Side.INPUT || kind.side() == Kind.Side.OUTPUT;
    }
}
