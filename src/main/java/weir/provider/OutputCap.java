package weir.provider;

import java.util.List;

/**
 * Where a request says how much output it wants at most, so that less can be put there. Every name
 * that it uses is lowered, since servers differ in which of them they read; where it uses none, the
 * one that this endpoint reads is added.
 *
 * @param named the caps that the request names
 * @param gap where one goes if it names none
 * @param leastTokens below which the request makes no sense; 0 where it does not say
 */
public record OutputCap(List<Named> named, Gap gap, long leastTokens) {
    public OutputCap {
        named = List.copyOf(named);
    }

    /** A number in the bytes {@code from} (inclusive) to {@code to} (exclusive) of the body. */
    record Named(int from, int to, long tokens) {}

    /** Bytes that a cap replaces, possibly none, and what stands around it. */
    record Gap(int from, int to, String before, String after) {}

    /** How the body has to change so that it asks for no more than this, per choice. */
    public List<Peek.BodyEdit> lowered(long tokens) {
        if (named.isEmpty()) {
            String text = gap.before() + tokens + gap.after();
            return List.of(new Peek.BodyEdit(gap.from(), gap.to(), text));
        }
        return named.stream()
                .filter(n -> n.tokens() > tokens)
                .map(n -> new Peek.BodyEdit(n.from(), n.to(), Long.toString(tokens)))
                .toList();
    }
}
