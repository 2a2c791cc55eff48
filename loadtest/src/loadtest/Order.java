package loadtest;

/**
 * One request, understood.
 *
 * @param number counts up from 1; every id in the answer is made of it, so that runs can be
 *     compared
 */
record Order(Ask ask, Script script, long number) {
    Text text() {
        return Text.of(script, ask);
    }

    Tally tally(Text text) {
        return new Tally(script, ask.inputTokens(), text.tokens() * ask.choices());
    }

    String model() {
        return Template.quote(ask.model());
    }

    String id(String prefix) {
        return prefix + "sim" + number;
    }

    /** How many content events a stream has; half of them where it is to break off. */
    int events(Text text) {
        int events = Math.multiplyExact(text.pieces(), ask.choices());
        return breaksOff() ? events / 2 : events;
    }

    boolean breaksOff() {
        return script.has(Word.ERROR_IN_STREAM);
    }
}
