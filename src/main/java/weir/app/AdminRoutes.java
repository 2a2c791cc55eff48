package weir.app;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.admin.LimitsView;
import weir.admin.LimitsView.Shown;
import weir.admin.ProvidersView;

/**
 * What operators may ask on the admin port, all of it JSON and behind the token of {@code
 * weir.admin.token}.
 *
 * <pre>
 * GET /admin/limits             which limits there are, and which values name a counter of each
 * GET /admin/limits/NAME?key=…  how the counter of these values stands now
 * GET /admin/providers          what each vendor lets a program manage, and what Weir adds
 * </pre>
 */
@Singleton
public final class AdminRoutes {
    private static final String SCHEME = "Bearer ";

    private final Lifecycle lifecycle;
    private final Optional<String> token;

    public AdminRoutes(Lifecycle lifecycle, WeirConfig config) {
        this.lifecycle = lifecycle;
        this.token = config.admin().token().filter(t -> !t.isBlank());
    }

    void register(@Observes Router router) {
        router.route("/admin/*").handler(this::authorise);
        router.get("/admin/limits").handler(this::limits);
        router.get("/admin/limits/:name").handler(this::limit);
        router.get("/admin/providers").handler(c -> send(c, 200, ProvidersView.all()));
        router.route("/admin/*").handler(c -> fail(c, 404, "There is nothing at this path."));
    }

    private void authorise(RoutingContext context) {
        String sent = context.request().getHeader("authorization");
        if (token.isEmpty()) {
            fail(context, 403, "Administration is off: weir.admin.token is not set.");
        } else if (sent == null || !sent.startsWith(SCHEME) || !isToken(sent)) {
            context.response().putHeader("www-authenticate", "Bearer");
            fail(context, 401, "Send the token of weir.admin.token as a bearer token.");
        } else {
            context.next();
        }
    }

    /** In constant time: how far a guess is right must not show. */
    private boolean isToken(String header) {
        byte[] sent = header.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        byte[] right = token.orElseThrow().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sent, right);
    }

    private void limits(RoutingContext context) {
        LimitsView view = lifecycle.limits();
        if (view == null) {
            fail(context, 503, "Weir is starting.");
        } else {
            send(context, 200, new JsonObject().put("limits", new JsonArray(view.all().getList())));
        }
    }

    private void limit(RoutingContext context) {
        LimitsView view = lifecycle.limits();
        if (view == null) {
            fail(context, 503, "Weir is starting.");
            return;
        }
        Future<Shown> shown =
                view.one(
                        String.valueOf(context.pathParam("name")),
                        name -> parameter(context, name));
        shown.onSuccess(what -> show(context, what)).onFailure(context::fail);
    }

    private static @Nullable String parameter(RoutingContext context, String name) {
        return context.queryParams().get(name);
    }

    private static void show(RoutingContext context, Shown shown) {
        switch (shown) {
            case Shown.Counters counters -> send(context, 200, counters.json());
            case Shown.NoSuchLimit none -> fail(context, 404, "There is no limit of this name.");
            case Shown.Incomplete incomplete ->
                    fail(
                            context,
                            400,
                            "Say which counter, by these parameters: "
                                    + String.join(", ", incomplete.missing()));
            case Shown.Unavailable away -> fail(context, 503, "The ledger: " + away.why());
        }
    }

    private static void fail(RoutingContext context, int status, String message) {
        send(context, status, new JsonObject().put("error", message));
    }

    private static void send(RoutingContext context, int status, JsonObject body) {
        HttpServerResponse response = context.response();
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store");
        Future<Void> unused = response.end(body.encodePrettily() + "\n");
    }
}
