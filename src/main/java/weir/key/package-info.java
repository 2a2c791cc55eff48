@NullMarked
package weir.key;

import org.jspecify.annotations.NullMarked;
