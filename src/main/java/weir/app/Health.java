package weir.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What Kubernetes asks. */
@Singleton
public final class Health {
    private final Lifecycle lifecycle;

    public Health(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** The event loops answer: that this is called at all says so. */
    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck alive() {
        return () -> HealthCheckResponse.up("event-loops");
    }

    /**
     * Calls are taken: not before the data port is open, not while draining. Says whether the
     * ledger is away, also where limits let calls pass meanwhile.
     */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return () ->
                HealthCheckResponse.named("calls")
                        .status(lifecycle.ready())
                        .withData("ledger", lifecycle.degraded() ? "degraded" : "up")
                        .build();
    }
}
