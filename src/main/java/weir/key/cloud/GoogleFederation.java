package weir.key.cloud;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import weir.key.Proof;

/**
 * Workload identity federation: somebody else's token in a file, for one of Google's (RFC 8693),
 * and that for one of a service account where the configuration names one.
 */
record GoogleFederation(Outside outside, Login.GoogleFederation login) implements Issuer {
    private static final String URN = "urn:ietf:params:oauth:";

    @Override
    public Future<Issued> issue() {
        URI impersonation = login.impersonation();
        Future<Issued> federated =
                subject()
                        .compose(token ->
                                outside.post(
                                        login.tokenEndpoint(),
                                        Map.of(
                                                "grant_type",
                                                URN + "grant-type:token-exchange",
                                                "requested_token_type",
                                                URN + "token-type:access_token",
                                                "audience",
                                                login.audience(),
                                                "scope",
                                                GoogleServiceAccount.SCOPE,
                                                "subject_token_type",
                                                login.tokenType(),
                                                "subject_token",
                                                token)))
                        .map(answer -> Issued.oauth(answer, outside.nowMillis()));
        return impersonation == null
                ? federated
                : federated.compose(issued -> impersonated(impersonation, issued.proof()));
    }

    private Future<String> subject() {
        String field = login.tokenField();
        if (field == null) {
            return outside.token(login.tokenFile());
        }
        return outside.fileIfAny(login.tokenFile())
                .map(text -> {
                    if (parsed(text.orElse("")).getValue(field) instanceof String token) {
                        return token;
                    }
                    throw new ProofException(login.tokenFile() + " holds no token in " + field);
                });
    }

    private static JsonObject parsed(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    /** IAM's generateAccessToken. */
    private Future<Issued> impersonated(URI account, Proof federated) {
        if (!(federated instanceof Proof.Token token)) {
            throw new IllegalStateException("OAuth gives tokens");
        }
        JsonObject ask =
                new JsonObject().put("scope", new JsonArray().add(GoogleServiceAccount.SCOPE));
        return outside.post(
                        account,
                        Map.of(
                                "authorization",
                                "Bearer " + token.value().reveal(),
                                "content-type",
                                "application/json"),
                        ask.encode())
                .map(answer -> {
                    Answer.Json json = answer.json();
                    return new Issued(
                            new Proof.Token(json.secret("accessToken")),
                            Issued.moment(json.text("expireTime"), answer.from()));
                });
    }
}
