package weir.program;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Quarkus serves on the admin port, and that both sides run on the native transport. */
@QuarkusTest
@TestProfile(AdminPortTest.Settings.class)
final class AdminPortTest {
    /** Free ports, and the smallest weir.yaml. */
    public static final class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "weir.config", "src/test/resources/program/free.yaml",
                    "weir.listen", "127.0.0.1:0",
                    "quarkus.http.test-port", "0");
        }
    }

    @Inject Vertx vertx;

    @Test
    void itIsAlive() {
        given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void itIsReady() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks[0].name", equalTo("calls"));
    }

    @Test
    void itIsMeasured() {
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("weir_in_flight 0.0"))
                .body(containsString("weir_ledger_up 1.0"));
    }

    @Test
    void withoutATokenAdministrationIsOff() {
        given().header("authorization", "Bearer ").get("/admin/limits").then().statusCode(403);
    }

    /** The sidecar makes its servers and clients from this one. */
    @Test
    void theTransportIsNative() {
        assertTrue(vertx.isNativeTransportEnabled());
    }
}
