package weir.provider;

/**
 * Work that goes on at the provider after its answer: what it used is known when it is over.
 *
 * @param target path, from the API's root, where the vendor tells how it stands, in the shape of
 *     the answer that began it
 */
public record Job(String target) {}
