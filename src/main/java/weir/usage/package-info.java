@NullMarked
package weir.usage;

import org.jspecify.annotations.NullMarked;
