package weir.program;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.redis.TestRedis;

/** A hard budget is hard: three processes on one Redis. */
final class CrowdIT {
    @TempDir private Path directory;

    @Test
    void threeProcessesCountInOneRedis() throws Exception {
        List<Packaged> three = new ArrayList<>();
        try (Surroundings around = new Surroundings();
                TestRedis redis = TestRedis.start()) {
            String yaml = Crowd.yaml(lineOfOneCall(around));
            for (int i = 0; i < 3; i++) {
                three.add(
                        Packaged.begin(
                                around.start(
                                        directory,
                                        yaml,
                                        "WEIR_REDIS_URL",
                                        redis.url(),
                                        "WEIR_LEDGER_DEADLINE",
                                        "5s")));
            }
            for (Packaged weir : three) {
                String unused = weir.line(line -> line.contains("\"event\":\"listening\""));
                Packaged.until("ready", () -> weir.admin("/q/health/ready").statusCode() == 200);
            }

            new Crowd(three.stream().map(w -> "http://127.0.0.1:" + w.port()).toList())
                    .exactlyThoseThatFitPass();
        } finally {
            three.forEach(Packaged::close);
        }
    }

    private String lineOfOneCall(Surroundings around) {
        String yaml = Crowd.withBudget(BigDecimal.ONE);
        try (Packaged weir = Packaged.ready(around.start(directory, yaml))) {
            weir.post(Surroundings.CHAT_PATH, Crowd.BODY);
            return weir.callLine("\"outcome\":\"ok\"");
        }
    }
}
