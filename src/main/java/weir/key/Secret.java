package weir.key;

/** A provider's secret. It shows itself to nobody but {@link #reveal}. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** For the one header that needs it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
