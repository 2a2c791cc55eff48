package weir.key;

import org.jspecify.annotations.Nullable;

/** What a call shows to a provider, in one of the few forms that vendors ask for. */
public sealed interface Proof {
    /** A key, or a token that somebody issued for a key: it stands in one header as it is. */
    record Token(Secret value) implements Proof {}

    /**
     * Keys that sign a request and never leave this process.
     *
     * @param sessionToken sent along where the keys are temporary, null where they are not
     */
    record AwsKeys(String accessKeyId, Secret secretAccessKey, @Nullable Secret sessionToken)
            implements Proof {}
}
