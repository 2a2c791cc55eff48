package weir.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import weir.key.Proof;
import weir.key.Secret;

/** Requests on their way out, for tests that look at their credentials. */
final class Outgoings {
    private Outgoings() {}

    /** Puts a secret into these headers. */
    static void authorise(Provider provider, MultiMap headers, String secret) {
        provider.authorise(
                new Outgoing(HttpMethod.POST, "api.example", "/", headers, List.of()),
                new Proof.Token(new Secret(secret)));
    }
}
