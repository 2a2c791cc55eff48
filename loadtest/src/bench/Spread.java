package bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * What several rounds came to.
 *
 * @param rounds how many there were; the figures are no numbers where there was none
 */
record Spread(double least, double median, double most, int rounds) {
    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        if (count == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Spread(sorted[0], median, sorted[count - 1], count);
    }

    /** The median, and in brackets the least and the most where there was more than one round. */
    String text(DoubleFunction<String> number) {
        String middle = number.apply(median);
        return rounds < 2
                ? middle
                : String.format(
                        Locale.ROOT,
                        "%s (%s to %s)",
                        middle,
                        number.apply(least),
                        number.apply(most));
    }
}
