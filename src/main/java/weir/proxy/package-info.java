@NullMarked
package weir.proxy;

import org.jspecify.annotations.NullMarked;
