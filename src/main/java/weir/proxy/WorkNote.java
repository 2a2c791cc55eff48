package weir.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.key.Caller;
import weir.key.VirtualKey;
import weir.ledger.Entrusted;
import weir.limit.Amounts;
import weir.price.ModelPrice;
import weir.price.Shelf;
import weir.provider.Endpoint;
import weir.provider.Endpoint.Cost;
import weir.provider.Job;
import weir.provider.Peek;
import weir.usage.Kind;
import weir.usage.Usage;

/**
 * What is noted of {@link Work} for other sidecars, as JSON. Secrets stay out of it: whoever takes
 * the work over has credentials of its own for the account. So do prices: whoever takes it over
 * looks them up, as of when the work began.
 *
 * @param entrusted what is held for it
 */
record WorkNote(Work work, Entrusted entrusted) {
    private static final int VERSION = 1;

    /**
     * What later questions say of who asks, and in which version of the API; all else is left out.
     */
    private static final List<String> HEADERS =
            List.of(
                    "accept-encoding",
                    "anthropic-beta",
                    "anthropic-version",
                    "openai-beta",
                    "openai-organization",
                    "openai-project",
                    "user-agent");

    private static final List<String> PARAMETERS = List.of("api-version", "beta");

    /** Visible, and no fragment: what may stand in a request line. */
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");

    String toJson() {
        Peek peek = work.peek();
        Amounts worst = work.demand().worst();
        return new JsonObject()
                .put("version", VERSION)
                .put("request_id", work.requestId())
                .put("tenant", work.caller().tenant())
                .put("key", work.caller().key())
                .put("target", withoutSecrets(work.target()))
                .put("headers", headers(work.headers()))
                .put("place", work.job().place())
                .put("read_as", json(work.job().readAs()))
                .put("endpoint", json(work.endpoint()))
                .put("model", peek.model())
                .put("requests", peek.requests())
                .put("choices", peek.choices())
                .put("server_tools", peek.serverTools())
                .put("media", media(peek.media()))
                .put("terms", new JsonArray(peek.terms()))
                .put("other_models", new JsonArray(peek.otherModels()))
                .put("worst", json(worst))
                .put("flat_nano_usd", work.demand().flatNanoUsd())
                .put("began_ms", work.beganMillis())
                .put("ends_ms", work.endsMillis())
                .put("reservation", entrusted.id())
                .put("deadline_ms", entrusted.deadlineMillis())
                .put("held", held(entrusted))
                .encode();
    }

    /**
     * Null for a note that this sidecar cannot follow: of a later version, or of a model that has
     * no price here, so that its cost would be guessed.
     *
     * @param account that the note was found under
     */
    static @Nullable WorkNote read(String json, Rules rules, Account account) {
        try {
            JsonObject note = new JsonObject(json);
            return note.getInteger("version") == VERSION ? read(note, rules, account) : null;
        } catch (RuntimeException malformed) {
            // Whoever wrote it, and whatever is wrong with it: it is nothing to follow.
            return null;
        }
    }

    private static @Nullable WorkNote read(JsonObject note, Rules rules, Account account) {
        Instant began = Instant.ofEpochMilli(note.getLong("began_ms"));
        Instant ends = Instant.ofEpochMilli(note.getLong("ends_ms"));
        Shelf shelf = rules.shelf(account.upstream(), began);
        Peek peek = peek(note);
        ModelPrice price = shelf.find(peek.model(), ends);
        Demand demand = demand(note, price);
        if (price == null && demand.flatNanoUsd() < 0 && demand.worst().nanoUsd() > 0) {
            return null;
        }
        Work work =
                new Work(
                        text(note, "request_id"),
                        new Job(text(note, "place"), endpoint(note.getJsonArray("read_as"))),
                        new Caller(
                                text(note, "key"),
                                text(note, "tenant"),
                                Map.of(),
                                List.of(),
                                List.of(),
                                1),
                        account,
                        text(note, "target"),
                        headers(note.getJsonArray("headers")),
                        Objects.requireNonNull(endpoint(note.getJsonArray("endpoint"))),
                        peek,
                        demand,
                        shelf,
                        began.toEpochMilli(),
                        ends.toEpochMilli());
        return new WorkNote(checked(work), held(note));
    }

    private static Peek peek(JsonObject note) {
        return new Peek(
                text(note, "model"),
                false,
                0,
                OptionalLong.empty(),
                count(note, "requests"),
                count(note, "choices"),
                0,
                false,
                note.getBoolean("server_tools"),
                media(note.getJsonObject("media")),
                texts(note, "terms"),
                false,
                texts(note, "other_models"),
                false,
                null,
                null);
    }

    private static String text(JsonObject note, String of) {
        return Objects.requireNonNull(note.getString(of));
    }

    private static String text(JsonArray list, int at) {
        return Objects.requireNonNull(list.getString(at));
    }

    private static List<String> texts(JsonObject note, String of) {
        return note.getJsonArray(of).stream().map(String.class::cast).toList();
    }

    private static int count(JsonObject note, String of) {
        int count = note.getInteger(of);
        if (count < 1) {
            throw new IllegalArgumentException(of + " from 1");
        }
        return count;
    }

    private static Demand demand(JsonObject note, @Nullable ModelPrice price) {
        JsonArray worst = note.getJsonArray("worst");
        return new Demand(
                price,
                new Amounts(worst.getLong(0), worst.getLong(1), worst.getLong(2), worst.getLong(3)),
                List.of(),
                note.getLong("flat_nano_usd"),
                Plan.WHOLE,
                OptionalLong.empty());
    }

    private static JsonArray json(Amounts amounts) {
        return JsonArray.of(
                amounts.requests(),
                amounts.inputTokens(),
                amounts.outputTokens(),
                amounts.nanoUsd());
    }

    private static @Nullable JsonArray json(@Nullable Endpoint endpoint) {
        return endpoint == null
                ? null
                : JsonArray.of(
                        endpoint.name(), endpoint.cost().name(), endpoint.lasts().toMillis());
    }

    private static @Nullable Endpoint endpoint(@Nullable JsonArray json) {
        return json == null
                ? null
                : new Endpoint(
                        text(json, 0),
                        Cost.valueOf(json.getString(1)),
                        Duration.ofMillis(json.getLong(2)));
    }

    private static String withoutSecrets(String target) {
        int query = target.indexOf('?');
        if (query < 0) {
            return target;
        }
        String kept =
                Arrays.stream(target.substring(query + 1).split("&"))
                        .filter(pair -> PARAMETERS.contains(pair.split("=", 2)[0]))
                        .collect(Collectors.joining("&"));
        return target.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
    }

    /**
     * A place within the account, as Weir itself would have noted it.
     *
     * @throws IllegalArgumentException if it might be anywhere else
     */
    private static Work checked(Work work) {
        String place = work.place(work.job());
        if (!TARGET.matcher(place).matches()
                || Paths.isAmbiguous(Paths.withoutQuery(place), false)
                || !place.equals(withoutSecrets(place))) {
            throw new IllegalArgumentException("no place of work: " + place);
        }
        return work;
    }

    private static JsonArray headers(MultiMap headers) {
        JsonArray json = new JsonArray();
        for (String name : HEADERS) {
            for (String value : headers.getAll(name)) {
                if (!value.contains(VirtualKey.PREFIX)) {
                    json.add(name).add(value);
                }
            }
        }
        return json;
    }

    private static MultiMap headers(JsonArray json) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i + 1 < json.size(); i += 2) {
            if (HEADERS.contains(text(json, i))) {
                headers.add(text(json, i), text(json, i + 1));
            }
        }
        return headers;
    }

    private static JsonObject media(Usage media) {
        JsonObject json = new JsonObject();
        for (Kind kind : Kind.ALL) {
            if (media.amount(kind) > 0) {
                json.put(kind.name(), media.amount(kind));
            }
        }
        return json;
    }

    private static Usage media(JsonObject json) {
        Usage.Tally tally = new Usage.Tally();
        json.fieldNames().forEach(name -> tally.set(Kind.valueOf(name), json.getLong(name)));
        return tally.toUsage();
    }

    private static JsonArray held(Entrusted entrusted) {
        JsonArray json = new JsonArray();
        entrusted
                .held()
                .forEach(h ->
                        json.add(JsonArray.of(h.tag(), h.key(), h.windowEndMillis(), h.nanoUsd())));
        return json;
    }

    private static Entrusted held(JsonObject note) {
        return new Entrusted(
                text(note, "reservation"),
                note.getLong("deadline_ms"),
                note.getJsonArray("held").stream()
                        .map(JsonArray.class::cast)
                        .map(h ->
                                new Entrusted.Held(
                                        text(h, 0), text(h, 1), h.getLong(2), h.getLong(3)))
                        .toList());
    }
}
