package weir.ledger;

import weir.limit.Amounts;

/**
 * How a grant ends.
 *
 * @param actual what was really used; {@link Amounts#NOTHING} gives everything back
 */
public record Settlement(Decision.Granted grant, Amounts actual) {}
