@NullMarked
package weir.key.cloud;

import org.jspecify.annotations.NullMarked;
