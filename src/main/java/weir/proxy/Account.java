package weir.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.key.Credential;
import weir.ledger.JobBook;

/**
 * What one credential reaches at one provider.
 *
 * @param credential null where the server needs none
 */
record Account(Upstream upstream, @Nullable Credential credential) {
    /** All that an upstream reaches. */
    static List<Account> of(Upstream upstream) {
        return upstream.credentials().isEmpty()
                ? List.of(new Account(upstream, null))
                : upstream.credentials().stream().map(c -> new Account(upstream, c)).toList();
    }

    /** By which sidecars know that they reach the same one, as far as names can tell. */
    String name() {
        return upstream.baseUrl() + " " + (credential == null ? "" : credential.name());
    }

    /**
     * Work that is under way in it.
     *
     * @param target path at which the provider tells of it, below its name; a query is no part
     */
    JobBook.Name work(String target) {
        return new JobBook.Name(name(), Paths.withoutQuery(target));
    }
}
