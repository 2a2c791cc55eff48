/**
 * The judge: a provider of prepared answers, a load without coordinated omission, the floors of our
 * own runtime, and the run that compares them with Weir and with its peers.
 */
@NullMarked
package bench;

import org.jspecify.annotations.NullMarked;
