package weir.app;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the settings of the shared ledger into what its client wants, or says what is wrong with
 * them. No message shows what was found in a URL or in a file: it may be a password.
 */
final class RedisReader {
    private static final String URL = "weir.redis.url";
    private static final String PASSWORD = "weir.redis.password";
    private static final String PASSWORD_FILE = "weir.redis.password-file";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?<scheme>rediss?)://((?<user>[\\w.-]*)(:(?<password>[^@/]*))?@)?"
                            + "(?<servers>[^@/,?#]+(,[^@/,?#]+)*)(/(?<database>\\d{0,4}))?");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String FORM_WORDS =
            "redis://[user[:password]@]host[:port][,host[:port]...][/database],"
                    + " or rediss:// for TLS";
    private static final Map<String, RedisClientType> TYPES =
            Map.of(
                    "standalone",
                    RedisClientType.STANDALONE,
                    "sentinel",
                    RedisClientType.SENTINEL,
                    "cluster",
                    RedisClientType.CLUSTER);

    private final WeirConfig.Redis config;
    private final List<String> wrong;

    private RedisReader(WeirConfig.Redis config, List<String> wrong) {
        this.config = config;
        this.wrong = wrong;
    }

    /**
     * Empty where the ledger is in process.
     *
     * @param wrong gets a line for each setting that is wrong; then the result is of no use
     */
    static Optional<RedisOptions> read(WeirConfig.Redis config, List<String> wrong) {
        RedisReader reader = new RedisReader(config, wrong);
        if (config.url().isEmpty()) {
            reader.requireNothingElse();
            return Optional.empty();
        }
        Matcher url = FORM.matcher(config.url().get());
        if (!url.matches()) {
            wrong.add(URL + ": allowed: " + FORM_WORDS);
            return Optional.empty();
        }
        return Optional.of(reader.options(url));
    }

    private void requireNothingElse() {
        if (!config.type().equals("standalone")
                || config.master().isPresent()
                || config.password().isPresent()
                || config.passwordFile().isPresent()
                || usesTlsFiles()) {
            wrong.add(URL + ": not set; allowed: " + FORM_WORDS + ", where weir.redis.* is set");
        }
    }

    private boolean usesTlsFiles() {
        WeirConfig.Redis.Tls tls = config.tls();
        return tls.ca().isPresent() || tls.cert().isPresent() || tls.key().isPresent();
    }

    private RedisOptions options(Matcher url) {
        RedisClientType type = TYPES.get(config.type());
        if (type == null) {
            wrong.add(
                    "weir.redis.type: found \""
                            + config.type()
                            + "\"; allowed: standalone, sentinel or cluster");
            type = RedisClientType.STANDALONE;
        }
        RedisOptions options =
                new RedisOptions()
                        .setType(type)
                        .setEndpoints(servers(url))
                        .setNetClientOptions(network(url.group("scheme").equals("rediss")));
        if (type == RedisClientType.STANDALONE && options.getEndpoints().size() > 1) {
            wrong.add(URL + ": several servers; allowed: one where weir.redis.type is standalone");
        }
        if (type == RedisClientType.CLUSTER && !database(url).matches("0*")) {
            wrong.add(URL + ": a database; allowed: none or 0 where weir.redis.type is cluster");
        }
        if (config.master().isPresent() != (type == RedisClientType.SENTINEL)) {
            wrong.add(
                    "weir.redis.master: allowed: the master's name as the sentinels know it, where"
                            + " weir.redis.type is sentinel, and only there");
        }
        config.master().ifPresent(options::setMasterName);
        password(url).ifPresent(options::setPassword);
        if (user(url) != null && options.getPassword() == null) {
            wrong.add(URL + ": a user without a password; allowed: both, or neither");
        }
        return options;
    }

    /** The client finds the user in the query; the password is never part of an address. */
    private List<String> servers(Matcher url) {
        List<String> servers = new ArrayList<>();
        String user = user(url);
        for (String server : COMMA.splitAsStream(url.group("servers")).toList()) {
            String text =
                    url.group("scheme")
                            + ("://" + server)
                            + ("/" + database(url))
                            + (user == null ? "" : "?user=" + user);
            try {
                if (URI.create(text).getHost() == null) {
                    wrong.add(URL + ": allowed: " + FORM_WORDS);
                }
            } catch (IllegalArgumentException e) {
                wrong.add(URL + ": allowed: " + FORM_WORDS);
            }
            servers.add(text);
        }
        return servers;
    }

    private static @Nullable String user(Matcher url) {
        String user = url.group("user");
        return user == null || user.isEmpty() ? null : user;
    }

    private static String database(Matcher url) {
        String database = url.group("database");
        return database == null ? "" : database;
    }

    private Optional<String> password(Matcher url) {
        List<String> found = new ArrayList<>();
        if (url.group("password") != null) {
            // In a URL, unlike in a form, a plus is a plus.
            String raw = url.group("password").replace("+", "%2B");
            try {
                found.add(URLDecoder.decode(raw, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                wrong.add(URL + ": the password is not percent-encoded; allowed: " + FORM_WORDS);
            }
        }
        config.password().ifPresent(found::add);
        config.passwordFile().flatMap(this::content).ifPresent(found::add);
        if (found.size() > 1) {
            wrong.add(PASSWORD + ": allowed: one of " + PASSWORD + ", " + PASSWORD_FILE + ", url");
        }
        return found.stream().findFirst();
    }

    private Optional<String> content(String file) {
        try {
            String text = Files.readString(Path.of(file)).strip();
            if (!text.isEmpty()) {
                return Optional.of(text);
            }
        } catch (IOException e) {
            wrong.add(PASSWORD_FILE + ": " + unreadable(file, e));
            return Optional.empty();
        }
        wrong.add(PASSWORD_FILE + ": " + file + " is empty; allowed: a file with a password");
        return Optional.empty();
    }

    /** The server's name is checked as HTTPS does; the client's own default would not. */
    private NetClientOptions network(boolean encrypted) {
        NetClientOptions network = new NetClientOptions();
        if (!encrypted) {
            if (usesTlsFiles()) {
                wrong.add("weir.redis.tls: allowed: where weir.redis.url is rediss://");
            }
            return network;
        }
        network.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        WeirConfig.Redis.Tls tls = config.tls();
        tls.ca()
                .ifPresent(ca -> {
                    requireCertificates("weir.redis.tls.ca", ca);
                    network.setTrustOptions(new PemTrustOptions().addCertPath(ca));
                });
        if (tls.cert().isPresent() != tls.key().isPresent()) {
            wrong.add("weir.redis.tls.cert: allowed: together with weir.redis.tls.key");
        } else if (tls.cert().isPresent()) {
            requireCertificates("weir.redis.tls.cert", tls.cert().get());
            network.setKeyCertOptions(
                    new PemKeyCertOptions()
                            .setCertPath(tls.cert().get())
                            .setKeyPath(tls.key().orElseThrow()));
        }
        return network;
    }

    private void requireCertificates(String setting, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            if (!CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                return;
            }
        } catch (IOException e) {
            wrong.add(setting + ": " + unreadable(file, e));
            return;
        } catch (CertificateException e) {
            wrong.add(setting + ": " + file + ": " + e.getMessage());
            return;
        }
        wrong.add(setting + ": " + file + " holds none; allowed: a file of PEM certificates");
    }

    private static String unreadable(String file, IOException e) {
        return String.format(
                Locale.ROOT,
                "cannot read %s (%s); allowed: a file that can be read",
                file,
                e.getClass().getSimpleName());
    }
}
