"""Writes the price book from two public price lists.

    python3 -m venv /tmp/prices && /tmp/prices/bin/pip install genai-prices==0.2.3
    /tmp/prices/bin/python src/main/prices/make_prices.py LITELLM.json 2026-11-24

LITELLM.json is model_prices_and_context_window_backup.json out of the litellm 1.109.1 package.

genai-prices is the first source: it dates its prices and says where each was read. litellm adds
what genai-prices does not hold (output limits, 12-hour cache writes, ultrafast, regions) and is
the second opinion on the rest: where they differ, this script prints it, writes it into the row's
notes, and the price of genai-prices stands. Of two context windows the larger stands, as a bound,
and of two prices of a web search the dearer.

The results of genai-prices' own calculation for seeded usages go to the golden file of
BundledPricesTest.
"""

import json
import random
import re
import sys
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import golden
from genai_prices import data
from genai_prices.types import ClauseEquals, ClauseOr, ClauseStartsWith, TieredPrices

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "src/main/resources/weir/prices.json"

# Names in genai-prices that get no row, and why. A model without a row is unpriced, and so refused
# wherever a hard budget applies.
LEFT_OUT = {
    "no longer served": "ada babbage curie davinci text-davinci-002 text-davinci-003 gpt-3.5-0301 "
    "gpt-3.5-turbo-0613 gpt-3.5-turbo-16k gpt-4-32k gpt-4-vision-preview gpt-4.5-preview "
    "claude-2 claude-v1",
    "another reseller's name": "gpt-4o:extended gpt-5-image gpt-5-image-mini gpt-5.4-image-2",
    "open weights, not served by this provider": "gpt-oss-120b gpt-oss-20b gpt-oss-safeguard-20b",
    "billed by time or characters": "gpt-live-1 gpt-live-transcribe gpt-realtime-translate "
    "gpt-realtime-whisper gpt-transcribe tts-1 tts-1-hd whisper-1",
    "its audio has no price in the sources": "gpt-4o-audio-preview gpt-4o-mini-audio-preview "
    "gpt-4o-mini-tts",
    "free": "moderation",
    "not a model name": "gpt-4o-mini-2024-07-18.ft-",
}
REASONS = {name: why for why, names in LEFT_OUT.items() for name in names.split()}

# genai-prices matches fine-tuned models by how they begin; a row needs their base names.
MORE_NAMES = {
    "ft:gpt-3.5-turbo-": [f"ft:gpt-3.5-turbo-{v}" for v in ("0125", "0613", "1106")],
    "gpt-4": ["ft:gpt-4-0613"],
}

KINDS = {
    "input_mtok": "input",
    "cache_read_mtok": "cached-input",
    "cache_audio_read_mtok": "cached-input",
    "cache_image_read_mtok": "cached-input",
    "cache_write_mtok": {"openai": "cache-write-30m", "anthropic": "cache-write-5m"},
    "cache_write_1h_mtok": "cache-write-1h",
    "input_audio_mtok": "audio-input",
    "input_image_mtok": "image-input",
    "output_mtok": "output",
    "output_audio_mtok": "audio-output",
    "output_image_mtok": "image-output",
    "web_searches_kcount": "web-search",
    "storage_searches_kcount": "file-search",
}
CALLS = ("web-search", "file-search")
ORDER = (
    "input cached-input cache-write-5m cache-write-30m cache-write-1h cache-write-12h "
    "audio-input image-input output audio-output image-output web-search file-search"
).split()

# What a call costs in a row that can call tools and does not price them: the provider's list price.
CALL_PRICES = {
    "openai": {"web-search": Decimal(10_000), "file-search": Decimal(2_500)},
    "anthropic": {"web-search": Decimal(10_000)},
}

# How litellm spells the kinds and the terms.
LITELLM_KINDS = {
    "input": "input_cost_per_token",
    "cached-input": "cache_read_input_token_cost",
    "cache-write-5m": "cache_creation_input_token_cost",
    "cache-write-30m": "cache_creation_input_token_cost",
    "cache-write-1h": "cache_creation_input_token_cost_above_1hr",
    "cache-write-12h": "cache_creation_input_token_cost_above_12hr",
    "audio-input": "input_cost_per_audio_token",
    "image-input": "input_cost_per_image_token",
    "output": "output_cost_per_token",
    "audio-output": "output_cost_per_audio_token",
    "image-output": "output_cost_per_image_token",
}
LITELLM_TERMS = {
    "batch": "_batches",
    "flex": "_flex",
    "priority": "_priority",
    "ultrafast": "_ultrafast",
}
LITELLM_PROVIDERS = ("openai", "text-completion-openai", "anthropic")
CONTEXTS = {
    "batch": [{"processing": "batch"}],
    "flex": [{"service_tier": "flex"}],
    "priority": [{"service_tier": "priority"}],
    "fast": [{"service_tier": "fast"}, {"speed": "fast"}],
}

# Anthropic's priority capacity is bought ahead, for a contract's price; a token of it is taken to
# cost what the list says, as no list prices it and every answer of such an account names it.
PRIORITY_AT_LIST_PRICE = "anthropic"

# No source gives an output limit for some models (images above all), nor a context window for a
# few. No model of these providers is known to write more than 128,000 tokens or to read more than
# 1,050,000.
UNKNOWN_OUTPUT = 128_000
UNKNOWN_CONTEXT = 1_050_000

# Where a request may carry an array of inputs, a context window bounds each of them, not the
# request. Embeddings have a bound of their own over all inputs (openai package 3.54.0,
# types/embedding_create_params.py); for the prompts of /completions none is stated.
REQUEST_TOKENS = {
    "text-embedding-3-large": 300_000,
    "text-embedding-3-small": 300_000,
    "text-embedding-ada-002": 300_000,
    "gpt-3.5-turbo-instruct": 1_000_000_000,
    "babbage-002": 1_000_000_000,
    "davinci-002": 1_000_000_000,
}


def text(price):
    return format(price.normalize(), "f")


def kind_of(provider, key):
    kind = KINDS[key]
    return kind[provider] if isinstance(kind, dict) else kind


def steps_of(provider, prices):
    """{first input token: {kind: USD per million}} of one genai-prices ModelPrice."""
    given = {
        key: value
        for key, value in prices.__dict__.items()
        if value is not None and not key.endswith(("hours", "mchars"))
    }
    tiered = [v for v in given.values() if isinstance(v, TieredPrices)]
    starts = {0} | {t.start + 1 for v in tiered for t in v.tiers}
    steps = {}
    for start in sorted(starts):
        rates = {}
        for key, value in given.items():
            if isinstance(value, TieredPrices):
                reached = [t.price for t in value.tiers if t.start < start]
                value = reached[-1] if reached else value.base
            kind = kind_of(provider, key)
            usd = value * 1000 if key.endswith("kcount") else value
            rates[kind] = max(usd, rates.get(kind, usd))
        steps[start] = rates
    return steps


def factor_of(standard, tier):
    """The one factor that makes the tier's token prices out of the standard ones, or None."""
    if standard.keys() != tier.keys() or not standard[0]["input"]:
        return None
    factor = tier[0]["input"] / standard[0]["input"]
    for start, rates in standard.items():
        for kind, usd in rates.items():
            if kind not in CALLS and usd * factor != tier[start].get(kind):
                return None
    return factor if factor * 1000 == int(factor * 1000) else None


def exact(number):
    return Decimal(repr(number)) * 1_000_000


def litellm_price(entry, kind, start, term):
    """USD per million, or None. litellm's names: base, 12hr, above_272k_tokens, then the term."""
    field = LITELLM_KINDS.get(kind)
    if field is None:
        return None
    above = f"_above_{(start - 1) // 1000}k_tokens" if start else ""
    value = entry.get(field + above + LITELLM_TERMS.get(term, ""))
    return None if value is None else exact(value)


def add_from_litellm(entry, standard, tiers, factors):
    """Puts in what genai-prices lacks: 12-hour writes, audio, and the ultrafast tier."""
    for start, rates in standard.items():
        for kind in ("cache-write-12h", "audio-input", "audio-output"):
            usd = litellm_price(entry, kind, start, None)
            if usd is not None and kind not in rates:
                rates[kind] = usd
    if litellm_price(entry, "input", 0, "ultrafast") is not None:
        ultrafast = {
            start: {k: litellm_price(entry, k, start, "ultrafast") for k in rates if k not in CALLS}
            for start, rates in standard.items()
        }
        factor = factor_of(standard, ultrafast)
        assert factor, "ultrafast is not a clean factor: write its steps out"
        factors["ultrafast"] = factor
    for tier in tiers.values():
        for start, rates in tier.items():
            for kind in standard.get(start, {}):
                rates.setdefault(kind, standard[start][kind])


def differences(entry, standard, tiers, factors):
    """What litellm says otherwise, as text."""
    found = []

    def compare(rates, start, term, factor=1):
        for kind, usd in rates.items():
            other = litellm_price(entry, kind, start, term)
            if other is not None and other != usd * factor:
                where = " ".join(filter(None, [term, f"from {start}" if start else "", kind]))
                found.append(f"{where}: {text(usd * factor)}, litellm {text(other)}")

    for start, rates in standard.items():
        compare(rates, start, None)
        for term, factor in factors.items():
            if term in LITELLM_TERMS:
                compare(rates, start, term, factor)
    for term, steps in tiers.items():
        if term in LITELLM_TERMS:
            for start, rates in steps.items():
                compare(rates, start, term)
    return found


def clauses(match):
    return [c for m in match.or_ for c in clauses(m)] if isinstance(match, ClauseOr) else [match]


def without_version(name):
    return re.sub(r"(-20\d\d-\d\d-\d\d|-20\d{6}|-latest)$", "", name)


def names_of(model):
    names = []
    if not model.id.endswith("-"):
        names.append(model.id)
    for clause in clauses(model.match):
        if isinstance(clause, ClauseEquals):
            names.append(clause.equals)
        elif isinstance(clause, ClauseStartsWith):
            start = clause.starts_with
            if re.fullmatch(r"[a-z0-9.:-]+[a-z0-9]", start):
                names.append(re.sub(r"-20\d{2}-?$", "", start))
    names += MORE_NAMES.get(model.id, [])
    return list(dict.fromkeys(n for n in names if not n.endswith("-") and n != "ft:gpt-4-0"))


def litellm_entry(table, names):
    """litellm's row for the model of the first name, or for a dated version of it."""
    own = {k: v for k, v in table.items() if v.get("litellm_provider") in LITELLM_PROVIDERS}
    first = names[0]
    same = [n for n in own if without_version(n) == without_version(first)]
    return own.get(first) or own.get(without_version(first)) or (own[max(same)] if same else {})


def limits_of(model, entry, can_answer):
    notes = []
    windows = {"genai-prices": model.context_window, "litellm": entry.get("max_input_tokens")}
    known = [w for w in windows.values() if w]
    context = max(known, default=UNKNOWN_CONTEXT)
    if not known:
        notes.append("no source gives a context window")
    elif len(set(known)) > 1:
        notes.append("context " + ", ".join(f"{w} by {s}" for s, w in windows.items()))
    output = entry.get("max_output_tokens") if can_answer else 0
    if output is None:
        output = min(UNKNOWN_OUTPUT, context)
        notes.append("no source gives an output limit")
    if model.id in REQUEST_TOKENS:
        notes.append(f"context is of the whole request, {context} of one input")
        context = REQUEST_TOKENS[model.id]
    return context, output, notes


def searches(entry):
    """litellm's dearest million web searches; 0 if it has no price.

    The two lists may both be right: OpenAI has two search tools, and reports calls of both alike.
    """
    prices = entry.get("search_context_cost_per_query", {}).values()
    return max(map(exact, prices), default=Decimal(0))


def regions_of(entry):
    regions = {
        region: Decimal(repr(entry[f"regional_processing_uplift_multiplier_{region}"]))
        for region in ("us", "eu")
        if f"regional_processing_uplift_multiplier_{region}" in entry
    }
    if "us" in entry.get("provider_specific_entry", {}):
        regions["us"] = Decimal(repr(entry["provider_specific_entry"]["us"]))
    return regions


def written(steps, calls):
    def rates(given):
        return {k: text(given[k]) for k in ORDER if k in given and (calls or k not in CALLS)}

    return [{"from": start, "usd": rates(given)} for start, given in steps.items()]


def row_of(provider, model, table, day):
    names = names_of(model)
    entry = litellm_entry(table, names)
    standard = steps_of(provider, model.get_prices(day))
    tiers, factors = {}, {}
    for term, contexts in CONTEXTS.items():
        for context in contexts:
            if any(context.items() <= v.when.items() for v in model.price_variants or []):
                tier = steps_of(provider, model.get_prices(day, context))
                factor = factor_of(standard, tier)
                if factor is None:
                    tiers[term] = tier
                else:
                    factors[term] = factor
    if provider == PRIORITY_AT_LIST_PRICE:
        factors["priority"] = Decimal(1)
    add_from_litellm(entry, standard, tiers, factors)
    can_answer = "output" in standard[0]
    context, output, notes = limits_of(model, entry, can_answer)
    notes += differences(entry, standard, tiers, factors)
    if not entry:
        notes.append("not in litellm")
    if can_answer:
        for call, usd in CALL_PRICES[provider].items():
            own = standard[0].get(call, usd)
            price = max(own, searches(entry)) if call == "web-search" else own
            if call in standard[0] and price != own:
                notes.append(f"{call}: {text(price)} by litellm, genai-prices {text(own)}")
            for rates in [r for steps in [standard, *tiers.values()] for r in steps.values()]:
                rates[call] = price
    row = {"provider": provider, "models": names, "context": context, "max-output": output}
    row["steps"] = written(standard, calls=True)
    row["tiers"] = {t: text(f) for t, f in factors.items()}
    row["tiers"] |= {t: written(s, calls=True) for t, s in tiers.items()}
    row["regions"] = {r: text(f) for r, f in regions_of(entry).items()}
    row["notes"] = "; ".join(notes)
    return row


def unique_names(rows):
    """Drops names that the look-up finds anyway, and fails where two rows claim one."""
    for row in rows:
        own = row["models"]
        row["models"] = [n for n in own if without_version(n) == n or without_version(n) not in own]
        if own[0].endswith("-latest") and without_version(own[0]) in own:
            row["models"] = [n for n in row["models"] if n != own[0]]
    seen = [(r["provider"], n) for r in rows for n in r["models"]]
    assert len(seen) == len(set(seen)), sorted(n for n in set(seen) if seen.count(n) > 1)


def main():
    table = json.loads(Path(sys.argv[1]).read_text())
    day = datetime.fromisoformat(sys.argv[2]).replace(tzinfo=timezone.utc)
    rows, models = [], []
    for provider in ("openai", "anthropic"):
        for model in next(p for p in data.providers if p.id == provider).models:
            if model.id in REASONS:
                print(f"left out {provider}/{model.id}: {REASONS[model.id]}")
                continue
            row = row_of(provider, model, table, day)
            rows.append(row)
            models.append(model)
            if row["notes"]:
                print(f"{provider}/{model.id}: {row['notes']}")
    unique_names(rows)
    lines = ",\n".join(json.dumps(r) for r in rows)
    BOOK.write_text(
        f'{{"date": "{sys.argv[2]}",\n'
        '"sources": ["genai-prices 0.2.3", "litellm 1.109.1"],\n'
        '"unit": "USD per million tokens or calls; tiers, regions: a factor or own prices",\n'
        '"notes": "One row stands for every name in it. Written by src/main/prices/make_prices.py: '
        "where litellm says otherwise, a row's notes say so and the row's own price stands. "
        "Of several prices for cached text, audio and images cached-input is the dearest. "
        'Anthropic\'s priority capacity, bought ahead, is taken at the list price.",\n'
        f'"rows": [\n{lines}\n]}}\n'
    )
    print(f"{len(rows)} rows, {sum(len(r['models']) for r in rows)} names")
    golden.write(ROOT, list(zip(rows, models)), day, random.Random(20261124))


main()
