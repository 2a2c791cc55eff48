package weir.provider;

import java.util.Locale;

/** Who issues proofs for credentials that hold no key of the vendor's own. */
public enum Cloud {
    /** Key pairs that sign. */
    AWS,
    /** Tokens of Microsoft Entra ID. */
    ENTRA,
    /** Tokens of Google's OAuth. */
    GOOGLE;

    /** As in weir.yaml. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
