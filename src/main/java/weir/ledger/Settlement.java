package weir.ledger;

import java.util.List;
import weir.limit.Amounts;
import weir.limit.Standing;

/**
 * How a grant ends.
 *
 * @param actual what was really used; {@link Amounts#NOTHING} gives everything back
 */
public record Settlement(Decision.Granted grant, Amounts actual) {
    /**
     * The claims as the ledger has counted them: of a grant that it did not count it has taken
     * nothing, so all that was used is owed.
     */
    List<Standing> counted() {
        return grant.backed()
                ? grant.standings()
                : grant.standings().stream()
                        .map(s -> s.withClaim(s.claim().withAmount(0)))
                        .toList();
    }
}
