package weir.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.journey.World;
import weir.redis.TestRedis;

/** A hard budget is hard, whoever asks at once: one sidecar, and three on one Redis. */
final class CrowdTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private String yaml() {
        World.Weir weir = world.weir(Crowd.withBudget(BigDecimal.ONE));
        HttpResponse<String> answer = weir.post(Surroundings.CHAT_PATH, Crowd.BODY);
        assertEquals(200, answer.statusCode(), answer.body());
        return Crowd.yaml(weir.nextCall());
    }

    @Test
    void oneSidecarCountsInProcess() throws Exception {
        new Crowd(List.of(world.weir(yaml()).url())).exactlyThoseThatFitPass();
    }

    @Test
    void threeSidecarsCountInOneRedis() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            String yaml = yaml();
            List<World.Weir> three =
                    Stream.generate(() ->
                                    world.weir(yaml, World.settings(Optional.of(redis.url()))))
                            .limit(3)
                            .toList();
            three.forEach(
                    w -> Packaged.until("connected to Redis", () -> w.sidecar().ledgerIsUp()));

            new Crowd(three.stream().map(World.Weir::url).toList()).exactlyThoseThatFitPass();

            three.forEach(World.Weir::stop);
        }
    }
}
