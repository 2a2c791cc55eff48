"""The first source: genai-prices."""

import re
from datetime import date, datetime, time, timezone
from decimal import Decimal

from genai_prices import data
from genai_prices.types import (
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseStartsWith,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

CONTEXTS = {
    "batch": [{"processing": "batch"}],
    "flex": [{"service_tier": "flex"}],
    "priority": [{"service_tier": "priority"}],
    "fast": [{"service_tier": "fast"}, {"speed": "fast"}],
}

# Its words for a price, ours, and what one of its units is in ours.
KINDS = {
    "input_mtok": ("input", 1),
    "cache_read_mtok": ("cached-text-input", 1),
    "cache_audio_read_mtok": ("cached-audio-input", 1),
    "cache_image_read_mtok": ("cached-image-input", 1),
    "cache_write_mtok": ("cache-write", 1),
    "cache_write_1h_mtok": ("cache-write-1h", 1),
    "input_audio_mtok": ("audio-input", 1),
    "input_image_mtok": ("image-input", 1),
    "input_video_mtok": ("video-input", 1),
    "output_mtok": ("output", 1),
    "output_audio_mtok": ("audio-output", 1),
    "output_image_mtok": ("image-output", 1),
    "output_video_mtok": ("video-output", 1),
    "input_mchars": ("characters", 1),
    "audio_hours": ("audio-hours", 1),
    "input_audio_hours": ("audio-hours", 1),
    "input_document_kpages": ("pages", 1000),
    "input_annotated_document_kpages": ("annotated-pages", 1000),
    "input_text_messages_kcount": ("requests", 1000),
    "web_searches_kcount": ("web-search", 1000),
    "storage_searches_kcount": ("file-search", 1000),
}

CACHED = ("cached-text-input", "cached-audio-input", "cached-image-input")


def provider(name):
    return next(p for p in data.providers if p.id == name)


def find(vendor, name, ref):
    """(model, whether it is this vendor's own row), or (None, False).

    A name that genai-prices knows only with its version is looked up by how that begins: ref.
    """
    if vendor.genai is None:
        return None, False
    own = provider(vendor.genai)
    dated = re.search(r"-20\d\d-?$", ref)
    model = own.find_model(name) or (own.find_model(ref) if dated else None)
    if model is not None:
        return model, True
    return own.find_model(name, all_providers=data.providers), False


def clauses(match):
    return [c for m in match.or_ for c in clauses(m)] if isinstance(match, ClauseOr) else [match]


def names(vendor):
    """(name, text): what a model of this vendor is matched by, as far as it is spelt out.

    A text that only begins a name, or is a part of it, makes a name without its version.
    """
    for model in provider(vendor.genai).models if vendor.genai else []:
        yield model.id, model.id
        for clause in clauses(model.match):
            match clause:
                case ClauseEquals(equals=text):
                    yield text, text
                case (
                    ClauseStartsWith(starts_with=text)
                    | ClauseContains(contains=text)
                    | ClauseEndsWith(ends_with=text)
                ):
                    yield re.sub(r"(-20\d\d-?|@|-v\d?|-)$", "", text), text


def write_kind(vendor, name):
    """OpenAI's models keep a cache for half an hour, others for five minutes."""
    openai = vendor.name == "openai" or "gpt-" in name
    return "cache-write-30m" if openai else "cache-write-5m"


def cached(rates):
    """One kind for cached input of whatever kind: the dearest."""
    given = {k: rates.pop(k) for k in CACHED if k in rates}
    if given:
        rates["cached-input"] = max(given.values())
    return rates | {k: usd for k, usd in given.items() if usd != rates["cached-input"]}


def steps_of(write, prices):
    """{first input token: {kind: USD}} of one ModelPrice."""
    given = {key: value for key, value in prices.__dict__.items() if value is not None}
    unknown = given.keys() - KINDS.keys()
    assert not unknown, unknown
    tiered = [v for v in given.values() if isinstance(v, TieredPrices)]
    steps = {}
    for start in sorted({0} | {t.start + 1 for v in tiered for t in v.tiers}):
        rates = {}
        for key, value in given.items():
            if isinstance(value, TieredPrices):
                reached = [t.price for t in value.tiers if t.start < start]
                value = reached[-1] if reached else value.base
            kind, units = KINDS[key]
            kind = write if kind == "cache-write" else kind
            rates[kind] = Decimal(value) / units
        steps[start] = cached(rates)
    return steps


def constraints(model, kind):
    conditional = [] if not isinstance(model.prices, list) else model.prices
    found = [c.constraint for c in [*conditional, *(model.price_variants or [])]]
    return [c for c in found if isinstance(c, kind)]


def later_days(model, day):
    """Days on which a price changes after this one."""
    starts = {c.start_date for c in constraints(model, StartDateConstraint)}
    return sorted(d for d in starts if d > day)


def peaks(model):
    """[(start, end)] of the daily hours that have a price of their own."""
    return [(c.start_time, c.end_time) for c in constraints(model, TimeOfDateConstraint)]


def outside(model):
    """A time of day at which no peak price holds."""
    for hour in range(24):
        at = time(hour, 59, tzinfo=timezone.utc)
        if not any(start <= at < end for start, end in peaks(model)):
            return at
    raise AssertionError(model.id)


def card(write, model, day, at):
    """(standard steps, {term: steps}) at a moment."""
    moment = datetime.combine(date.fromisoformat(str(day)), at)
    standard = steps_of(write, model.get_prices(moment))
    tiers = {}
    for term, contexts in CONTEXTS.items():
        for context in contexts:
            if any(context.items() <= v.when.items() for v in model.price_variants or []):
                tiers[term] = steps_of(write, model.get_prices(moment, context))
    return standard, tiers
