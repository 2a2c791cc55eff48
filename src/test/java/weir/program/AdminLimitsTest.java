package weir.program;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How limits stand, as an operator asks. */
@QuarkusTest
@TestProfile(AdminLimitsTest.Settings.class)
final class AdminLimitsTest {
    /** Free ports, a token, and limits of every kind. */
    public static final class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "weir.config", "src/test/resources/program/limits.yaml",
                    "weir.listen", "127.0.0.1:0",
                    "weir.admin.token", "open sesame",
                    "quarkus.http.test-port", "0");
        }
    }

    private static RequestSpecification operator() {
        return given().header("authorization", "Bearer open sesame");
    }

    @Test
    void nobodyLooksWithoutTheToken() {
        given().get("/admin/limits").then().statusCode(401);
        given().header("authorization", "Bearer open").get("/admin/limits").then().statusCode(401);
        given().header("authorization", "Bearer open").get("/admin/x").then().statusCode(401);
    }

    @Test
    void limitsSayWhichValuesNameACounter() {
        operator()
                .get("/admin/limits")
                .then()
                .statusCode(200)
                .body("limits.name", contains("per-key", "shop-daily"))
                .body("limits[0].values", contains("key", "label:team", "tenant"))
                .body("limits[0].laws.unit", contains("requests", "concurrent"))
                .body("limits[0].laws[0].burst", equalTo(300))
                .body("limits[1].laws[0].limit_usd", equalTo("50"));
    }

    @Test
    void providersSayWhatTheyHaveThemselves() {
        operator()
                .get("/admin/providers")
                .then()
                .statusCode(200)
                .body("providers.name", hasItems("openai", "replicate"))
                .body("providers.find { it.name == 'xai' }.keys.native", equalTo("full"))
                .body("providers.find { it.name == 'groq' }.hard_limit_usd.native", equalTo("none"))
                .body("providers.hard_limit_usd.weir", everyItem(startsWith("hard, ")));
    }

    @Test
    void aCounterStandsAsTheLedgerSays() {
        operator()
                .get("/admin/limits/per-key?key=checkout&label:team=payments&tenant=shop")
                .then()
                .statusCode(200)
                .body("counters.unit", contains("requests", "concurrent"))
                .body("counters.left", contains(300, 20))
                .body("counters.leased", contains(0, 0));
        operator()
                .get("/admin/limits/shop-daily")
                .then()
                .statusCode(200)
                .body("counters[0].left_usd", equalTo("50"))
                .body("counters[0].used_usd", equalTo("0"));
    }

    @Test
    void whatIsMissingIsSaid() {
        operator()
                .get("/admin/limits/per-key?key=checkout")
                .then()
                .statusCode(400)
                .body(
                        "error",
                        equalTo("Say which counter, by these parameters: label:team, tenant"));
        operator().get("/admin/limits/nobody").then().statusCode(404);
        operator().get("/admin/else").then().statusCode(404);
    }
}
