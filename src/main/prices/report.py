"""What the two lists differ in, and what got no row, for people to read."""


def write(path, vendors, day):
    lines = [
        f"# What the price lists differ in on {day}",
        "",
        "Written by make_prices.py, which says by which rules one was chosen. Prices are USD per",
        "million tokens or characters, per piece or call, per hour; names stand in one line where",
        "they differ alike. The price that stands in the book is the first one, but for a web",
        "search and on Bedrock, where it is the dearer, and on Azure, where it is litellm's.",
    ]
    for vendor, grouped, left in vendors:
        rows = [row for found in grouped.values() for row in found]
        by_first = sum(row.by_genai for row in rows)
        lines += [
            "",
            f"## {vendor.name}",
            "",
            f"{len(rows)} names: {by_first} by genai-prices, {len(rows) - by_first} by litellm.",
        ]
        lines += differences(rows)
        lines += without(left)
    path.write_text("\n".join(lines) + "\n")


def differences(rows):
    alike = {}
    for row in rows:
        if row.differences:
            alike.setdefault(tuple(row.differences), []).append(row.name)
    if not alike:
        return []
    lines = ["", "| models | what | genai-prices | litellm |", "|---|---|---|---|"]
    for differing, names in alike.items():
        for i, (what, ours, theirs) in enumerate(differing):
            lines.append(f"| {', '.join(names) if i == 0 else ''} | {what} | {ours} | {theirs} |")
    return lines


def without(left):
    reasons = {}
    for name, why in left.items():
        if why != "not in either list":
            reasons.setdefault(why, []).append(name)
    return [line for why, n in reasons.items() for line in ("", f"No row, {why}: {', '.join(n)}.")]
