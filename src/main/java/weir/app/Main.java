package weir.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import weir.app.config.ConfigFile;
import weir.app.config.PriceBookReader;
import weir.key.ProofSource;
import weir.key.cloud.Login;
import weir.provider.Providers;

/**
 * The program: checks its settings and weir.yaml before anything else, then starts; or only checks
 * a file.
 */
@QuarkusMain
public final class Main {
    /** Wrong usage or configuration, as in sysexits.h. */
    static final int EX_USAGE = 64;

    private Main() {}

    public static void main(String... args) {
        if (args.length > 0 && args[0].equals("validate")) {
            System.exit(args.length == 2 ? check(Path.of(args[1]), System.out) : usage());
        }
        if (args.length > 0) {
            System.exit(usage());
        }
        // A fifth of a start, and nothing else has to wait for it.
        Thread.ofPlatform().daemon().start(PriceBookReader::bundled);
        // Told here in a line each; once Quarkus runs it would be a stack trace, and half a start.
        int wrong = checkSettings();
        if (wrong != 0) {
            System.exit(wrong);
        }
        Quarkus.run(Program.class, Main::exit);
    }

    /** Settings from wherever Quarkus would read them, then the file that they name. */
    private static int checkSettings() {
        try {
            SmallRyeConfig sources =
                    ConfigUtils.configBuilder().withMapping(WeirConfig.class).build();
            WeirConfig config = sources.getConfigMapping(WeirConfig.class);
            SettingsReader.read(config);
            return check(Path.of(config.config()), null);
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                System.err.println(e.getProblem(i).getMessage());
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
        }
        return EX_USAGE;
    }

    private static int check(Path file, @Nullable PrintStream success) {
        return switch (ConfigFile.read(file, System::getenv, Providers.ALL, Main::notMade)) {
            case ConfigFile.Loaded loaded -> {
                if (success != null) {
                    success.println(file + ": ok");
                }
                yield 0;
            }
            case ConfigFile.Invalid invalid -> {
                invalid.errors().forEach(System.err::println);
                yield EX_USAGE;
            }
        };
    }

    /** Checking a file logs in nowhere. */
    private static ProofSource notMade(Login login) {
        return () -> Future.failedFuture("only checked");
    }

    private static int usage() {
        System.err.println("usage: weir                     start; WEIR_CONFIG names the file");
        System.err.println(
                "       weir validate weir.yaml  check a file: exit 0, or 64 with its errors");
        return EX_USAGE;
    }

    /** Ends the process; says in words what went wrong where that is known, else with its trace. */
    private static void exit(int code, @Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof StartException) {
                end(code, t.getMessage());
            }
            if (t instanceof IOException && isFromServer(failure)) {
                end(code, "weir.admin.listen: cannot listen: " + t.getMessage());
            }
        }
        if (failure != null) {
            failure.printStackTrace();
        }
        System.exit(code);
    }

    /** Quarkus has one server, the admin port's; its failure has no type of its own. */
    private static boolean isFromServer(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).contains("HTTP server")) {
                return true;
            }
        }
        return false;
    }

    private static void end(int code, @Nullable String words) {
        System.err.println("weir: " + words);
        System.exit(code);
    }
}
