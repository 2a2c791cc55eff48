package bench;

import bench.Measured.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The results for people: medians over rounds with their spread, and each as a ratio to a floor.
 */
final class Table {
    private final List<Measured> rows;
    private final String floor;

    /**
     * @param floor the contestant that the others are divided by
     */
    Table(List<Measured> rows, String floor) {
        this.rows = rows;
        this.floor = floor;
    }

    /** One Markdown table a scenario. */
    String markdown() {
        StringBuilder text = new StringBuilder(4_096);
        for (String scenario : rows.stream().map(Measured::scenario).distinct().toList()) {
            text.append("### ").append(scenario).append("\n\n");
            append(text, scenario);
            text.append('\n');
        }
        return text.toString();
    }

    private void append(StringBuilder text, String scenario) {
        List<Figure> figures = figures(scenario);
        text.append("| |");
        figures.forEach(figure -> text.append(' ').append(figure.column()).append(" |"));
        text.append("\n|---|").append("---|".repeat(figures.size())).append('\n');
        for (String name : rows.stream().map(Measured::contestant).distinct().toList()) {
            List<Measured> own = rounds(scenario, name);
            if (!own.isEmpty()) {
                String cells =
                        figures.stream()
                                .map(figure -> cell(scenario, own, figure))
                                .collect(Collectors.joining(" | "));
                text.append("| ").append(name).append(" | ").append(cells).append(" |\n");
            }
        }
    }

    /** Those that say something of this scenario. */
    private List<Figure> figures(String scenario) {
        boolean streams = scenario.startsWith("streams");
        boolean closed = scenario.startsWith("closed") || scenario.startsWith("body");
        List<Figure> chosen = new ArrayList<>();
        if (streams) {
            chosen.addAll(List.of(Figure.FIRST_P50, Figure.FIRST_P99, Figure.GAP_P99));
        } else {
            chosen.addAll(List.of(Figure.P50, Figure.P99, Figure.P999));
        }
        if (closed || streams) {
            chosen.add(Figure.PER_SECOND);
        }
        chosen.addAll(List.of(Figure.CPU, Figure.REDIS_CPU, Figure.RESIDENT, Figure.FAILED));
        return chosen;
    }

    /** Median, spread over the rounds, and how many times the floor's median it is. */
    private String cell(String scenario, List<Measured> own, Figure figure) {
        Spread spread = spread(own, figure);
        double median = spread.median();
        if (!Double.isFinite(median) || figure == Figure.FAILED) {
            return Double.isFinite(median) ? Long.toString(Math.round(median)) : "";
        }
        String text = spread.text(Table::number);
        double base = spread(rounds(scenario, floor), figure).median();
        boolean comparable = base > 0 && median > 0 && figure != Figure.RESIDENT;
        return comparable ? text + String.format(Locale.ROOT, " ×%.2f", median / base) : text;
    }

    private List<Measured> rounds(String scenario, String name) {
        return rows.stream()
                .filter(row -> row.scenario().equals(scenario) && row.contestant().equals(name))
                .toList();
    }

    private static Spread spread(List<Measured> rounds, Figure figure) {
        return Spread.of(rounds.stream().mapToDouble(figure::of).toArray());
    }

    /** Three digits that count. */
    private static String number(double value) {
        if (value >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(
                Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
