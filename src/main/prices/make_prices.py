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
from datetime import date
from pathlib import Path

import genai
import golden
import litellm_table
import own
import report
import vendors
from rows import Row
from steps import written
from vendors import VENDORS

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "src/main/resources/weir/prices.json"
DIFFERENCES = Path(__file__).with_name("differences.md")


def candidates(vendor, table):
    """{name: what genai-prices is asked for where it does not know the name itself}."""
    names = list(genai.names(vendor))
    more = vendors.MORE_NAMES.get(vendor.name, []) + list(table.of_vendor[vendor.name])
    more += [name for v, name in table.sizes if v == vendor.name]
    cleaned = {}
    for name, ref in names + [(name, name) for name in more]:
        if re.fullmatch(vendor.names, name) and not re.match(r"regional\.|.*-$", name):
            if re.search(r"-20\d\d-?$", ref) and cleaned.get(name, name) == name:
                cleaned[name] = ref
            cleaned.setdefault(name, ref)
    if vendor.name == "bedrock":
        profiles = {n.split(".", 1)[1] for n in cleaned if n.split(".")[0] in vendors.PROFILES}
        for name in [f"{p}.{n}" for n in sorted(profiles) for p in vendors.PROFILES]:
            cleaned.setdefault(name, name)
    return cleaned


def without_version(name):
    name = re.sub(r"-v\d+:\d+$", "", name)
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


def in_order(vendor, grouped):
    """Rows with patterns last, in the order of own.py: a look-up tries them in the book's."""
    aliases = [name for of, name in own.ALIASES if of == vendor.name]

    def place(item):
        places = [aliases.index(row.name) + 1 for row in item[1] if row.name in aliases]
        return max(places, default=0)

    return sorted(grouped.items(), key=place)


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
        for key, found in in_order(vendor, prune(grouped)):
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
