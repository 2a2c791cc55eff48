package weir.key.cloud;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import weir.key.Proof;
import weir.key.Secret;

/**
 * A proof, and how long its issuer says that it is valid.
 *
 * @param expiresMillis since the epoch; {@link #NEVER} for one that does not expire
 */
record Issued(Proof proof, long expiresMillis) {
    static final long NEVER = Long.MAX_VALUE;

    private static final long MAX_LIFE_SECONDS = 366L * 86_400;

    /**
     * A token, from the answer that OAuth servers give (RFC 6749, 5.1).
     *
     * @throws ProofException if the answer is not one
     */
    static Issued oauth(Answer answer, long nowMillis) {
        Answer.Json json = answer.json();
        Secret token = json.secret("access_token");
        long seconds = Math.clamp(json.number("expires_in"), 0L, MAX_LIFE_SECONDS);
        return new Issued(new Proof.Token(token), nowMillis + seconds * 1_000);
    }

    /**
     * The moment that an issuer named.
     *
     * @throws ProofException if it is no date and time with an offset
     */
    static long moment(String text, String from) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new ProofException(from + ": the expiry in the answer is not a date and time");
        }
    }
}
