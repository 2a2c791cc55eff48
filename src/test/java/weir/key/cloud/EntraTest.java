package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.key.ProofSource;
import weir.key.Secret;

/** Client credentials of Entra ID, and every way in which a token server can fail. */
final class EntraTest extends CloudBench {
    private static final String PATH = "/contoso.com/oauth2/v2.0/token";
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";

    private final ProofSource source =
            logins.source(entra(new Login.Client.Password(new Secret("s3cr3t&of=app"))));

    private Login.Entra entra(Login.Client client) {
        return new Login.Entra(server.at(PATH), "app-id", client, SCOPE);
    }

    @Test
    void aSecretBecomesAToken() {
        server.answers(200, token("eyJ0.s3cr3t.1", 3_599));
        assertEquals("eyJ0.s3cr3t.1", token(source));
        assertEquals("POST " + PATH, server.last().method() + " " + server.last().path());
        assertEquals(
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", "app-id",
                        "client_secret", "s3cr3t&of=app",
                        "scope", SCOPE),
                server.last().form());
    }

    @Test
    void aFederatedTokenBecomesAToken() {
        ProofSource federated =
                logins.source(
                        entra(new Login.Client.Federated(file("token", "eyJ0.s3cr3t.pod\n"))));
        server.answers(200, token("eyJ0.s3cr3t.2", 3_599));
        assertEquals("eyJ0.s3cr3t.2", token(federated));
        assertEquals(
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "app-id",
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        "eyJ0.s3cr3t.pod",
                        "scope",
                        SCOPE),
                server.last().form());
    }

    @Test
    void itIsAskedAgainAheadOfTheEnd() {
        server.answers(200, token("first", 3_599));
        assertEquals("first", token(source));
        server.answers(200, token("second", 3_599));
        now.addAndGet(3_599_000 - 5_000 - 240_000);
        assertEquals("first", token(source));
        now.addAndGet(240_000);
        assertEquals("second", token(source));
        assertEquals(2, server.asked().size());
    }

    /** A change elsewhere in weir.yaml makes equal logins, and those keep their token. */
    @Test
    void equalLoginsAreOneSource() {
        Login same = entra(new Login.Client.Password(new Secret("s3cr3t&of=app")));
        Login other = entra(new Login.Client.Password(new Secret("s3cr3t-rotated")));
        assertSame(source, logins.source(same));
        assertNotSame(source, logins.source(other));
    }

    @Test
    void refusalsAreNamed() {
        server.answers(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: s3cr3t\","
                        + "\"error_codes\":[7000215]}");
        assertEquals(
                "http://SERVER" + PATH + ": answered 401 (invalid_client, AADSTS7000215)",
                refusal(source));
    }

    @Test
    void aCodeThatIsNoWordIsNotRepeated() {
        for (String code : new String[] {"\"s3cr3t=1\"", "\"s3cr3t 2\"", "[\"s3cr3t\"]"}) {
            server.answers(400, "{\"error\":" + code + "}");
            now.addAndGet(30_000);
            assertEquals("http://SERVER" + PATH + ": answered 400", refusal(source));
        }
    }

    @Test
    void whatIsNoTokenIsSaid() {
        Map<String, String> bodies =
                Map.of(
                        "s3cr3t",
                        "the answer is not a JSON object",
                        "[\"s3cr3t\"]",
                        "the answer is not a JSON object",
                        "",
                        "the answer is not a JSON object",
                        "{\"access_token\":\"s3cr3t\"}",
                        "no expires_in in the answer",
                        "{\"expires_in\":1}",
                        "no access_token in the answer",
                        "{\"access_token\":7,\"expires_in\":1}",
                        "no access_token in the answer",
                        "{\"access_token\":\"s3cr3t\\r\\nx: y\",\"expires_in\":9}",
                        "access_token in the answer cannot be one",
                        "{\"access_token\":\"s3cr3t\",\"expires_in\":\"soon\"}",
                        "no expires_in in the answer",
                        "x".repeat(Outside.MAX_BYTES + 1),
                        "the answer is too long");
        bodies.forEach((body, why) -> {
            server.answers(200, body);
            now.addAndGet(30_000);
            assertEquals("http://SERVER" + PATH + ": " + why, refusal(source));
        });
    }

    @Test
    void whatHasExpiredIsNotUsed() {
        for (String seconds : new String[] {"0", "5", "-7", "\"0\"", "-9223372036854775808"}) {
            server.answers(200, "{\"access_token\":\"s3cr3t\",\"expires_in\":" + seconds + "}");
            now.addAndGet(30_000);
            assertTrue(refusal(source).contains("already expired"), seconds);
        }
    }

    @Test
    void brokenServersAreNamed() {
        server.answers(500, "<html>s3cr3t</html>");
        assertEquals("http://SERVER" + PATH + ": answered 500", refusal(source));
        server.answers(302, "");
        now.addAndGet(30_000);
        assertEquals("http://SERVER" + PATH + ": answered 302", refusal(source));
        server.answers(CloudServer.Reply.hangUp());
        now.addAndGet(30_000);
        String closed = refusal(source);
        assertTrue(closed.startsWith("http://SERVER" + PATH + ": no answer ("), closed);
    }

    @Test
    void slowServersAreNotWaitedFor() {
        Outside impatient = new Outside(vertx, environment::get, now::get, 300);
        ProofSource source =
                new Logins(impatient, failures::add)
                        .source(entra(new Login.Client.Password(new Secret("s3cr3t"))));
        String late = "http://SERVER" + PATH + ": no answer in 300 ms";
        server.answers(CloudServer.Reply.silence());
        assertEquals(late, refusal(source));
        server.answers(CloudServer.Reply.dripping());
        now.addAndGet(30_000);
        assertEquals(late, refusal(source));
    }

    @Test
    void nobodyThereIsSaid() {
        Login nowhere =
                new Login.Entra(
                        URI.create("http://127.0.0.1:1/t?x=s3cr3t"),
                        "a",
                        new Login.Client.Password(new Secret("s3cr3t")),
                        SCOPE);
        String message = refusal(logins.source(nowhere));
        assertTrue(message.startsWith("http://127.0.0.1:1/t: no answer ("), message);
    }

    @Test
    void aTokenFileThatIsNotThereIsNamed() {
        Login.Client client = new Login.Client.Federated(folder.resolve("none"));
        assertEquals("FOLDER/none is not there", refusal(logins.source(entra(client))));
    }

    private static String token(String token, long seconds) {
        return "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"ext_expires_in\":%d,"
                        .formatted(seconds, seconds)
                + "\"access_token\":\""
                + token
                + "\"}";
    }
}
