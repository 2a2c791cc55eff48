package weir.observe;

/**
 * Every metric name, as Prometheus shows it less the suffix that its registry adds ({@code _total},
 * {@code _seconds}).
 */
final class MetricNames {
    static final String REQUESTS = "weir_requests";
    static final String TOKENS = "weir_tokens";
    static final String SPEND_USD = "weir_spend_usd";
    static final String REFUSALS = "weir_refusals";

    /** Streams that a budget ended, by the limit. */
    static final String STREAMS_TRUNCATED = "weir_streams_truncated";

    /** What limits in shadow mode would have refused. */
    static final String SHADOW_REFUSALS = "weir_shadow_refusals";

    static final String LIMIT_REMAINING = "weir_limit_remaining";
    static final String BUDGET_SPENT_USD = "weir_budget_spent_usd";
    static final String BUDGET_LIMIT_USD = "weir_budget_limit_usd";
    static final String BUDGET_RESERVED_USD = "weir_budget_reserved_usd";

    /** Taken by sidecars ahead of need. */
    static final String BUDGET_LEASED_USD = "weir_budget_leased_usd";

    static final String OVERHEAD = "weir_overhead";
    static final String TIME_TO_FIRST_BYTE = "weir_time_to_first_byte";
    static final String UPSTREAM = "weir_upstream";
    static final String WAITING = "weir_waiting";
    static final String WAITED = "weir_waited";
    static final String SOFT_THRESHOLD_CROSSED = "weir_soft_threshold_crossed";
    static final String WEBHOOK_DELIVERIES = "weir_webhook_deliveries";
    static final String IN_FLIGHT = "weir_in_flight";
    static final String LEDGER = "weir_ledger";
    static final String LEDGER_UP = "weir_ledger_up";

    /** Reservations that were granted without a round trip to the ledger. */
    static final String LEASE_HITS = "weir_lease_hits";

    /** Reservations for which the ledger was asked. */
    static final String LEASE_MISSES = "weir_lease_misses";

    /** Requests that limits decided by themselves while the ledger was away. */
    static final String LEDGER_DEGRADED = "weir_ledger_degraded";

    /** Processes that share the ledger, this one included. */
    static final String SIDECARS = "weir_sidecars";

    /** Answers by which providers had too many requests of a credential. */
    static final String UPSTREAM_RATE_LIMITED = "weir_upstream_rate_limited";

    /** Answers by which there was no money left behind a credential. */
    static final String UPSTREAM_OUT_OF_MONEY = "weir_upstream_out_of_money";

    /** Answers by which providers did not accept a credential. */
    static final String UPSTREAM_NOT_ACCEPTED = "weir_upstream_not_accepted";

    /** Calls that went on without a credential, because its login had failed. */
    static final String UPSTREAM_LOGIN_FAILED = "weir_upstream_login_failed";

    /** Predictions, background responses and batches that are not over. */
    static final String JOBS = "weir_jobs";

    static final String SETTLEMENTS_PENDING = "weir_settlements_pending";
    static final String USAGE_ESTIMATED = "weir_usage_estimated";
    static final String CONFIG_RELOADS = "weir_config_reloads";
    static final String LABELS_CLIPPED = "weir_labels_clipped";
    static final String GEN_AI_TOKENS = "gen_ai_client_token_usage";
    static final String GEN_AI_DURATION = "gen_ai_client_operation_duration";

    private MetricNames() {}
}
