package weir.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.limit.Glob;

/** Patterns, one or several. */
final class Globs {
    private Globs() {}

    /** Empty where the field is left out. */
    static List<Glob> read(@Nullable Value value) {
        return value == null ? List.of() : value.oneOrMore(Scalars.GLOB);
    }

    /** Patterns of provider names: one that matches no provider of the file is likely a slip. */
    static List<Glob> ofProviders(@Nullable Value value, Set<String> names) {
        List<Glob> globs = new ArrayList<>();
        for (Value item : value == null ? List.<Value>of() : value.each(Scalars.GLOB.allowed())) {
            Glob glob = item.parse(Scalars.GLOB);
            if (glob != null) {
                globs.add(glob);
            }
            if (glob != null && names.stream().noneMatch(glob::matches)) {
                item.warn(item.shown() + " matches no provider of this file");
            }
        }
        return globs;
    }
}
