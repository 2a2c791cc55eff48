"""Arithmetic of price lists: {first input token: {kind: USD}}."""

from decimal import Decimal

import litellm_table

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
