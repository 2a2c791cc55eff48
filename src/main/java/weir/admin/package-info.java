@NullMarked
package weir.admin;

import org.jspecify.annotations.NullMarked;
