package weir.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, and what is right but will not do what its author may expect. */
final class Problems {
    /** More than anybody reads at once; a file of another format must not fill the log. */
    static final int MAX = 50;

    private final String file;
    private final List<ConfigError> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void error(int line, String field, String found, String allowed) {
        errorIn(file, line, field, found, allowed);
    }

    /** Of another file, which this one names. */
    void errorIn(String other, int line, String field, String found, String allowed) {
        if (errors.size() < MAX) {
            errors.add(new ConfigError(other, line, field, found, allowed));
        }
    }

    void warn(int line, String field, String text) {
        if (warnings.size() < MAX) {
            String place = field.isEmpty() ? "" : field + ": ";
            warnings.add(file + ":" + line + ": " + place + text);
        }
    }

    /** In the order of the lines. */
    List<ConfigError> errors() {
        return errors.stream().sorted(Comparator.comparingInt(ConfigError::line)).toList();
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
