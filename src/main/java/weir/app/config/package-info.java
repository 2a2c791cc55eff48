/** weir.yaml: from its bytes to {@link weir.proxy.Rules}, or to every error in it. */
@NullMarked
package weir.app.config;

import org.jspecify.annotations.NullMarked;
