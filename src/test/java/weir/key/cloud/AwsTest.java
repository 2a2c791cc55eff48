package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.key.Proof;
import weir.key.ProofSource;
import weir.key.Secret;

/** AWS keys from each place that its SDKs know, in their order. */
final class AwsTest extends CloudBench {
    /** As the API reference of STS shows it, shortened. */
    static final String STS =
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult>
                <SubjectFromWebIdentityToken>system:serviceaccount:a:b</SubjectFromWebIdentityToken>
                <AssumedRoleUser>
                  <Arn>arn:aws:sts::123456789012:assumed-role/weir/weir</Arn>
                  <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:weir</AssumedRoleId>
                </AssumedRoleUser>
                <Credentials>
                  <SessionToken>s3cr3t-session+/==</SessionToken>
                  <SecretAccessKey>s3cr3t-key</SecretAccessKey>
                  <Expiration>%s</Expiration>
                  <AccessKeyId>ASIAROLE</AccessKeyId>
                </Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """;

    private static final String CONTAINER =
            """
            {"AccessKeyId":"ASIAPOD","SecretAccessKey":"s3cr3t-key","Token":"s3cr3t-session",
             "Expiration":"%s","RoleArn":"arn:aws:iam::1:role/r"}
            """;

    static final Proof ROLE =
            new Proof.AwsKeys(
                    "ASIAROLE", new Secret("s3cr3t-key"), new Secret("s3cr3t-session+/=="));
    private static final Proof POD =
            new Proof.AwsKeys("ASIAPOD", new Secret("s3cr3t-key"), new Secret("s3cr3t-session"));

    private ProofSource source() {
        return logins.source(new Login.Aws());
    }

    @BeforeEach
    void nobodysHome() {
        environment.put("HOME", folder.toString());
    }

    @Test
    void variablesComeFirst() {
        everything();
        assertEquals(
                new Proof.AwsKeys("AKIAENV", new Secret("s3cr3t-env"), new Secret("s3cr3t-t")),
                proof(source()));
        environment.remove("AWS_SESSION_TOKEN");
        assertEquals(
                new Proof.AwsKeys("AKIAENV", new Secret("s3cr3t-env"), null),
                proof(new Logins(outside(), failures::add).source(new Login.Aws())));
        assertTrue(server.asked().isEmpty());
    }

    @Test
    void thenTheWebIdentity() {
        everything();
        environment.remove("AWS_SECRET_ACCESS_KEY");
        server.answers(200, STS.formatted(inSeconds(3_600)));
        assertEquals(ROLE, proof(source()));
        CloudServer.Asked asked = server.last();
        assertEquals("POST /", asked.method() + " " + asked.path());
        assertEquals(
                Map.of(
                        "Action", "AssumeRoleWithWebIdentity",
                        "Version", "2011-06-15",
                        "RoleArn", "arn:aws:iam::1:role/weir",
                        "RoleSessionName", "checkout-7d9",
                        "WebIdentityToken", "s3cr3t.web.identity"),
                asked.form());
        assertEquals("application/x-www-form-urlencoded", asked.header("content-type"));
        assertNull(asked.header("authorization"));
    }

    @Test
    void thenTheSharedFiles() {
        everything();
        environment.keySet().removeAll(Set.of("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"));
        assertEquals(
                new Proof.AwsKeys("AKIAFILE", new Secret("s3cr3t-file"), null), proof(source()));
        assertTrue(server.asked().isEmpty());
    }

    @Test
    void thenTheContainersEndpoint() {
        everything();
        environment
                .keySet()
                .removeAll(
                        Set.of(
                                "AWS_ACCESS_KEY_ID",
                                "AWS_WEB_IDENTITY_TOKEN_FILE",
                                "AWS_SHARED_CREDENTIALS_FILE"));
        server.answers(200, CONTAINER.formatted(inSeconds(3_600)));
        assertEquals(POD, proof(source()));
        CloudServer.Asked asked = server.last();
        assertEquals("GET /v1/credentials", asked.method() + " " + asked.path());
        assertEquals("s3cr3t.pod.identity", asked.header("authorization"));
    }

    @Test
    void nothingAtAllSaysWhereItLooked() {
        String message = refusal(source());
        assertTrue(message.startsWith("no AWS credentials: neither AWS_ACCESS_KEY_ID"), message);
        assertTrue(message.endsWith("none for profile default"), message);
    }

    /** The kubelet and the EKS agent rotate both tokens: each login reads its file. */
    @Test
    void tokenFilesAreReadAnew() {
        everything();
        environment.remove("AWS_ACCESS_KEY_ID");
        server.answers(200, STS.formatted(inSeconds(3_600)));
        ProofSource source = source();
        assertEquals(ROLE, proof(source));
        file("web", "s3cr3t.rotated");
        now.addAndGet(3_600_000);
        server.answers(200, STS.formatted(inSeconds(7_200)));
        assertEquals(ROLE, proof(source));
        assertEquals("s3cr3t.rotated", server.last().form().get("WebIdentityToken"));
        assertEquals(2, server.asked().size());
    }

    @Test
    void stsIsTheRegions() {
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
        environment.put("AWS_ROLE_ARN", "r");
        assertEquals(URI.create("https://sts.amazonaws.com/"), sts());
        environment.put("AWS_DEFAULT_REGION", "cn-north-1");
        assertEquals(URI.create("https://sts.cn-north-1.amazonaws.com.cn/"), sts());
        environment.put("AWS_REGION", "eu-central-1");
        assertEquals(URI.create("https://sts.eu-central-1.amazonaws.com/"), sts());
        environment.put("AWS_REGION", "evil.example/");
        assertEquals("the AWS region is not one", refusal(source()));
    }

    @Test
    void aRoleNeedsItsName() {
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
        assertEquals(
                "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not", refusal(source()));
    }

    @Test
    void keysMayOnlyComeFromNearbyWithoutTls() {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/creds");
        assertEquals(URI.create("http://169.254.170.23/v1/creds"), endpoint());
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/creds");
        assertEquals(URI.create("http://[fd00:ec2::23]/v1/creds"), endpoint());
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://keys.example/v1/creds");
        assertEquals(URI.create("https://keys.example/v1/creds"), endpoint());
        for (String far :
                List.of(
                        "http://keys.example/",
                        "http://127.0.0.1.evil.example/",
                        "http://[::2]/")) {
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", far);
            assertEquals(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine",
                    refusal(new Logins(outside(), failures::add).source(new Login.Aws())));
        }
        environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/uuid");
        assertEquals(URI.create("http://169.254.170.2/v2/credentials/uuid"), endpoint());
    }

    @Test
    void variablesThatAreNoUrlsAreNamed() {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "ftp://localhost");
        ProofSource source = source();
        assertEquals(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL of http or https",
                refusal(source));
        environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", " of s3cr3t");
        assertEquals("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a URL", refusalLater(source));
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
        environment.put("AWS_ROLE_ARN", "r");
        environment.put("AWS_ENDPOINT_URL_STS", "s3cr3t and a space");
        assertEquals("AWS_ENDPOINT_URL_STS is not a URL", refusalLater(source));
    }

    @Test
    void failuresOfStsAreClear() {
        everything();
        environment.remove("AWS_ACCESS_KEY_ID");
        server.answers(
                400,
                "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException</Code>"
                        + "<Message>s3cr3t.web.identity</Message></Error></ErrorResponse>");
        ProofSource source = source();
        assertEquals("http://SERVER/: answered 400 (ExpiredTokenException)", refusal(source));
        server.answers(200, "<html>s3cr3t</html>");
        assertEquals("http://SERVER/: no AccessKeyId in the answer", refusalLater(source));
        server.answers(200, STS.formatted("soon, s3cr3t"));
        assertEquals(
                "http://SERVER/: the expiry in the answer is not a date and time",
                refusalLater(source));
        server.answers(200, STS.formatted(inSeconds(95)));
        assertTrue(refusalLater(source).contains("already expired"));
        file("web", "");
        assertEquals("FOLDER/web does not hold a token", refusalLater(source));
    }

    @Test
    void failuresOfTheContainersEndpointAreClear() {
        environment.put(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", server.at("/v1/credentials").toString());
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "s3cr3t.static");
        server.answers(403, "{\"code\":\"AccessDenied\",\"message\":\"s3cr3t.static\"}");
        ProofSource source = source();
        assertEquals("http://SERVER/v1/credentials: answered 403 (AccessDenied)", refusal(source));
        assertEquals("s3cr3t.static", server.last().header("authorization"));
        server.answers(200, CONTAINER.replace("Token", "Tok").formatted(inSeconds(3_600)));
        assertEquals("http://SERVER/v1/credentials: no Token in the answer", refusalLater(source));
        environment.put(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder.resolve("none").toString());
        assertEquals("FOLDER/none is not there", refusalLater(source));
    }

    private String refusalLater(ProofSource source) {
        now.addAndGet(30_000);
        return refusal(source);
    }

    private Outside outside() {
        return new Outside(vertx, environment::get, now::get, DEADLINE_MILLIS);
    }

    private URI sts() {
        return Objects.requireNonNull(AwsWebIdentity.ofVariables(outside())).sts();
    }

    private URI endpoint() {
        return Objects.requireNonNull(AwsContainer.endpoint(outside()));
    }

    static String inSeconds(long seconds) {
        return Instant.ofEpochMilli(NOW).plusSeconds(seconds).toString();
    }

    /** All places at once. */
    private void everything() {
        environment.put("AWS_ACCESS_KEY_ID", "AKIAENV");
        environment.put("AWS_SECRET_ACCESS_KEY", "s3cr3t-env");
        environment.put("AWS_SESSION_TOKEN", "s3cr3t-t");
        environment.put(
                "AWS_WEB_IDENTITY_TOKEN_FILE", file("web", "s3cr3t.web.identity\n").toString());
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/weir");
        environment.put("AWS_ROLE_SESSION_NAME", "checkout-7d9");
        environment.put("AWS_ENDPOINT_URL_STS", server.at("/").toString());
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                file(
                                "creds",
                                "[default]\naws_access_key_id = AKIAFILE\n"
                                        + "aws_secret_access_key = s3cr3t-file\n")
                        .toString());
        environment.put(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", server.at("/v1/credentials").toString());
        environment.put(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                file("pod", "s3cr3t.pod.identity\n").toString());
    }
}
