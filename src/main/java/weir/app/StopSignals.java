package weir.app;

import java.lang.reflect.Proxy;

/**
 * Hears of SIGTERM and SIGINT before the shutdown hooks, which all run at once and can neither wait
 * for one another nor choose the exit code.
 *
 * <p>By reflection because the compiler warns of {@code sun.misc.Signal}, which no flag or
 * annotation can allow, and warnings are errors here; its module, {@code jdk.unsupported}, is open
 * and here to stay until there is a replacement.
 */
final class StopSignals {
    private StopSignals() {}

    static void handle(Runnable stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handlers =
                    Proxy.newProxyInstance(
                            StopSignals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, args) -> {
                                stop.run();
                                return null;
                            });
            for (String name : new String[] {"TERM", "INT"}) {
                Object each = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, each, handlers);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no signals", e);
        }
    }
}
