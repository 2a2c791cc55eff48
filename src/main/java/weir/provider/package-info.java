@NullMarked
package weir.provider;

import org.jspecify.annotations.NullMarked;
