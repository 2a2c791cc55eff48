package weir.sdk;

import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import weir.journey.World;

/**
 * A vendor on loopback, for formats that need no misbehaviour beyond an error: it keeps what it was
 * asked and answers what it is given. The header {@code x-sim: status=429} asks for an error.
 */
final class VendorServer {
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Promise<Void> released = Promise.promise();

    /** A request as it arrived. */
    record Asked(String method, String uri, MultiMap headers, JsonObject body) {
        String path() {
            int query = uri.indexOf('?');
            return query < 0 ? uri : uri.substring(0, query);
        }

        String header(String name) {
            return String.valueOf(headers.get(name));
        }

        /** The status that the caller wants; 200 if none. */
        int wanted() {
            String script = header("x-sim");
            return script.startsWith("status=")
                    ? Integer.parseInt(script.substring("status=".length()))
                    : 200;
        }
    }

    /** An answer, each piece a write of its own. */
    record Answered(int status, String contentType, List<String> pieces) {
        static Answered json(int status, String body) {
            return new Answered(status, "application/json", List.of(body));
        }
    }

    /**
     * Serves.
     *
     * @param name by which the sidecars' weir.yaml knows its place
     */
    VendorServer(World world, String name, Function<Asked, Answered> vendor) {
        world.serve(name, request -> request.body().onSuccess(b -> answer(request, b, vendor)));
    }

    private void answer(HttpServerRequest from, Buffer body, Function<Asked, Answered> vendor) {
        JsonObject json = body.length() == 0 ? new JsonObject() : body.toJsonObject();
        Asked request = new Asked(from.method().name(), from.uri(), from.headers(), json);
        asked.add(request);
        Answered answer = vendor.apply(request);
        HttpServerResponse response =
                from.response()
                        .setStatusCode(answer.status())
                        .putHeader("content-type", answer.contentType())
                        .setChunked(true);
        if (request.header("x-sim").equals("hold")) {
            response.write(answer.pieces().getFirst());
            released.future().onSuccess(go -> rest(response, answer, 1));
        } else {
            rest(response, answer, 0);
        }
    }

    private static void rest(HttpServerResponse response, Answered answer, int from) {
        answer.pieces().stream().skip(from).forEach(response::write);
        response.end();
    }

    /** Lets answers go on whose request says {@code x-sim: hold}, after their first piece. */
    void release() {
        released.complete();
    }

    List<Asked> asked() {
        return asked;
    }

    Asked last() {
        return asked.getLast();
    }
}
