"""Prices that neither list has, each with its source: read on 2026-11-24."""

from decimal import Decimal

D = Decimal

# Replicate bills its own hardware by the second (replicate.com/docs/billing, hardware table). A
# prediction does not say which hardware ran it, so these rows are named after the hardware, and
# weir.yaml says which model runs on it (prices.models: {..., as: hardware/t4}).
HARDWARE_USD_PER_SECOND = {
    "hardware/cpu": "0.000100",
    "hardware/t4": "0.000225",
    "hardware/a40-large": "0.000725",
    "hardware/a100-80gb": "0.001400",
    "hardware/8x-a100-80gb": "0.011200",
}

ROWS = [
    {"provider": "replicate", "models": [name], "rates": {"hardware-hours": D(usd) * 3600}}
    for name, usd in HARDWARE_USD_PER_SECOND.items()
] + [
    # api-docs.deepseek.com: POST /v1/tools/search, a query. The name is the endpoint's.
    {"provider": "deepseek", "models": ["tools.search"], "rates": {"requests": D("0.00075")}},
]

# DeepSeek serves Anthropic's names by its own models (api-docs.deepseek.com, guides/anthropic_api).
# Replicate's own names have the owner's twice (replicate-python 1.0.7, README).
ALIASES = {
    ("replicate", "meta/llama-3-70b"): ["meta/meta-llama-3-70b"],
    ("replicate", "meta/llama-3-70b-instruct"): ["meta/meta-llama-3-70b-instruct"],
    ("replicate", "meta/llama-3-8b"): ["meta/meta-llama-3-8b"],
    ("replicate", "meta/llama-3-8b-instruct"): ["meta/meta-llama-3-8b-instruct"],
    ("deepseek", "deepseek-v4-pro"): ["claude-opus*"],
    ("deepseek", "deepseek-flash"): ["claude*"],
}

# Tokens kept in a cache for an hour, USD per million (ai.google.dev, pricing page).
STORAGE = {("gemini", "gemini-3.8-flash"): D("0.50"), ("vertex", "gemini-3.8-flash"): D("0.50")}
