package weir.app;

import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What Prometheus reads is one for the process; Quarkus would make another for each who asks. */
@Singleton
public final class ScrapedRegistry {
    @Produces
    @Singleton
    CollectorRegistry collectors() {
        return new CollectorRegistry(true);
    }
}
