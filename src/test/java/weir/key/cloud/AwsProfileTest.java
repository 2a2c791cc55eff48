package weir.key.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.key.Proof;
import weir.key.ProofSource;
import weir.key.Secret;

/** Profiles of AWS's shared files. */
final class AwsProfileTest extends CloudBench {
    @BeforeEach
    void nobodysHome() {
        environment.put("HOME", folder.toString());
    }

    @Test
    void aProfileIsFoundInBothFiles() {
        environment.put(
                "AWS_CONFIG_FILE",
                file(
                                "conf",
                                """
                                [default]
                                region = us-east-1
                                [profile dev eu]
                                # a comment = not a key
                                aws_access_key_id=AKIACONFIG
                                region = eu-west-1
                                s3 =
                                  aws_secret_access_key = nested-and-not-ours
                                aws_secret_access_key = s3cr3t-config==
                                [dev eu]
                                aws_session_token = wrong-section
                                """)
                        .toString());
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                file(
                                "creds",
                                """
                                [ dev eu ]
                                AWS_ACCESS_KEY_ID = AKIACREDS
                                ; aws_session_token = s3cr3t-commented
                                [profile x]
                                aws_access_key_id = AKIAX
                                """)
                        .toString());
        assertEquals(
                new Proof.AwsKeys("AKIACREDS", new Secret("s3cr3t-config=="), null),
                proof(logins.source(new Login.AwsProfile("dev eu"))));
        assertEquals(
                "AWS's shared files have no keys for profile default",
                refusal(logins.source(new Login.AwsProfile("default"))));
    }

    @Test
    void aProfileMayNameARole() {
        environment.put("AWS_ENDPOINT_URL_STS", server.at("/").toString());
        environment.put(
                "AWS_CONFIG_FILE",
                file(
                                "conf",
                                """
                                [profile role]
                                role_arn = arn:aws:iam::2:role/b
                                web_identity_token_file = %s
                                [profile laptop]
                                sso_session = me
                                """
                                        .formatted(file("web", "s3cr3t.w\n")))
                        .toString());
        server.answers(200, AwsTest.STS.formatted(AwsTest.inSeconds(900)));
        assertEquals(AwsTest.ROLE, proof(logins.source(new Login.AwsProfile("role"))));
        assertEquals("arn:aws:iam::2:role/b", server.last().form().get("RoleArn"));
        assertEquals("weir", server.last().form().get("RoleSessionName"));
        assertEquals(
                "AWS profile laptop has sso_session, which Weir does not follow",
                refusal(logins.source(new Login.AwsProfile("laptop"))));
    }

    /** Tools write temporary keys into the shared file. */
    @Test
    void theSharedFileIsReadAnew() {
        String keys = "[default]%naws_access_key_id = %s%naws_secret_access_key = s3cr3t%n";
        Path file = file("creds", keys.formatted("A1"));
        environment.put("AWS_SHARED_CREDENTIALS_FILE", file.toString());
        ProofSource source = logins.source(new Login.AwsProfile("default"));
        assertEquals(new Proof.AwsKeys("A1", new Secret("s3cr3t"), null), proof(source));
        assertEquals(file, file("creds", keys.formatted("A2")));
        assertEquals(new Proof.AwsKeys("A1", new Secret("s3cr3t"), null), proof(source));
        now.addAndGet(300_000);
        assertEquals(new Proof.AwsKeys("A2", new Secret("s3cr3t"), null), proof(source));
    }
}
