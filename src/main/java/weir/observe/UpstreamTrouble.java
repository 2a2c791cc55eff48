package weir.observe;

/** Why a credential did not serve a call, so that another one had to. */
public enum UpstreamTrouble {
    /** The provider had too many requests of it. */
    RATE_LIMITED(MetricNames.UPSTREAM_RATE_LIMITED),
    /** There is no money left behind it. */
    OUT_OF_MONEY(MetricNames.UPSTREAM_OUT_OF_MONEY),
    /** The provider does not know it, or not any more. */
    NOT_ACCEPTED(MetricNames.UPSTREAM_NOT_ACCEPTED),
    /** Its login had failed, and nothing was sent. */
    LOGIN_FAILED(MetricNames.UPSTREAM_LOGIN_FAILED);

    private final String metric;

    UpstreamTrouble(String metric) {
        this.metric = metric;
    }

    String metric() {
        return metric;
    }
}
