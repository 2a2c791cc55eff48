"""The second opinion: litellm's table of prices."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

MILLION = 1_000_000
GRACE_DAYS = 90

# Our words, its words, and what one of its units is in ours.
TOKENS = {
    "input": "input_cost_per_token",
    "cached-text-input": "cache_read_input_token_cost",
    "cached-audio-input": "cache_read_input_audio_token_cost",
    "cached-image-input": "cache_read_input_image_token_cost",
    "cache-write": "cache_creation_input_token_cost",
    "cache-write-1h": "cache_creation_input_token_cost_above_1hr",
    "cache-write-12h": "cache_creation_input_token_cost_above_12hr",
    "audio-input": "input_cost_per_audio_token",
    "image-input": "input_cost_per_image_token",
    "video-input": "input_cost_per_video_token",
    "output": "output_cost_per_token",
    "reasoning": "output_cost_per_reasoning_token",
    "audio-output": "output_cost_per_audio_token",
    "image-output": "output_cost_per_image_token",
    "video-output": "output_cost_per_video_token",
}
TERMS = {
    "batch": "_batches",
    "flex": "_flex",
    "priority": "_priority",
    "ultrafast": "_ultrafast",
}
SIZES = re.compile(r"(?:(low|medium|high|standard|hd)/)?(\d+)-x-(\d+)/(?:\d+-steps/)?(.+)")
ABOVE = re.compile(r"input_cost_per_token_above_(\d+)k_tokens$")


class Table:
    """Its entries by vendor and model."""

    def __init__(self, path, day):
        self.entries = json.loads(Path(path).read_text(), parse_float=Decimal)
        self.day = day
        self.sizes = {}

    def of(self, vendor):
        """{name: entry}; of several, the one of the first provider named."""
        found = {}
        for provider in vendor.litellm:
            for key, entry in self.entries.items():
                if entry.get("litellm_provider") != provider:
                    continue
                sized = SIZES.fullmatch(key)
                name = vendor.name_of(sized[4] if sized else key)
                if name is None:
                    continue
                if sized:
                    size = f"{sized[2]}x{sized[3]}"
                    term = f"{sized[1]}/{size}" if sized[1] else size
                    self.sizes.setdefault((vendor.name, name), {})[term] = entry
                else:
                    found.setdefault(name, entry)
        return found

    def index(self, vendors, find):
        """Prepares entry(); find(vendor, name) is the other list's model or None."""
        self.of_vendor = {v.name: self.of(v) for v in vendors}
        self.names_of = {}
        for vendor in vendors:
            for name in self.of_vendor[vendor.name]:
                model = find(vendor, name)
                if model is not None:
                    self.names_of.setdefault((vendor.name, id(model)), []).append(name)

    def entry(self, vendor, name, model):
        """(entry, whether it is of this very name); of another name of the model, else {}."""
        own = self.of_vendor[vendor.name]
        if name in own:
            return own[name], True
        for dated in own:
            if re.fullmatch(re.escape(name) + r"-(20\d\d-\d\d-\d\d|20\d{6}|latest)", dated):
                return own[dated], True
        others = self.names_of.get((vendor.name, id(model)), [])
        return (own[others[0]], False) if others else ({}, False)

    def largest(self, vendor, name, model, field):
        """Of all entries of this model, since a bound must not be too small."""
        entries = [self.entry(vendor, name, model)[0]]
        own = self.of_vendor[vendor.name]
        entries += [own[n] for n in self.names_of.get((vendor.name, id(model)), [])]
        return int(max(e.get(field) or 0 for e in entries))

    def served(self, entry):
        """Models often live on for a while after the day that was announced for their end."""
        return entry.get("deprecation_date", "9999") > str(self.day - timedelta(days=GRACE_DAYS))


def usd(value, units=1):
    exact = Decimal(value) * units
    rounded = exact.quantize(Decimal("1e-9"))
    # Its floating-point numbers are a price with noise in the last digits, or a third of one.
    near = exact.quantize(Decimal("1e-5"))
    return near if abs(exact - near) <= exact * Decimal("1e-6") else rounded


def nothing(value):
    return value is None or isinstance(value, dict) or Decimal(value) == 0


def threshold(vendor, thousands):
    """xAI's step includes its threshold, all others begin beyond it."""
    return thousands * 1000 + (0 if vendor.name == "xai" else 1)


def token_rates(entry, above, term, write_kind):
    rates = {}
    for kind, key in TOKENS.items():
        value = entry.get(key + above + TERMS.get(term, ""))
        if not nothing(value):
            rates[write_kind if kind == "cache-write" else kind] = usd(value, MILLION)
    return rates


def steps_of(vendor, entry, write_kind, term=None):
    """{first input token: {kind: USD}}; empty where it has no token price under this term."""
    starts = sorted(int(m[1]) for k in entry if (m := ABOVE.fullmatch(k)))
    standard = token_rates(entry, "", term, write_kind)
    if not standard:
        return {}
    steps = {0: standard}
    for thousands in starts:
        rates = token_rates(entry, f"_above_{thousands}k_tokens", term, write_kind)
        below = steps[max(steps)]
        steps[threshold(vendor, thousands)] = {k: rates.get(k, v) for k, v in below.items()}
    return steps


def seconds(entry):
    return max(
        (usd(v, 3600) for k, v in entry.items() if re.fullmatch(r"(in|out)put_cost_per_second", k)),
        default=None,
    )


def media_of(entry, sizes):
    """({kind: USD}, {term: {kind: USD}}) of what is billed by the piece, length or time."""
    rates, tiers = {}, {}

    def put(kind, value, units=1):
        if not nothing(value):
            rates[kind] = max(usd(value, units), rates.get(kind, 0))

    mode = entry.get("mode")
    by_token = not nothing(entry.get("input_cost_per_token"))
    put("characters", None if by_token else entry.get("input_cost_per_character"), MILLION)
    put("pages", entry.get("ocr_cost_per_page"))
    put("annotated-pages", entry.get("annotation_cost_per_page"))
    per_query = "requests" if mode == "search" else "search-units"
    put(per_query, None if by_token else entry.get("input_cost_per_query"))
    by_image_token = not nothing(entry.get("output_cost_per_image_token"))
    if mode in ("image_generation", "image_edit") and not by_image_token:
        made = entry.get("output_cost_per_image")
        if not by_token:
            put("images", made if not nothing(made) else entry.get("input_cost_per_image"))
        for term, sized in ({} if by_token else sizes).items():
            value = sized.get("output_cost_per_image", sized.get("input_cost_per_image"))
            if nothing(value) and not nothing(sized.get("input_cost_per_pixel")):
                width, height = term.split("/")[-1].split("x")
                value = sized["input_cost_per_pixel"] * int(width) * int(height)
            if not nothing(value):
                tiers[term] = {"images": usd(value)}
                put("images", value)
    if mode == "embedding":
        put("input-images", entry.get("input_cost_per_image"))
        put("video-hours", entry.get("input_cost_per_video_per_second"), 3600)
        put("audio-hours", entry.get("input_cost_per_audio_per_second"), 3600)
    if mode == "video_generation":
        put("input-images", entry.get("input_cost_per_image"))
        for key, value in entry.items():
            sized = re.fullmatch(r"output_cost_per_(?:video_per_)?second(?:_(\d+p|4k))?", key)
            if sized and not nothing(value):
                put("video-hours", value, 3600)
                if sized[1]:
                    tiers[sized[1]] = {"video-hours": usd(value, 3600)}
    if mode in ("audio_transcription", "realtime", "audio_speech") and not by_token:
        if seconds(entry):
            rates["audio-hours"] = seconds(entry)
        put("requests", entry.get("input_cost_per_text_message"))
    return rates, tiers


def calls_of(entry):
    """USD a call, of several the dearest: a vendor's answer does not tell its tools apart."""
    calls = {}
    searches = [usd(v) for v in (entry.get("search_context_cost_per_query") or {}).values()]
    if searches and max(searches):
        calls["web-search"] = max(searches)
    for kind, key in {
        "maps-search": "google_maps_grounding_cost_per_query",
        "code-run": "code_interpreter_cost_per_session",
    }.items():
        if not nothing(entry.get(key)):
            calls[kind] = usd(entry[key])
    return calls


def regions_of(entry):
    regions = {
        region: Decimal(entry[f"regional_processing_uplift_multiplier_{region}"])
        for region in ("us", "eu")
        if f"regional_processing_uplift_multiplier_{region}" in entry
    }
    if "us" in (entry.get("provider_specific_entry") or {}):
        regions["us"] = Decimal(entry["provider_specific_entry"]["us"])
    return regions
