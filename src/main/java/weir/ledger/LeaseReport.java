package weir.ledger;

import weir.limit.Claim;

/**
 * How a holder stands with one counter. Amounts are in the meter's unit, each below 2^52.
 *
 * @param counter which; its amount is not looked at
 * @param windowMillis a moment in the budget's window; 0 for meters without one
 * @param sequence rises with every report of this holder on this counter; one that does not is
 *     passed over
 * @param used tokens taken or nano-dollars spent since the holder's first report on this counter,
 *     corrections included: it may fall; 0 for concurrency
 * @param busy nano-dollars that requests hold, or requests in flight; 0 for rates
 * @param spare how much the holder would like to have beyond that
 * @param need how much of it a request is waiting for, at most {@code spare}; 0 where none waits
 * @param least how much of the need would do where a budget is near its end, at most {@code need}
 * @param last whether the holder will not report on this counter again: busy and spare are 0
 */
public record LeaseReport(
        Claim counter,
        long windowMillis,
        long sequence,
        long used,
        long busy,
        long spare,
        long need,
        long least,
        boolean last) {}
