package weir.app;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Makes Quarkus' own HTTP server the admin port: splits {@code weir.admin.listen} into its host and
 * port.
 */
public final class AdminListen implements ConfigSourceFactory {
    static final String DEFAULT = "127.0.0.1:4142";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue value = context.getValue("weir.admin.listen");
        String text = value == null || value.getValue() == null ? DEFAULT : value.getValue();
        HostAndPort listen = HostAndPort.parse("weir.admin.listen", text);
        return List.of(
                new PropertiesConfigSource(
                        Map.of(
                                "quarkus.http.host",
                                listen.host(),
                                "quarkus.http.port",
                                "" + listen.port()),
                        "weir.admin.listen",
                        200));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(200);
    }
}
