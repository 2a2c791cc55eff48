package weir.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The few fields that are wanted out of a JSON document, and what to do with each.
 *
 * <p>A vendor's file lists them as dotted paths; they become a trie, and a {@link Walk} moves
 * through it token by token, beside the parser. Where the trie has no branch the walk only counts
 * brackets until the value is over. No tree of the document is ever built, no path is put together
 * while reading, and no string is decoded unless a handler asks for it: a body of megabytes costs
 * its scan. Because a walk is pushed its tokens, it serves a blocking parser over a whole body and
 * a non-blocking one over chunks alike.
 *
 * <h2>Paths</h2>
 *
 * <ul>
 *   <li>{@code usage.prompt_tokens}: a member of a member of the root
 *   <li>{@code output[].type}: that member of each element of an array
 *   <li>{@code [].error}: that member of each element where the document is an array
 *   <li>{@code messages.**.file_id}: that member at any depth below, through objects and arrays;
 *       listed before other paths through {@code messages}, whose own members win
 * </ul>
 *
 * <p>A path names a value of any kind: a handler is also called for the opening token of an object
 * or array, so that it can tell {@code null} from something.
 *
 * <h2>Repeated fields</h2>
 *
 * <p>JSON parsers disagree about which of two equal names counts, so a request that repeats a field
 * which Weir reads could show Weir one model and the provider another. Paths without arrays and
 * {@code **} can occur only once; a walk notes the first that occurs again.
 *
 * @param <S> what handlers write to; one for each document or response
 */
final class Fields<S> {
    /** What to do with a value; {@code token} is a scalar or an opening bracket. */
    @FunctionalInterface
    interface Handler<S> {
        void value(S state, JsonToken token, JsonParser parser) throws IOException;
    }

    private final Node<S> root;
    private final long nextOnce;

    private Fields(Node<S> root, long nextOnce) {
        this.root = root;
        this.nextOnce = nextOnce;
    }

    Walk<S> walk(S state) {
        return new Walk<>(root, state);
    }

    /** One place in a document. */
    private static final class Node<S> {
        final String path;

        /** The bit of a place that can occur only once; 0 for others. */
        final long once;

        final Map<String, Node<S>> named = new HashMap<>();
        @Nullable Node<S> items;

        /** Where a name without a branch of its own leads: the place of {@code **}. */
        @Nullable Node<S> below;

        @Nullable Handler<S> handler;

        Node(String path, long once) {
            this.path = path;
            this.once = once;
        }

        @Nullable Node<S> member(String name) {
            Node<S> node = named.get(name);
            if (node == null && below != null) {
                Node<S> deep = below.named.get(name);
                return deep == null ? below : deep;
            }
            return node;
        }

        @Nullable Node<S> element() {
            return items == null ? below : items;
        }
    }

    /** Builds the trie; for static initialisers. */
    static final class Builder<S> {
        private final Node<S> root = new Node<>("", 1);
        private long nextOnce = 2;

        Builder() {}

        /** Of documents with a whole other document as a member. */
        Builder(String path, Fields<S> inner) {
            nextOnce = inner.nextOnce;
            int at = path.lastIndexOf('.');
            place(path.substring(0, Math.max(0, at))).named.put(path.substring(at + 1), inner.root);
        }

        Fields<S> build() {
            return new Fields<>(root, nextOnce);
        }

        Builder<S> on(String path, Handler<S> handler) {
            place(path).handler = handler;
            return this;
        }

        /**
         * Ends the search below: what stands here is the application's own data, whatever its names
         * are.
         */
        Builder<S> closed(String path) {
            place(path).below = null;
            return this;
        }

        /**
         * Sets a number of tokens or calls as {@link Json#count} reads it; other values are as if
         * absent.
         */
        Builder<S> count(String path, ObjLongConsumer<S> setter) {
            return on(
                    path,
                    (state, token, parser) -> {
                        long count = Json.count(token, parser);
                        if (count >= 0) {
                            setter.accept(state, count);
                        }
                    });
        }

        /**
         * Sets a string of 1 to {@link Json#MAX_TEXT} characters; other values are as if absent.
         */
        Builder<S> text(String path, BiConsumer<S, String> setter) {
            return on(
                    path,
                    (state, token, parser) -> {
                        if (token == JsonToken.VALUE_STRING
                                && parser.getTextLength() > 0
                                && parser.getTextLength() <= Json.MAX_TEXT) {
                            setter.accept(state, parser.getText());
                        }
                    });
        }

        private Node<S> place(String path) {
            Node<S> node = root;
            for (String name : path.replace("[]", ".[]").split("\\.", -1)) {
                node = name.isEmpty() ? node : step(node, name);
            }
            return node;
        }

        private Node<S> step(Node<S> node, String name) {
            if (name.equals("[]")) {
                if (node.items == null) {
                    node.items = child(node, node.path + "[]", 0);
                }
                return node.items;
            }
            if (name.equals("**")) {
                if (node.below == null) {
                    node.below = new Node<>(node.path + ".**", 0);
                    node.below.below = node.below;
                }
                return node.below;
            }
            Node<S> known = node.named.get(name);
            if (known != null) {
                return known;
            }
            Node<S> made =
                    child(
                            node,
                            node.path.isEmpty() ? name : node.path + "." + name,
                            node.once == 0 ? 0 : bit());
            node.named.put(name, made);
            return made;
        }

        /** What stands below {@code **} is searched at every depth again, itself included. */
        private static <S> Node<S> child(Node<S> parent, String path, long once) {
            Node<S> made = new Node<>(path, once);
            made.below = parent.below;
            return made;
        }

        private long bit() {
            long bit = nextOnce;
            if (bit == 0) {
                throw new IllegalStateException("more than 63 places that occur once");
            }
            nextOnce <<= 1;
            return bit;
        }
    }

    /** One reading of one document. */
    static final class Walk<S> {
        private final S state;
        private final Frame<S> outside = new Frame<>(null);
        private Frame<S> frame = outside;
        private int skipping;
        private long seen;
        private boolean done;
        private @Nullable String repeated;

        private Walk(Node<S> root, S state) {
            this.state = state;
            outside.slot = root;
        }

        /** Whether the root value has been read to its end. */
        boolean done() {
            return done;
        }

        /** The first path that occurred twice although it can only once; null where none did. */
        @Nullable String repeated() {
            return repeated;
        }

        void accept(JsonToken token, JsonParser parser) throws IOException {
            if (skipping > 0) {
                skipping += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } else if (token == JsonToken.FIELD_NAME) {
                name(parser.currentName());
                return;
            } else if (token.isStructEnd()) {
                frame = frame.parent == null ? frame : frame.parent;
            } else {
                value(token, parser);
            }
            done = frame == outside && skipping == 0;
        }

        private void name(String name) {
            Node<S> node = frame.object == null ? null : frame.object.member(name);
            frame.slot = node;
            if (node != null && node.once != 0) {
                if ((seen & node.once) != 0 && repeated == null) {
                    repeated = node.path;
                }
                seen |= node.once;
            }
        }

        private void value(JsonToken token, JsonParser parser) throws IOException {
            Node<S> node = frame.slot;
            if (node != null && node.handler != null) {
                node.handler.value(state, token, parser);
            }
            if (token == JsonToken.START_OBJECT && node != null) {
                frame = frame.inner(node, null);
            } else if (token == JsonToken.START_ARRAY && node != null && node.element() != null) {
                frame = frame.inner(null, node.element());
            } else if (token.isStructStart()) {
                skipping = 1;
            }
        }
    }

    /** An open object or array; frames are kept and used again. */
    private static final class Frame<S> {
        final @Nullable Frame<S> parent;
        private @Nullable Frame<S> next;

        /** The object whose members are being read; null in an array. */
        @Nullable Node<S> object;

        /** Where the next value stands; null where nobody wants it. */
        @Nullable Node<S> slot;

        Frame(@Nullable Frame<S> parent) {
            this.parent = parent;
        }

        Frame<S> inner(@Nullable Node<S> innerObject, @Nullable Node<S> innerSlot) {
            if (next == null) {
                next = new Frame<>(this);
            }
            next.object = innerObject;
            next.slot = innerSlot;
            return next;
        }
    }
}
