@NullMarked
package weir.program;

import org.jspecify.annotations.NullMarked;
