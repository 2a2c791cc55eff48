package weir.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server of one's own, at the prices of weir.yaml, under a hard budget. */
final class OwnPricesTest {
    private static final String YAML =
            """
            providers:
              mine: { type: openai, base-url: "${PROVIDER}", credentials: [{ name: a, secret: "${SECRET}" }] }
            callers: { default-tenant: shop }
            limits: [{ name: daily, spend: 50 USD/day }]
            prices:
              models:
                - { provider: mine, model: "qwen*", context: 1000, max-output: 100, input: INPUT, output: 6 }
                - { provider: mine, model: agent, as: gpt-6-luna }
            """;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static JsonObject call(World.Weir weir, String model) {
        String body =
                "{\"model\":\"%s\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .formatted(model);
        HttpResponse<String> answer = weir.post("/mine/v1/chat/completions", body);
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(weir.nextCall());
    }

    private static void assertCost(JsonObject line, long inputNanoUsd, long outputNanoUsd) {
        long cost = line.getLong("input") * inputNanoUsd + line.getLong("output") * outputNanoUsd;
        assertEquals(cost, line.getLong("cost_nano_usd"), line::encodePrettily);
        long reserved = line.getLong("reserved_nano_usd");
        assertEquals(true, reserved >= cost, line::encodePrettily);
    }

    @Test
    void aModelOfWeirYamlIsReservedAndChargedAtItsPrice() {
        World.Weir weir = world.weir(YAML.replace("INPUT", "2"));
        assertCost(call(weir, "qwen-3"), 2_000, 6_000);
        assertCost(call(weir, "agent"), 100, 500);
        assertCost(call(weir, "gpt-6-astra"), 10_000, 50_000);
        weir.reload(YAML.replace("INPUT", "3"));
        assertCost(call(weir, "qwen-3"), 3_000, 6_000);
    }
}
