package bench;

/**
 * One kind of load.
 *
 * @param perSecond how many calls are begun in a second; 0 if callers call without a pause
 * @param callers how many they are; 0 at a rate
 * @param seconds how long a round takes
 */
public record Scenario(String name, Shape shape, int perSecond, int callers, int seconds) {
    static Scenario rate(int perSecond, int seconds) {
        return new Scenario("plain-" + perSecond, Shape.PLAIN, perSecond, 0, seconds);
    }

    static Scenario callers(int callers, int seconds) {
        return new Scenario("closed-" + callers, Shape.PLAIN, 0, callers, seconds);
    }

    static Scenario streams(int atOnce, int gapMillis, int seconds) {
        return new Scenario("streams-" + atOnce, Shape.stream(50, gapMillis), 0, atOnce, seconds);
    }

    static Scenario bodies(int megabytes, int callers, int seconds) {
        Shape shape = new Shape(Mark.PLAIN, megabytes * 1_000_000);
        return new Scenario("body-" + megabytes + "MB", shape, 0, callers, seconds);
    }

    Outcome run(Load load, Target target) throws InterruptedException {
        return perSecond > 0
                ? load.open(target, shape, perSecond, seconds)
                : load.closed(target, shape, callers, seconds);
    }
}
