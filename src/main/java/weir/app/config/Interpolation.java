package weir.app.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ${VAR}} in the scalars of weir.yaml.
 *
 * <p>Variables are replaced after YAML has been parsed, one scalar at a time, so that a value can
 * hold quotes, colons or line breaks and still be nothing but text: the environment cannot add a
 * key, a list item or a second limit to the file.
 *
 * <p>One thing has to happen before. Inside {@code { … }} and {@code [ … ]} YAML takes braces for
 * its own, and {@code { secret: ${KEY} }} would be a syntax error. So {@link #shield} swaps the two
 * braces of a variable for two private characters of the same length (lines and columns stay true),
 * and {@link #unshield} swaps them back in every scalar that comes out.
 *
 * <p>The forms are {@code ${VAR}}; {@code ${VAR:-default}} where the variable is unset or empty;
 * and a doubled dollar sign before the brace for those characters themselves. A replaced value is
 * not looked at again.
 */
final class Interpolation {
    private static final char OPEN = '\uf8fe';
    private static final char CLOSE = '\uf8ff';
    private static final Pattern BRACES = Pattern.compile("\\$\\{([^{}\\r\\n]*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Interpolation() {}

    /** What became of a scalar. */
    sealed interface Result {
        record Text(String text) implements Result {}

        record Wrong(String found, String allowed) implements Result {}
    }

    /** Whether a file already holds the characters that {@link #shield} needs for itself. */
    static boolean usesPrivateCharacters(String yaml) {
        return yaml.indexOf(OPEN) >= 0 || yaml.indexOf(CLOSE) >= 0;
    }

    static String shield(String yaml) {
        return BRACES.matcher(yaml)
                .replaceAll(m -> Matcher.quoteReplacement("$" + OPEN + m.group(1) + CLOSE));
    }

    static String unshield(String scalar) {
        return scalar.replace(OPEN, '{').replace(CLOSE, '}');
    }

    /** The variable's name where the whole text is one {@code ${VAR}} without a default. */
    static @Nullable String soleVariable(String raw) {
        if (!raw.startsWith("${") || !raw.endsWith("}")) {
            return null;
        }
        String name = raw.substring(2, raw.length() - 1);
        return NAME.matcher(name).matches() ? name : null;
    }

    static Result expand(String raw, Function<String, @Nullable String> environment) {
        StringBuilder text = new StringBuilder(raw.length());
        int at = 0;
        while (true) {
            int dollar = raw.indexOf("${", at);
            if (dollar < 0) {
                return new Result.Text(text.append(raw, at, raw.length()).toString());
            }
            text.append(raw, at, dollar);
            if (dollar > at && raw.charAt(dollar - 1) == '$') {
                text.append('{');
                at = dollar + 2;
                continue;
            }
            int close = raw.indexOf('}', dollar);
            Result one =
                    close < 0
                            ? new Result.Wrong(
                                    "${ without its }", "${VAR}, or $${ for the characters")
                            : lookUp(raw.substring(dollar + 2, close), environment);
            if (!(one instanceof Result.Text(String value))) {
                return one;
            }
            text.append(value);
            at = close + 1;
        }
    }

    private static Result lookUp(String body, Function<String, @Nullable String> environment) {
        int split = body.indexOf(":-");
        String name = split < 0 ? body : body.substring(0, split);
        if (!NAME.matcher(name).matches()) {
            return new Result.Wrong(
                    Value.quoted("${" + body + "}"), "${VAR} or ${VAR:-default}, $${ to escape");
        }
        String value = environment.apply(name);
        if (split >= 0 && (value == null || value.isEmpty())) {
            value = body.substring(split + 2);
        }
        return value == null
                ? new Result.Wrong("${" + name + "}, which is not set", "a variable that is set")
                : new Result.Text(value);
    }
}
