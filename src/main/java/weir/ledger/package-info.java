@NullMarked
package weir.ledger;

import org.jspecify.annotations.NullMarked;
