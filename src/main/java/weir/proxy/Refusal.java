package weir.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ledger.LedgerUnavailableException;
import weir.limit.Reason;
import weir.limit.Standing;

/**
 * Every way of saying no. What each looks like on the wire is said in {@link Answers}, and only
 * there.
 */
sealed interface Refusal {
    Reason reason();

    /** For the caller: what is wrong, where, and what to do. */
    String message();

    /** The limit that says no; null where none does. */
    default @Nullable String limit() {
        return null;
    }

    /** Limits have no room; at least one standing. */
    record Limited(List<Standing> violated) implements Refusal {
        public Limited {
            violated = List.copyOf(violated);
        }

        /** From the standings of a refused reservation. */
        static Limited of(List<Standing> standings) {
            return new Limited(standings.stream().filter(Standing::refuses).toList());
        }

        /** The one that matters most: what is final first, then the longest wait. */
        Standing tightest() {
            return violated.stream()
                    .max((a, b) ->
                            a.verdict() == b.verdict()
                                    ? Long.compare(a.waitMillis(), b.waitMillis())
                                    : a.verdict().compareTo(b.verdict()))
                    .orElseThrow();
        }

        @Override
        public Reason reason() {
            Standing standing = tightest();
            boolean budget = standing.claim().isMoney();
            return switch (standing.verdict()) {
                case RESERVED -> Reason.BUDGET_RESERVED;
                case EXHAUSTED -> Reason.BUDGET_EXHAUSTED;
                case TOO_LARGE -> budget ? Reason.BUDGET_EXHAUSTED : Reason.TOO_LARGE;
                case SHORT, FITS -> Reason.RATE_LIMITED;
            };
        }

        @Override
        public String message() {
            return Wording.of(tightest());
        }

        @Override
        public String limit() {
            return tightest().claim().limit().name();
        }
    }

    /** Costs money that the price book cannot foresee, under a budget that does not allow that. */
    record Unpriced(String what, String limit) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.UNPRICED;
        }

        @Override
        public String message() {
            return "Weir has no price for "
                    + what
                    + ", and the budget \""
                    + limit
                    + "\" admits only what it can price. Use a priced model or endpoint, or set"
                    + " \"unpriced\" of that limit.";
        }
    }

    record UnknownKey(boolean sent) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.UNKNOWN_KEY;
        }

        @Override
        public String message() {
            return sent
                    ? "This virtual key is unknown or has expired. Send a valid wk_ key as the API"
                            + " key."
                    : "No virtual key was sent. Send a wk_ key as the API key.";
        }
    }

    /**
     * Known, but not for this.
     *
     * @param why a whole sentence
     */
    record NotAllowed(String why) implements Refusal {
        static NotAllowed provider(String name) {
            return new NotAllowed("This key may not call the provider \"" + name + "\".");
        }

        static NotAllowed models(List<String> names) {
            return names.isEmpty()
                    ? new NotAllowed(
                            "This key may use certain models only, and this request lets the"
                                    + " provider choose one.")
                    : new NotAllowed(
                            "This key may not use every one of the models %s."
                                    .formatted(String.join(", ", names)));
        }

        static NotAllowed account(String provider) {
            return new NotAllowed(
                    ("This call reaches what all callers of \"%s\" share: stored objects, jobs or"
                                    + " credentials of the account. Set account-calls: allow for"
                                    + " that provider in weir.yaml if they may.")
                            .formatted(provider));
        }

        static NotAllowed hiddenModel() {
            return new NotAllowed(
                    "This key may use certain models only, and Weir cannot see which one this"
                            + " endpoint uses.");
        }

        static NotAllowed unseenInput(String limit) {
            return new NotAllowed(
                    "The request refers to input that Weir cannot see (a stored conversation, a"
                            + " file or a URL), and the budget \""
                            + limit
                            + "\" does not allow that.");
        }

        @Override
        public Reason reason() {
            return Reason.NOT_ALLOWED;
        }

        @Override
        public String message() {
            return why;
        }
    }

    record BodyTooLarge(long maxBytes) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.TOO_LARGE;
        }

        @Override
        public String message() {
            return "The request body is larger than "
                    + maxBytes
                    + " bytes, the most that Weir accepts.";
        }
    }

    /**
     * Cannot be read.
     *
     * @param message what is wrong and what is allowed
     */
    record BadRequest(String message) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.BAD_REQUEST;
        }
    }

    record NoRoute(String path) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.NO_ROUTE;
        }

        @Override
        public String message() {
            return "No provider serves "
                    + path
                    + ". Paths begin with the name of a provider in weir.yaml,"
                    + " as in /openai/v1/chat/completions.";
        }
    }

    record Overloaded() implements Refusal {
        @Override
        public Reason reason() {
            return Reason.OVERLOADED;
        }

        @Override
        public String message() {
            return "Weir holds as many request bodies as it may. Try again in a moment.";
        }
    }

    /**
     * @param limit that does not let a request pass without a ledger; null where the ledger is not
     *     away but late, and nobody has asked
     */
    record LedgerUnavailable(@Nullable String limit) implements Refusal {
        /** By what the ledger failed with. */
        static LedgerUnavailable of(Throwable cause) {
            return new LedgerUnavailable(
                    cause instanceof LedgerUnavailableException away ? away.limit() : null);
        }

        @Override
        public Reason reason() {
            return Reason.LEDGER_UNAVAILABLE;
        }

        @Override
        public String message() {
            return "The ledger that counts limits does not answer, and this request may not pass"
                    + " without it"
                    + (limit == null ? "" : " (limit \"" + limit + "\")")
                    + ". Try again in a moment.";
        }
    }

    record UpstreamUnavailable(String provider) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.UPSTREAM_UNAVAILABLE;
        }

        @Override
        public String message() {
            return "The provider \""
                    + provider
                    + "\" cannot be reached, or closed the connection before it"
                    + " answered.";
        }
    }

    /**
     * @param what names the timeout that ran out, as it is called in weir.yaml
     */
    record UpstreamTimeout(String provider, String what) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.UPSTREAM_TIMEOUT;
        }

        @Override
        public String message() {
            return "The provider \""
                    + provider
                    + "\" did not answer within the timeout \""
                    + what
                    + "\".";
        }
    }

    record Draining() implements Refusal {
        @Override
        public Reason reason() {
            return Reason.DRAINING;
        }

        @Override
        public String message() {
            return "Weir is shutting down and takes no new calls.";
        }
    }
}
