"""Draws a load test's results: plots.py RESULTS, the folder with rounds.csv and percentiles.csv."""

import csv
import pathlib
import statistics
import sys

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402, after the choice of a backend without a screen

# The same colour for the same contestant in every plot; Weir's stand out.
COLOURS = {
    "weir-leased": "#d62728",
    "weir-exact": "#ff7f0e",
    "weir-process": "#e377c2",
    "hop": "#1f77b4",
    "hop-redis": "#17becf",
    "nginx": "#2ca02c",
    "nginx-lua": "#98df8a",
    "envoy": "#9467bd",
    "envoy-ratelimit": "#8c564b",
    "bifrost": "#bcbd22",
    "litellm": "#7f7f7f",
    "direct": "#000000",
}
# A SVG must be the same for the same figures.
pyplot.rcParams.update({"svg.hashsalt": "weir", "figure.figsize": (9, 5), "svg.fonttype": "none"})


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def median(rows, scenario, contestant, column):
    values = [
        float(row[column])
        for row in rows
        if row["scenario"] == scenario and row["contestant"] == contestant and row[column]
    ]
    return statistics.median(values) if values else None


def save(figure, results, name):
    figure.tight_layout()
    figure.savefig(results / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def percentiles(rows, results, scenario):
    """Time against percentile, as far as the tail as there are calls for it."""
    figure, axes = pyplot.subplots()
    of_scenario = [row for row in rows if row["scenario"] == scenario]
    for contestant in dict.fromkeys(row["contestant"] for row in of_scenario):
        own = [row for row in of_scenario if row["contestant"] == contestant]
        points = [(1 / (1 - float(row["percentile"]) / 100), float(row["ms"])) for row in own
                  if float(row["percentile"]) < 99.99]
        axes.plot(*zip(*points), label=contestant, color=COLOURS.get(contestant),
                  linewidth=2.5 if contestant.startswith("weir") else 1.2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([1, 2, 10, 100, 1000], ["0", "50", "90", "99", "99.9"])
    axes.set_xlabel("percentile")
    axes.set_ylabel("ms from due to answered")
    axes.set_title(f"{scenario}: time of a call")
    axes.grid(True, which="both", alpha=0.2)
    axes.legend(fontsize="small", ncols=2)
    save(figure, results, f"percentiles-{scenario}")


def bars(rows, results, scenario, column, title, name):
    """One bar a contestant, the least first."""
    contestants = dict.fromkeys(row["contestant"] for row in rows if row["scenario"] == scenario)
    values = {each: median(rows, scenario, each, column) for each in contestants}
    shown = sorted((value, each) for each, value in values.items() if value)
    if not shown:
        return
    figure, axes = pyplot.subplots()
    drawn = axes.barh([each for _, each in shown], [value for value, _ in shown],
                      color=[COLOURS.get(each) for _, each in shown])
    axes.bar_label(drawn, fmt="{:,.3g}", padding=3)
    axes.set_xscale("log")
    axes.margins(x=0.2)
    axes.invert_yaxis()
    axes.set_title(title)
    save(figure, results, name)


def main(results):
    rounds = read(results / "rounds.csv")
    spread = read(results / "percentiles.csv")
    for scenario in dict.fromkeys(row["scenario"] for row in spread):
        percentiles(spread, results, scenario)
    bars(rounds, results, "plain-500", "cpu_ms_per_1000_calls",
         "ms of CPU for 1,000 calls at 500 a second", "cpu")
    bars(rounds, results, "plain-500", "resident_mb", "resident memory under load, MB", "memory")
    bars(rounds, results, "closed-32", "calls_per_second", "calls a second, 32 callers", "most")


main(pathlib.Path(sys.argv[1]))
