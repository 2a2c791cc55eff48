package weir.app.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import weir.key.KeyRing;
import weir.key.ProofSource;
import weir.key.cloud.Login;
import weir.limit.Limit;
import weir.limit.Limits;
import weir.price.PriceBook;
import weir.provider.Provider;
import weir.proxy.Rules;
import weir.proxy.Upstream;

/**
 * Reads weir.yaml as a whole: either everything in it is understood, or nothing of it is used and
 * every error is named with its line.
 *
 * <p>The text becomes a tree of YAML nodes and the nodes become our own records, each kind of value
 * in one step (see {@link Scalars}); no object is ever made by a name that the file gives.
 */
public final class ConfigFile {
    /** 100,000 keys with labels and models need some 25 MB. */
    static final int MAX_BYTES = 32 << 20;

    private static final String NEEDED = "a map of providers, callers and limits";
    private static final String YAML =
            "YAML in one document, at most 50 levels deep; quote a value with a colon and a space";

    private ConfigFile() {}

    /** What reading came to. */
    public sealed interface Result {
        /** weir.yaml and every file that it names, as they were just before they were read. */
        FileStamps files();
    }

    /**
     * @param warnings one line each: what is accepted but will not act as its author may expect
     */
    public record Loaded(Rules rules, FileStamps files, List<String> warnings) implements Result {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * @param errors at least one; the first 50 where there are more
     */
    public record Invalid(List<ConfigError> errors, FileStamps files) implements Result {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }

    /**
     * Reads the file and the secrets that it names. Blocks on the disk; never throws for what the
     * file says or for a file that is not there.
     *
     * @param environment the value of a variable, null where it is not set
     * @param providerTypes vendors that Weir knows, by the word for {@code type}
     * @param logins what a login becomes
     */
    public static Result read(
            Path file,
            Function<String, @Nullable String> environment,
            Map<String, Provider> providerTypes,
            Function<Login, ProofSource> logins) {
        Source source = new Source(file, environment);
        String text = text(source, file);
        Node root = text == null ? null : compose(source, text);
        ProviderSection providers = new ProviderSection(providerTypes, logins);
        Rules rules = root == null ? null : rules(new Value(source, root, ""), providers);
        List<ConfigError> errors = source.problems().errors();
        return rules == null || !errors.isEmpty()
                ? new Invalid(errors, source.stamps())
                : new Loaded(rules, source.stamps(), source.problems().warnings());
    }

    private static @Nullable String text(Source source, Path file) {
        try {
            byte[] bytes = source.read(file, MAX_BYTES);
            if (bytes == null) {
                wholeFile(source, "more than 32 MiB", "at most 32 MiB");
                return null;
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (Interpolation.usesPrivateCharacters(text)) {
                wholeFile(source, "the characters U+F8FE or U+F8FF", "any others");
                return null;
            }
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            wholeFile(source, "bytes that are not UTF-8", "UTF-8");
        } catch (IOException e) {
            wholeFile(source, "no file that can be read", "a readable file");
        }
        return null;
    }

    private static @Nullable Node compose(Source source, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        StreamReader reader = new StreamReader(new StringReader(Interpolation.shield(text)));
        try {
            Node root =
                    new Composer(new ParserImpl(reader, options), new Resolver(), options)
                            .getSingleNode();
            if (root == null) {
                wholeFile(source, "an empty file", NEEDED);
            }
            return root;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            source.problems().error(line, "", "what is not YAML (" + e.getProblem() + ")", YAML);
        } catch (YAMLException e) {
            // A character that YAML forbids, or one of its bounds: neither tells its line.
            source.problems().error(reader.getLine() + 1, "", "what is not YAML", YAML);
        }
        return null;
    }

    private static Rules rules(Value root, ProviderSection section) {
        Fields fields =
                root.fields(List.of("providers", "callers", "limits", "webhooks", "prices"));
        if (fields == null) {
            return new Rules(
                    Map.of(),
                    new KeyRing(List.of(), null),
                    new Limits(List.of()),
                    List.of(),
                    PriceBook.EMPTY);
        }
        Value providers = fields.require("providers", "a map of providers by name");
        Map<String, Upstream> upstreams = providers == null ? Map.of() : section.read(providers);
        Value callers = fields.find("callers");
        if (callers == null) {
            root.warn("no callers: every call will be refused");
        }
        KeyRing keys =
                callers == null
                        ? new KeyRing(List.of(), null)
                        : new CallerSection(upstreams.keySet()).read(callers);
        Value limits = fields.find("limits");
        List<Limit> read =
                limits == null || limits.isEmpty()
                        ? List.of()
                        : new LimitSection(upstreams.keySet()).read(limits);
        Value webhooks = fields.find("webhooks");
        Value prices = fields.find("prices");
        PriceBook own = PriceBookReader.bundled();
        return new Rules(
                upstreams,
                keys,
                new Limits(read),
                webhooks == null || webhooks.isEmpty()
                        ? List.of()
                        : new WebhookSection().read(webhooks),
                prices == null || prices.isEmpty()
                        ? own
                        : new PriceSection(upstreams, own).read(prices));
    }

    private static void wholeFile(Source source, String found, String allowed) {
        source.problems().error(1, "", found, allowed);
    }
}
