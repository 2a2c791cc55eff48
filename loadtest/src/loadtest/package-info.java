/** A simulated provider: what the tests and the load test call instead of a vendor. */
@NullMarked
package loadtest;

import org.jspecify.annotations.NullMarked;
