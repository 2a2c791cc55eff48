package weir.provider;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.limit.Reason;
import weir.limit.Standing;

/** Replicate's errors: {@code {"title","detail"}}, of which its clients show the detail. */
final class ReplicateDialect implements Dialect {
    @Override
    public Buffer errorBody(
            Reason reason, String message, String requestId, List<Standing> violated) {
        return JsonText.object(json -> {
            json.writeStringField("title", reason.word());
            json.writeStringField("detail", message);
            ErrorJson.weir(json, reason, requestId, violated);
        });
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
