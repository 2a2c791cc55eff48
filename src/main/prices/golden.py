"""Seeded usages, priced by genai-prices' own calculation, for BundledPricesTest to agree with.

What is not compared, since the book differs on purpose or the calculation has no word for it:

| left out | why |
|---|---|
| Replicate | genai-prices does not have it |
| Azure's rows of models that only other vendors' lists price | litellm's price for Azure stands |
| Bedrock's rows for which litellm is the dearer | the dearer stands |
| web searches where litellm's price is the dearer | the dearer stands: answers do not tell apart |
| kinds, tiers and regions that only litellm has | there is nothing to compare with |
| DeepSeek on weekends | genai-prices knows the hours of its peak, not the days |
| Groq's audio below 10 seconds | billed as 10 seconds: the reader of the answer raises it |
"""

import json
from datetime import datetime, time, timezone
from decimal import Decimal, localcontext

import genai
from genai_prices.types import TieredPrices, Usage

CASES = 42

SUMS = {
    "input_tokens": (
        "input cached-text-input cached-audio-input cached-image-input cache-write-5m "
        "cache-write-30m cache-write-1h audio-input image-input video-input"
    ).split(),
    "cache_read_tokens": ["cached-text-input", "cached-audio-input", "cached-image-input"],
    "cache_audio_read_tokens": ["cached-audio-input"],
    "cache_image_read_tokens": ["cached-image-input"],
    "cache_write_tokens": ["cache-write-5m", "cache-write-30m", "cache-write-1h"],
    "cache_write_1h_tokens": ["cache-write-1h"],
    "input_audio_tokens": ["audio-input", "cached-audio-input"],
    "input_image_tokens": ["image-input", "cached-image-input"],
    "input_video_tokens": ["video-input"],
    "output_tokens": "output reasoning audio-output image-output video-output".split(),
    "output_audio_tokens": ["audio-output"],
    "output_image_tokens": ["image-output"],
    "output_video_tokens": ["video-output"],
    "input_characters": ["characters"],
    "audio_seconds": ["audio-millis"],
    "input_audio_seconds": ["audio-millis"],
    "input_document_pages": ["pages", "annotated-pages"],
    "input_annotated_document_pages": ["annotated-pages"],
    "input_text_messages": ["requests"],
    "web_searches": ["web-search"],
    "storage_searches": ["file-search"],
}
CALLS = ("web-search", "file-search")


def moments(row, dice):
    """A moment with one of the row's prices, on a weekday."""
    days = [row.day] + [later for later, _, _ in row.later]
    day = dice.choice(days)
    if genai.peaks(row.model):
        return datetime.combine(row.day, time(dice.randrange(24), dice.randrange(60)), timezone.utc)
    return datetime.combine(day, time(dice.randrange(24), dice.randrange(60)), timezone.utc)


def kinds_of(row, prices):
    """Our kinds that genai-prices prices at this moment, as it does itself."""
    kinds = ["reasoning"] if "output_mtok" in prices else []
    for key, price in prices.items():
        kind, units = genai.KINDS[key]
        kind = row.kind if kind == "cache-write" else kind
        kind = "audio-millis" if kind == "audio-hours" else kind
        if kind in CALLS and row.standard[0].get(kind) != Decimal(price) / units:
            continue
        kinds.append(kind)
    return list(dict.fromkeys(kinds))


def amounts(dice, row, prices):
    """A usage of these kinds; some on and around the context steps."""
    usage = {}
    for kind in kinds_of(row, prices):
        if kind != "input" and dice.random() < 0.6:
            most = 10 if kind in CALLS else 10 ** dice.randrange(1, 6)
            usage[kind] = dice.randrange(1, most)
            if kind == "audio-millis":
                usage[kind] = 10_000 + dice.randrange(10_000_000)
    if "input_mtok" in prices:
        inputs = sum(v for k, v in usage.items() if k in SUMS["input_tokens"])
        tiered = [v for v in prices.values() if isinstance(v, TieredPrices)]
        starts = [0] + [t.start + 1 for v in tiered for t in v.tiers]
        edge = dice.choice(starts) + dice.choice((-1, 0, 1))
        any_size = dice.randrange(10 ** dice.randrange(1, 7))
        usage["input"] = max(edge - inputs if dice.random() < 0.5 else any_size, 0)
    return usage


def case(dice, row):
    at = moments(row, dice)
    own = any(m is row.model for m in genai.provider(row.vendor.genai).models)
    terms = [t for t in row.tiers if own and any_variant(row.model, t)]
    term = dice.choice([*terms, None])
    context = dice.choice(genai.CONTEXTS[term]) if term else None
    if term == "fast":
        context = next(dict(v.when) for v in row.model.price_variants if "fast" in v.when.values())
    found = row.model.get_prices(at, context).__dict__
    prices = {key: price for key, price in found.items() if price is not None}
    usage = amounts(dice, row, prices)
    nested = {key: sum(usage.get(k, 0) for k in kinds) for key, kinds in SUMS.items()}
    for key in ("audio_seconds", "input_audio_seconds"):
        nested[key] = Decimal(nested[key]) / 1000
    with localcontext() as exact:
        exact.prec = 60
        price = row.model.calc_price(
            Usage(**nested),
            genai.provider(row.vendor.genai),
            genai_request_timestamp=at,
            price_context=context,
        )
    return {
        "provider": row.vendor.name,
        "model": row.name,
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "terms": [term] if term else [],
        "usage": usage,
        "usd": format(Decimal(price.total_price).normalize(), "f"),
    }


def any_variant(model, term):
    return any(
        context.items() <= v.when.items()
        for context in genai.CONTEXTS.get(term, [])
        for v in model.price_variants or []
    )


def write(root, rows, dice):
    cases = []
    for vendor in dict.fromkeys(row.vendor.name for row in rows):
        of_vendor = [row for row in rows if row.vendor.name == vendor and row.known_by_name]
        cases += [case(dice, dice.choice(of_vendor)) for _ in range(CASES)]
    lines = ",\n".join(json.dumps(c) for c in cases)
    target = root / "src/test/resources/golden/price/genai-prices.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        '{"source": "genai-prices 0.2.3, calc_price, written by src/main/prices/make_prices.py",\n'
        f'"cases": [\n{lines}\n]}}\n'
    )
    print(f"{len(cases)} cases of {len({c['provider'] for c in cases})} vendors")
