package weir.key.cloud;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** Client credentials of Microsoft Entra ID: a secret, or workload identity federation. */
record EntraApplication(Outside outside, Login.Entra login) implements Issuer {
    private static final String BY_TOKEN = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    @Override
    public Future<Issued> issue() {
        return switch (login.client()) {
            case Login.Client.Password password ->
                    ask(Map.of("client_secret", password.secret().reveal()));
            case Login.Client.Federated federated ->
                    outside.token(federated.tokenFile())
                            .compose(token ->
                                    ask(
                                            Map.of(
                                                    "client_assertion_type", BY_TOKEN,
                                                    "client_assertion", token)));
        };
    }

    private Future<Issued> ask(Map<String, String> shown) {
        Map<String, String> form = new HashMap<>(shown);
        form.put("grant_type", "client_credentials");
        form.put("client_id", login.clientId());
        form.put("scope", login.scope());
        return outside.post(login.tokenEndpoint(), form)
                .map(answer -> Issued.oauth(answer, outside.nowMillis()));
    }
}
