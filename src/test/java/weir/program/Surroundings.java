package weir.program;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import loadtest.SimulatedOptions;
import loadtest.SimulatedProvider;
import weir.journey.World;

/** What the packaged program needs around it: a provider, and a weir.yaml that names it. */
final class Surroundings implements AutoCloseable {
    static final String CHAT =
            """
            {"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}\
            """;
    static final String STREAM =
            """
            {"model":"gpt-6-luna","stream":true,"max_tokens":20,\
            "messages":[{"role":"user","content":"Hi"}]}\
            """;
    static final String CHAT_PATH = "/openai/v1/chat/completions";

    static final String YAML =
            """
            providers:
              openai:
                base-url: "${PROVIDER}"
                credentials: [{ name: main, secret: "${SECRET}" }]
            callers: { default-tenant: shop }
            limits:
              - name: daily
                match: { tenant: shop }
                per: [tenant]
                spend: 50 USD/day
                requests: 600/min
            """;

    private final Vertx vertx = Vertx.vertx();
    private final SimulatedProvider provider =
            World.await(SimulatedProvider.start(vertx, SimulatedOptions.DEFAULT));

    SimulatedProvider provider() {
        return provider;
    }

    Packaged.Start start(Path directory, String yaml, String... environment) {
        Map<String, String> all = new HashMap<>();
        all.put("WEIR_CONFIG", Packaged.file(directory, yaml).toString());
        all.put("PROVIDER", provider.baseUrl());
        all.put("SECRET", World.SECRET);
        for (int i = 0; i < environment.length; i += 2) {
            all.put(environment[i], environment[i + 1]);
        }
        return new Packaged.Start(all);
    }

    @Override
    public void close() {
        World.await(provider.close());
        World.await(vertx.close());
    }
}
