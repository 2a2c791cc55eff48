package weir.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import weir.limit.Reason;
import weir.limit.Standing;
import weir.limit.Unit;

/**
 * Writes error bodies. What all dialects share is the member {@code weir}, the same for every
 * vendor.
 */
final class ErrorJson {
    /** Digits behind the point of a nano-dollar in dollars. */
    private static final int NANO_SCALE = 9;

    private ErrorJson() {}

    static void weir(JsonGenerator json, Reason reason, String requestId, List<Standing> violated)
            throws IOException {
        json.writeObjectFieldStart("weir");
        json.writeStringField("reason", reason.word());
        json.writeStringField("request_id", requestId);
        json.writeArrayFieldStart("limits");
        for (Standing standing : violated) {
            limit(json, standing);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void limit(JsonGenerator json, Standing standing) throws IOException {
        Unit unit = standing.claim().meter().unit();
        json.writeStartObject();
        json.writeStringField("name", standing.claim().limit().name());
        json.writeStringField("unit", unit == Unit.SPEND ? "usd" : unit.word());
        json.writeArrayFieldStart("scope");
        for (String value : standing.claim().scope()) {
            json.writeString(value);
        }
        json.writeEndArray();
        amount(json, "limit", unit, standing.limit());
        amount(json, "used", unit, standing.used());
        amount(json, "reserved", unit, standing.reserved());
        amount(json, "leased", unit, standing.leased());
        amount(json, "left", unit, standing.left());
        amount(json, "requested", unit, standing.claim().amount());
        json.writeNumberField("reset_ms", standing.resetMillis());
        json.writeEndObject();
    }

    private static void amount(JsonGenerator json, String name, Unit unit, long amount)
            throws IOException {
        if (unit == Unit.SPEND) {
            json.writeStringField(name, usd(amount));
        } else {
            json.writeNumberField(name, amount);
        }
    }

    /** Dollars without exponent and without zeros at the end: {@code "0.000123"}. */
    static String usd(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, NANO_SCALE).stripTrailingZeros().toPlainString();
    }
}
