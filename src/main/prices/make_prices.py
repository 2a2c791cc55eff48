"""Writes the price book from two public price lists.

    python3 -m venv /tmp/prices && /tmp/prices/bin/pip install genai-prices==0.2.3
    /tmp/prices/bin/python src/main/prices/make_prices.py LITELLM.json 2026-11-24

LITELLM.json is model_prices_and_context_window_backup.json out of the litellm 1.109.1 package.

genai-prices is the first source: it dates its prices and says where each was read. litellm is the
second opinion. Where they differ, differences.md (written here) says so and the price of
genai-prices stands, but for three rules, all of them upward or nearer to the vendor:

  - of two context windows the larger stands, as a bound, and of two prices of a web search the
    dearer
  - what only litellm has is taken: kinds that cost more than the kind they would fall back to,
    tiers, regions, and whole models
  - where genai-prices prices another vendor's model by that vendor's own list (Azure), litellm's
    price for this vendor stands
  - on Bedrock the dearer stands, step by step: genai-prices has one price for all parts of the
    world where litellm has one for each

What neither has is in own.py with its source. Rows whose price changes later carry the later price
too, and DeepSeek's the price of its peak hours.

The results of genai-prices' own calculation for seeded usages go to the golden file of
BundledPricesTest.
"""

import json
import random
import re
import sys
from datetime import date, time, timezone
from decimal import Decimal
from pathlib import Path

import genai
import golden
import litellm_table
import own
import report
import vendors
from vendors import VENDORS

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "src/main/resources/weir/prices.json"
DIFFERENCES = Path(__file__).with_name("differences.md")

CALLS = "web-search file-search maps-search page-visit code-run other-tool".split()
MEDIA = (
    "characters images input-images audio-hours video-hours hardware-hours pages annotated-pages "
    "search-units stored-token-hours requests"
).split()
ORDER = (
    "input cached-input cached-text-input cached-audio-input cached-image-input cache-write-5m "
    "cache-write-30m cache-write-1h cache-write-12h audio-input image-input video-input output "
    "reasoning audio-output image-output video-output"
).split() + MEDIA + CALLS

# What only litellm has is added where it costs more than what the kind falls back to.
FALLBACK = {
    "cache-write-1h": "cache-write-5m",
    "cache-write-12h": "cache-write-30m",
    "audio-input": "input",
    "image-input": "input",
    "video-input": "input",
    "reasoning": "output",
    "audio-output": "output",
    "image-output": "output",
    "video-output": "output",
}

# No source gives an output limit for some models (images above all), nor a context window for a
# few. No model of these vendors without one is known to write more than 128,000 tokens or to read
# more than 1,050,000.
UNKNOWN_OUTPUT = 128_000
UNKNOWN_CONTEXT = 1_050_000

INPUTS = ("embedding", "rerank", "ocr", "audio_speech")


def text(price):
    return format(Decimal(price).normalize(), "f")


def factor_of(standard, tier):
    """The one factor that makes the tier's prices out of the standard ones, or None."""
    if standard.keys() != tier.keys():
        return None
    factors = set()
    for start, rates in standard.items():
        for kind, usd in rates.items():
            if kind in CALLS:
                continue
            if usd == 0 or kind not in tier[start]:
                return None
            factors.add(tier[start][kind] / usd)
    factor = factors.pop() if len(factors) == 1 else None
    return factor if factor and factor * 1000 == int(factor * 1000) else None


def reached(steps, start):
    return steps[max(s for s in steps if s <= start)]


def completed(standard, tier):
    """The tier with the standard price for what it does not price itself."""
    return {
        start: {**reached(standard, start), **reached(tier, start)}
        for start in sorted(standard.keys() | tier.keys())
    }


def scaled(steps, factor):
    return {
        start: {k: v if k in CALLS else v * factor for k, v in rates.items()}
        for start, rates in steps.items()
    }


def litellm_tiers(vendor, entry, standard, kind):
    """Terms that litellm prices; a factor of all its token prices goes for all of ours."""
    theirs = litellm_table.steps_of(vendor, entry, kind)
    tiers = {}
    for term in litellm_table.TERMS:
        steps = litellm_table.steps_of(vendor, entry, kind, term)
        if not steps.get(0, {}).get("input") or not standard.get(0, {}).get("input"):
            continue
        ratios = {
            steps[0][k] / theirs[0][k] for k in steps[0] if theirs.get(0, {}).get(k)
        }
        factor = ratios.pop() if len(ratios) == 1 else None
        if factor and factor * 1000 == int(factor * 1000):
            tiers[term] = scaled(standard, factor)
        else:
            tiers[term] = completed(standard, steps)
            for start in list(standard)[1:]:
                # Where only the first step has a price under this term, no step costs less.
                for kind, usd in standard[start].items():
                    tiers[term][start][kind] = max(usd, tiers[term][start][kind])
    return tiers


def add_dearer(standard, theirs):
    for start, rates in standard.items():
        for kind, fallback in FALLBACK.items():
            other = theirs.get(start, {}).get(kind)
            below = rates.get(fallback, max(rates.values(), default=0))
            if other is not None and kind not in rates and other > below:
                rates[kind] = other


class Row:
    """What one name of one vendor costs."""

    def __init__(self, vendor, name, ref, table, day):
        self.vendor, self.name, self.day = vendor, name, day
        self.kind = genai.write_kind(name)
        self.model, own_row = genai.find(vendor, name, ref)
        self.entry, self.own_entry = table.entry(vendor, name, self.model)
        self.sizes = table.sizes.get((vendor.name, name), {})
        self.second_first = bool(
            self.own_entry and self.model and not own_row and vendor.direct_first
        )
        self.known_by_name = genai.find(vendor, name, name)[0] is self.model
        self.by_genai = self.model is not None and not self.second_first
        self.agrees = self.by_genai
        self.differences = []
        self.later = []
        self.peak = None

    def made(self, table):
        """Itself with its prices, or why there are none."""
        why = vendors.REASONS.get((self.vendor.name, self.name))
        if why:
            return why
        if self.by_genai:
            at = genai.outside(self.model)
            self.standard, self.tiers = self.genai_card(self.day, at)
            self.take_dearer()
            for later in genai.later_days(self.model, self.day):
                self.later.append((later, *self.genai_card(later, at)))
            if genai.peaks(self.model):
                start = min(s for s, _ in genai.peaks(self.model))
                self.peak = self.genai_card(self.day, start)
        elif self.entry and table.served(self.entry):
            steps = litellm_table.steps_of(self.vendor, self.entry, self.kind)
            for rates in steps.values():
                genai.cached(rates)
            self.standard, self.tiers = steps or {0: {}}, {}
        else:
            return "no longer served" if self.entry else "not in either list"
        self.add_media()
        self.add_terms()
        if not any(usd for rates in self.standard.values() for usd in rates.values()):
            return "free, or without a price"
        self.add_calls()
        self.limits(table)
        if self.model is not None and self.own_entry:
            self.compare()
        return self

    def take_dearer(self):
        if not (self.vendor.dearer and self.own_entry):
            return
        theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
        for rates in theirs.values():
            rates |= genai.cached(dict(rates))
            rates.pop("cached-text-input", None)
        both = {
            start: {
                kind: max(usd, reached(theirs, start).get(kind, usd))
                for kind, usd in reached(self.standard, start).items()
            }
            for start in sorted(self.standard.keys() | theirs.keys())
        }
        if theirs and any(rates != reached(self.standard, s) for s, rates in both.items()):
            self.compare_steps("", self.standard, theirs)
            self.standard, self.tiers, self.agrees = both, {}, False

    def genai_card(self, day, at):
        return genai.card(self.name, self.model, day, at)

    def cards(self):
        yield self.standard, self.tiers
        for _, standard, tiers in self.later:
            yield standard, tiers
        if self.peak:
            yield self.peak

    def add_media(self):
        media, tiers = litellm_table.media_of(self.entry, self.sizes) if self.entry else ({}, {})
        if not self.by_genai:
            for rates in self.standard.values():
                rates.update(media)
            for term, rates in tiers.items():
                self.tiers[term] = {0: {**self.standard[0], **rates}}

    def add_terms(self):
        for standard, tiers in self.cards():
            factors = {term: factor_of(standard, steps) for term, steps in tiers.items()}
            if self.entry:
                theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
                if self.by_genai and not self.later:
                    add_dearer(standard, theirs)
                for term, factor in factors.items():
                    tiers[term] = scaled(standard, factor) if factor else tiers[term]
                for term, steps in litellm_tiers(
                    self.vendor, self.entry, standard, self.kind
                ).items():
                    tiers.setdefault(term, steps)
            if self.vendor.name == vendors.PRIORITY_AT_LIST_PRICE:
                tiers["priority"] = {s: dict(r) for s, r in standard.items()}
            for term in tiers:
                tiers[term] = completed(standard, tiers[term])
        storage = own.STORAGE.get((self.vendor.name, self.name))
        if storage:
            for standard, tiers in self.cards():
                for steps in [standard, *tiers.values()]:
                    for rates in steps.values():
                        rates["stored-token-hours"] = storage

    def add_calls(self):
        if "output" not in self.standard[0]:
            return
        listed = litellm_table.calls_of(self.entry)
        # A list price goes for all models where the vendor has one, else for those that name it.
        for standard, tiers in self.cards():
            calls = {**self.vendor.calls, **{k: v for k, v in listed.items()}}
            for kind in CALLS:
                if kind in standard[0]:
                    ours = standard[0][kind]
                    if kind in listed and listed[kind] != ours:
                        self.differs(kind, ours, listed[kind])
                    calls[kind] = max(ours, listed.get(kind, ours))
            for steps in [standard, *tiers.values()]:
                for rates in steps.values():
                    rates.update(calls)

    def limits(self, table):
        entry = self.entry
        windows = [
            (self.model and self.model.context_window) or 0,
            table.largest(self.vendor, self.name, self.model, "max_input_tokens"),
        ]
        self.context = max(windows) or UNKNOWN_CONTEXT
        output = table.largest(self.vendor, self.name, self.model, "max_output_tokens")
        answers = "output" in self.standard[0]
        self.output = (output or min(UNKNOWN_OUTPUT, self.context)) if answers else 0
        tokens = "input" in self.standard[0]
        if not tokens or entry.get("mode") in INPUTS or not answers:
            self.context = vendors.NO_BOUND
        if entry.get("mode") in INPUTS and entry.get("mode") != "audio_speech":
            self.output = 0 if self.standard[0].get("output", 0) == 0 else self.output
        self.context = vendors.REQUEST_TOKENS.get(self.name, self.context)

    def differs(self, what, ours, theirs):
        note = (what, text(ours), text(theirs))
        if note not in self.differences:
            self.differences.append(note)

    def compare(self):
        """What litellm says otherwise, of the prices that hold now."""
        theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
        if self.second_first:
            ours, _ = genai.card(self.name, self.model, self.day, genai.outside(self.model))
            self.compare_steps("", ours, theirs)
            return
        self.compare_steps("", self.standard, theirs)
        for term, steps in self.tiers.items():
            if term in litellm_table.TERMS:
                other = litellm_table.steps_of(self.vendor, self.entry, self.kind, term)
                self.compare_steps(term + " ", steps, other)
        media, _ = litellm_table.media_of(self.entry, self.sizes)
        for kind, usd in media.items():
            if self.standard[0].get(kind, usd) != usd:
                self.differs(kind, self.standard[0][kind], usd)

    def compare_steps(self, term, ours, theirs):
        for start, rates in theirs.items():
            mine = ours.get(start) or ours[max(s for s in ours if s <= start)]
            for kind, usd in rates.items():
                plain = "cached-input" if kind == "cached-text-input" else kind
                price = mine.get(kind, mine.get(plain))
                if price is not None and price != usd:
                    self.differs(f"{term}{kind}" + (f" from {start}" if start else ""), price, usd)

    def regions(self):
        return {**self.vendor.regions, **litellm_table.regions_of(self.entry)}

    def json(self):
        row = {"context": self.context, "max-output": self.output}
        row |= written(self.standard, self.tiers, self.regions())
        if self.later:
            row["later"] = [
                {"from": str(day)} | written(standard, tiers, self.regions())
                for day, standard, tiers in self.later
            ]
        if self.peak:
            row["peak"] = {
                "days": vendors.PEAK_DAYS,
                "hours": [f"{s:%H:%M}-{e:%H:%M}" for s, e in sorted(genai.peaks(self.model))],
            } | written(*self.peak, self.regions())
        return row


def written(standard, tiers, regions):
    def steps(given):
        different = [s for i, s in enumerate(given) if i == 0 or given[s] != reached(given, s - 1)]
        return [
            {"from": start, "usd": {k: text(given[start][k]) for k in ORDER if k in given[start]}}
            for start in different
        ]

    card = {"steps": steps(standard)}
    terms = {}
    for term, given in tiers.items():
        factor = factor_of(standard, given)
        terms[term] = text(factor) if factor else steps(given)
    if terms:
        card["tiers"] = terms
    if regions:
        card["regions"] = {r: text(f) for r, f in regions.items()}
    return card


def candidates(vendor, table):
    """{name: what genai-prices is asked for where it does not know the name itself}."""
    names = list(genai.names(vendor)) + vendors.MORE_NAMES.get(vendor.name, [])
    names += table.of_vendor[vendor.name]
    names += [name for v, name in table.sizes if v == vendor.name]
    cleaned = {}
    for ref in names:
        name = re.sub(r"(-20\d\d-?|@|-v\d?|-)$", "", ref)
        if re.fullmatch(vendor.names, name) and not name.startswith("regional."):
            if re.search(r"-20\d\d-?$", ref) and cleaned.get(name, name) == name:
                cleaned[name] = ref
            cleaned.setdefault(name, ref)
    if vendor.name == "bedrock":
        profiles = {n.split(".", 1)[1] for n in cleaned if n.split(".")[0] in vendors.PROFILES}
        for name in [f"{p}.{n}" for n in sorted(profiles) for p in vendors.PROFILES]:
            cleaned.setdefault(name, name)
    return cleaned


def without_version(name):
    name = re.sub(r"-v\d+(:\d+)?$", "", name)
    return re.sub(r"(-20\d\d-\d\d-\d\d|-20\d{6}|-latest|@[a-z0-9]+)$", "", name)


def rows_of(vendor, table, day):
    """({canonical row: [Row]}, {name: why it has none})."""
    grouped, left = {}, {}
    for name, ref in candidates(vendor, table).items():
        made = Row(vendor, name, ref, table, day).made(table)
        if isinstance(made, str):
            left[name] = made
        else:
            grouped.setdefault(json.dumps(made.json()), []).append(made)
    return grouped, left


def prune(grouped):
    """Leaves out names that the look-up finds anyway by a name without its version."""
    key_of = {row.name: key for key, rows in grouped.items() for row in rows}
    for key, rows in grouped.items():
        grouped[key] = [
            row
            for row in rows
            if without_version(row.name) == row.name
            or key_of.get(without_version(row.name)) != key
        ]
    return {key: rows for key, rows in grouped.items() if rows}


def own_rows():
    for row in own.ROWS:
        yield {
            "provider": row["provider"],
            "models": row["models"],
            "context": vendors.NO_BOUND,
            "max-output": 0,
        } | written({0: row["rates"]}, {}, {})


def main():
    day = date.fromisoformat(sys.argv[2])
    table = litellm_table.Table(sys.argv[1], day)
    table.index(VENDORS, lambda vendor, name: genai.find(vendor, name, name)[0])
    lines, rows, found_by_vendor = [], [], []
    for vendor in VENDORS:
        grouped, left = rows_of(vendor, table, day)
        rows += [row for found in grouped.values() for row in found]
        found_by_vendor.append((vendor, grouped, left))
        for key, found in prune(grouped).items():
            models = [row.name for row in found]
            for name in list(models):
                models += own.ALIASES.get((vendor.name, name), [])
            lines.append(json.dumps({"provider": vendor.name, "models": models} | json.loads(key)))
    lines += [json.dumps(row) for row in own_rows()]
    body = ",\n".join(lines)
    BOOK.write_text(
        f'{{"date": "{day}",\n'
        '"sources": ["genai-prices 0.2.3", "litellm 1.109.1", "src/main/prices/own.py"],\n'
        '"unit": "USD per million tokens or characters, per piece or call, per hour",\n'
        '"notes": "Written by src/main/prices/make_prices.py, which says how the sources were '
        "weighed; what they differ in is in differences.md beside it. Of several prices for cached "
        "text, audio and images cached-input is the dearest. Anthropic's priority capacity, bought "
        'ahead, is taken at the list price.",\n'
        f'"rows": [\n{body}\n]}}\n'
    )
    names = sum(len(json.loads(line)["models"]) for line in lines)
    print(f"{len(lines)} rows, {names} names, {BOOK.stat().st_size} bytes")
    report.write(DIFFERENCES, found_by_vendor, day)
    golden.write(ROOT, [r for r in rows if r.agrees], random.Random(20261124))


if __name__ == "__main__":
    main()
