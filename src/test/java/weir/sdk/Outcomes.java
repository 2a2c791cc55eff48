package weir.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.sdk.PythonSdks.Batch;

/** What the cases of one SDK came to, found again as {@code batch/case}. */
final class Outcomes {
    private final List<String> names = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private final Map<String, JsonObject> lines = new HashMap<>();

    /**
     * Plans a batch.
     *
     * @param cases each once
     */
    Outcomes plan(String name, PythonSdks.Target target, String... cases) {
        names.add(name);
        batches.add(new Batch(target, List.of(cases)));
        return this;
    }

    /** Runs what is planned, in this order, in one process. */
    Outcomes run(PythonSdks sdks) {
        List<JsonObject> came = sdks.run(batches);
        int next = 0;
        for (int i = 0; i < batches.size(); i++) {
            for (String each : batches.get(i).cases()) {
                lines.put(names.get(i) + "/" + each, came.get(next++));
            }
        }
        assertEquals(came.size(), next);
        return this;
    }

    JsonObject of(String name) {
        JsonObject line = lines.get(name);
        if (line == null) {
            throw new AssertionError("no case " + name + " of " + lines.keySet());
        }
        return line;
    }

    /** A case that went well, with one request. */
    JsonObject ok(String name) {
        JsonObject line = of(name);
        assertEquals("ok", line.getString("outcome"), line::encodePrettily);
        return line;
    }

    /** A case that raised this class of the SDK. */
    JsonObject raised(String name, String exception) {
        JsonObject line = of(name);
        assertEquals(exception, line.getString("exception"), line::encodePrettily);
        return line;
    }

    /** A refusal of Weir's, after exactly one request. */
    JsonObject refused(String name, String exception, String reason) {
        JsonObject line = raised(name, exception);
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
        assertReason(line, reason);
        return line;
    }

    /** A refusal of Weir's, after exactly one request, of which the SDK shows no request id. */
    JsonObject refused(String name, String exception, int status, String reason) {
        JsonObject line = raised(name, exception);
        assertEquals(1, line.getInteger("attempts"), line::encodePrettily);
        assertEquals(status, line.getInteger("status"), line::encodePrettily);
        assertEquals(reason, header(line, "x-weir-reason"), line::encodePrettily);
        assertEquals(reason, weir(line).getString("reason"), line::encodePrettily);
        return line;
    }

    /** The reason in header and body, and a request id in both. */
    static void assertReason(JsonObject line, String reason) {
        assertEquals(reason, header(line, "x-weir-reason"), line::encodePrettily);
        JsonObject weir = weir(line);
        assertEquals(reason, weir.getString("reason"), line::encodePrettily);
        assertNotNull(header(line, "x-weir-request-id"), line::encodePrettily);
        assertEquals(header(line, "x-weir-request-id"), weir.getString("request_id"));
        // What the SDK shows as the request's id, too.
        assertEquals(weir.getString("request_id"), line.getString("request_id"));
    }

    /** An error of the provider's own, which Weir has passed on and added nothing to but its id. */
    JsonObject passed(String name, String exception, int status) {
        JsonObject line = raised(name, exception);
        assertEquals(status, line.getInteger("status"), line::encodePrettily);
        assertNull(header(line, "x-weir-reason"), line::encodePrettily);
        assertNotNull(header(line, "x-weir-request-id"), line::encodePrettily);
        return line;
    }

    static String header(JsonObject line, String name) {
        return line.getJsonObject("headers").getString(name);
    }

    /** The member {@code weir} of the error, where an application finds it on the exception. */
    static JsonObject weir(JsonObject line) {
        JsonObject body = line.getJsonObject("body");
        JsonObject error = body.containsKey("weir") ? body : body.getJsonObject("error");
        return error.getJsonObject("weir");
    }

    /** The first limit that the error names. */
    static JsonObject limit(JsonObject line) {
        JsonArray limits = weir(line).getJsonArray("limits");
        assertEquals(1, limits.size(), line::encodePrettily);
        return limits.getJsonObject(0);
    }
}
