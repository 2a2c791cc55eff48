/** What the micro-benchmarks share; each stands in the package of what it measures. */
@NullMarked
package weir.micro;

import org.jspecify.annotations.NullMarked;
