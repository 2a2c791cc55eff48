package loadtest;

import java.util.List;

/**
 * The text of an answer: which words, in how many pieces.
 *
 * @param tokens words in all; pieces of filler count one each
 * @param pieces content events of a stream, at least 1
 * @param pieceBytes the least length of a piece, 0 for as it comes
 * @param filler whether the pieces are filler of that length and too many to hold at once
 * @param capped whether the request's own limit ended it
 */
record Text(long tokens, int pieces, int pieceBytes, boolean filler, boolean capped) {
    static final long DEFAULT_TOKENS = 16;
    private static final int FILLER_BYTES = 16 * 1024;
    private static final List<String> WORDS =
            List.of(
                    "A",
                    "weir",
                    "is",
                    "a",
                    "low",
                    "dam",
                    "across",
                    "a",
                    "river",
                    "that",
                    "regulates",
                    "the",
                    "flow",
                    "and",
                    "measures",
                    "it.");

    static Text of(Script script, Ask ask) {
        int pieceBytes = (int) script.number(Word.CHUNK_BYTES, 0);
        if (script.has(Word.BYTES)) {
            int bytes = pieceBytes == 0 ? FILLER_BYTES : pieceBytes;
            long pieces = Math.ceilDiv(script.number(Word.BYTES, 0), bytes);
            return new Text(pieces, Math.clamp(pieces, 1, 1 << 30), bytes, true, false);
        }
        long wanted =
                script.number(
                        Word.TOKENS,
                        script.number(Word.CHUNKS, Math.min(DEFAULT_TOKENS, ask.outputCap())));
        long tokens = Math.min(wanted, ask.outputCap());
        boolean capped = tokens == ask.outputCap();
        int pieces = (int) Math.max(1, script.number(Word.CHUNKS, tokens));
        return new Text(tokens, pieces, pieceBytes, false, capped);
    }

    /** The text of one piece; the pieces share the words as evenly as they can. */
    String piece(int index) {
        if (filler) {
            return "w".repeat(pieceBytes);
        }
        StringBuilder piece = new StringBuilder();
        for (long i = index * tokens / pieces; i < (index + 1) * tokens / pieces; i++) {
            piece.append(i == 0 ? "" : " ").append(WORDS.get((int) (i % WORDS.size())));
        }
        return piece.append("w".repeat(Math.max(0, pieceBytes - piece.length()))).toString();
    }

    /** All pieces together; of filler only one, because all would not fit into memory. */
    String whole() {
        if (filler) {
            return piece(0);
        }
        if (pieceBytes == 0) {
            return new Text(tokens, 1, 0, false, capped).piece(0);
        }
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            whole.append(piece(i));
        }
        return whole.toString();
    }
}
