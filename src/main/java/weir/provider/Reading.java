package weir.provider;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of one endpoint are read.
 *
 * @param cap the field with the caller's limit on output, null where there is none
 * @param finish draws conclusions from all that was read
 */
record Reading(Fields<Request> fields, @Nullable String cap, Consumer<Request> finish) {}
