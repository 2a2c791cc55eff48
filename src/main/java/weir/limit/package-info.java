@NullMarked
package weir.limit;

import org.jspecify.annotations.NullMarked;
