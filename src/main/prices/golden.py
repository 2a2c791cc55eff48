"""Seeded usages, priced by genai-prices' own calculation, for BundledPricesTest to agree with."""

import json
from decimal import Decimal, localcontext

from genai_prices import data
from genai_prices.types import Usage

CASES = 400
CONTEXTS = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast", "speed": "fast"},
}

# How this repository's disjoint kinds add up to the nested counts of genai-prices.
SUMS = {
    "input_tokens": [
        "input",
        "cached-input",
        "cache-write-5m",
        "cache-write-30m",
        "cache-write-1h",
        "audio-input",
        "image-input",
    ],
    "cache_read_tokens": ["cached-input"],
    "cache_write_tokens": ["cache-write-5m", "cache-write-30m", "cache-write-1h"],
    "cache_write_1h_tokens": ["cache-write-1h"],
    "input_audio_tokens": ["audio-input"],
    "input_image_tokens": ["image-input"],
    "output_tokens": ["output", "reasoning", "audio-output", "image-output"],
    "output_audio_tokens": ["audio-output"],
    "output_image_tokens": ["image-output"],
    "web_searches": ["web-search"],
    "storage_searches": ["file-search"],
}


def same_call(row, kind, price):
    """False for a call for which the book has the dearer price of the other list."""
    calls = ("web-search", "file-search")
    return kind not in calls or Decimal(row["steps"][0]["usd"][kind]) == price * 1000


def amounts(dice, row, priced):
    """A usage of the kinds that genai-prices prices too; some on and around the context steps."""
    # One kind stands for cached text, audio and images; where prices differ ours is the dearest.
    mixed = any(k in priced for k in ("cache_audio_read_mtok", "cache_image_read_mtok"))
    kinds = {
        "cached-input": "cache_read_mtok" if not mixed else None,
        "cache-write-5m": "cache_write_mtok" if row["provider"] == "anthropic" else None,
        "cache-write-30m": "cache_write_mtok" if row["provider"] == "openai" else None,
        "cache-write-1h": "cache_write_1h_mtok",
        "audio-input": "input_audio_mtok",
        "image-input": "input_image_mtok",
        "output": "output_mtok",
        "reasoning": "output_mtok",
        "audio-output": "output_audio_mtok",
        "image-output": "output_image_mtok",
        "web-search": "web_searches_kcount",
        "file-search": "storage_searches_kcount",
    }
    usage = {}
    for kind, key in kinds.items():
        if key in priced and same_call(row, kind, priced[key]) and dice.random() < 0.6:
            most = 10 if key.endswith("kcount") else 10 ** dice.randrange(1, 6)
            usage[kind] = dice.randrange(1, most)
    inputs = sum(v for k, v in usage.items() if k in SUMS["input_tokens"])
    edges = [step["from"] + shift for step in row["steps"] for shift in (-1, 0, 1)]
    edge = dice.choice(edges)
    plain = edge - inputs if dice.random() < 0.5 else dice.randrange(10 ** dice.randrange(1, 7))
    usage["input"] = max(plain, 0)
    return usage


def case(dice, row, model, day):
    provider = next(p for p in data.providers if p.id == row["provider"])
    terms = [t for t in row["tiers"] if t in CONTEXTS]
    term = dice.choice([*terms, None])
    context = CONTEXTS.get(term)
    prices = model.get_prices(day, context).__dict__
    priced = {key: price for key, price in prices.items() if price is not None}
    usage = amounts(dice, row, priced)
    nested = {key: sum(usage.get(k, 0) for k in kinds) for key, kinds in SUMS.items()}
    with localcontext() as exact:
        exact.prec = 60
        price = model.calc_price(
            Usage(**{k: v for k, v in nested.items() if v}),
            provider,
            genai_request_timestamp=day,
            price_context=context,
        )
    return {
        "provider": row["provider"],
        "model": row["models"][0],
        "terms": [term] if term else [],
        "usage": usage,
        "usd": format(Decimal(price.total_price).normalize(), "f"),
    }


def write(root, rows, day, dice):
    cases = [case(dice, *dice.choice(rows), day) for _ in range(CASES)]
    lines = ",\n".join(json.dumps(c) for c in cases)
    target = root / "src/test/resources/golden/price/genai-prices.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        '{"source": "genai-prices 0.2.3, calc_price, written by src/main/prices/make_prices.py",\n'
        f'"cases": [\n{lines}\n]}}\n'
    )
