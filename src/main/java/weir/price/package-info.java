@NullMarked
package weir.price;

import org.jspecify.annotations.NullMarked;
