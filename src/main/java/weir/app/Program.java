package weir.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/**
 * What runs between start and stop.
 *
 * <p>Quarkus closes its own port, the admin port, before it tells anybody that it stops, and ends
 * with 143. So a signal to stop only wakes this method up: calls are drained while everything still
 * runs, health and metrics included, and being told to stop is no failure.
 */
public final class Program implements QuarkusApplication {
    private final Lifecycle lifecycle;

    public Program(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public int run(String... args) {
        StopSignals.handle(() -> Quarkus.asyncExit(0));
        lifecycle.announce();
        Quarkus.waitForExit();
        return lifecycle.stop() ? 0 : 1;
    }
}
