"""Which names and which lists belong to which vendor, and what neither list says."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

D = Decimal

# Bedrock's inference profiles, which stand before a model's name: every part of the world in which
# one model has one is priced for each model that has any.
PROFILES = ("global", "us", "eu", "apac", "au", "jp", "in", "ca", "us-gov")


@dataclass(frozen=True)
class Vendor:
    """One vendor of the price book.

    genai and litellm are its names in the two lists; prefixes stand before a model's name in
    litellm; names is what a name has to look like to be one that the vendor's API takes; calls are
    its list prices of tool calls, for rows that do not price them. direct_first and dearer are
    rules for what stands where the lists differ, see make_prices.py.
    """

    name: str
    genai: str | None
    litellm: tuple
    prefixes: tuple = ()
    names: str = r"[a-z0-9][a-z0-9._:-]*"
    calls: dict = field(default_factory=dict)
    regions: dict = field(default_factory=dict)
    direct_first: bool = False
    dearer: bool = False

    def name_of(self, key):
        """The model's name in a key of litellm, or None."""
        for prefix in self.prefixes:
            if key.startswith(prefix):
                key = key[len(prefix) :]
                break
        return key if re.fullmatch(self.names, key) else None


VENDORS = [
    Vendor(
        "openai",
        "openai",
        ("openai", "text-completion-openai"),
        ("openai/",),
        calls={"web-search": D("0.01"), "file-search": D("0.0025"), "code-run": D("0.03")},
    ),
    Vendor("anthropic", "anthropic", ("anthropic",), calls={"web-search": D("0.01")}),
    Vendor(
        "bedrock",
        "aws",
        ("bedrock", "bedrock_converse", "bedrock_mantle"),
        ("bedrock_mantle/", "bedrock/converse/", "bedrock/"),
        names=r"(?!claude|gpt-)[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9.:_-]*)",
        dearer=True,
    ),
    Vendor(
        "azure",
        "azure",
        ("azure", "azure_ai", "azure_text"),
        ("azure/", "azure_ai/"),
        names=r"((us|eu)/)?[A-Za-z0-9][A-Za-z0-9._-]*",
        calls={"web-search": D("0.014"), "file-search": D("0.0025"), "code-run": D("0.03")},
        direct_first=True,
    ),
    Vendor(
        "gemini",
        "google",
        ("gemini",),
        ("gemini/",),
        names=r"(?!claude)[a-z0-9][a-z0-9.-]*",
    ),
    Vendor(
        "vertex",
        "google",
        (
            "vertex_ai vertex_ai-language-models vertex_ai-embedding-models vertex_ai-video-models "
            "vertex_ai-anthropic_models vertex_ai-mistral_models vertex_ai-deepseek_models "
            "vertex_ai-ai21_models vertex_ai-llama_models vertex_ai-minimax_models "
            "vertex_ai-moonshot_models vertex_ai-zai_models vertex_ai-openai_models "
            "vertex_ai-qwen_models vertex_ai-image-models"
        ).split(),
        ("vertex_ai/deepseek-ai/", "vertex_ai/meta/", "vertex_ai/mistralai/", "vertex_ai/"),
        names=r"[a-z0-9][a-z0-9.@-]*",
    ),
    Vendor(
        "xai",
        "x-ai",
        ("xai",),
        ("xai/",),
        calls={
            "web-search": D("0.005"),
            "code-run": D("0.005"),
            "file-search": D("0.0025"),
            "other-tool": D("0.01"),
        },
    ),
    Vendor(
        "groq",
        "groq",
        ("groq",),
        ("groq/",),
        names=r"[a-z0-9][a-z0-9./-]*",
        calls={"web-search": D("0.005"), "page-visit": D("0.001")},
    ),
    Vendor("cohere", "cohere", ("cohere", "cohere_chat"), ("cohere/",)),
    Vendor("mistral", "mistral", ("mistral",), ("mistral/",), regions={"us": D("1.1"), "eu": D(1)}),
    Vendor(
        "together",
        "together",
        ("together_ai",),
        ("together_ai/",),
        names=r"(?!together-ai-)[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*",
    ),
    Vendor("replicate", None, ("replicate",), ("replicate/",), names=r"[a-z0-9._-]+/[a-z0-9._-]+"),
    Vendor("deepseek", "deepseek", ("deepseek",), ("deepseek/",)),
]

# Names that get no row, and why. A model without a row is unpriced, and so refused wherever a hard
# budget applies.
LEFT_OUT = {
    "no longer served": "openai: ada babbage curie davinci text-davinci-002 text-davinci-003 "
    "gpt-3.5-0301 gpt-3.5-turbo-0301 gpt-3.5-turbo-0613 gpt-3.5-turbo-16k gpt-3.5-turbo-16k-0613 "
    "gpt-4-32k gpt-4-32k-0314 gpt-4-32k-0613 gpt-4-vision-preview gpt-4-1106-vision-preview "
    "gpt-4.5-preview; anthropic: claude-2 claude-v1",
    "another reseller's name": "openai: gpt-5-image gpt-5-image-mini gpt-5.4-image-2",
    "open weights, not served by this vendor": "openai: gpt-oss-120b gpt-oss-20b "
    "gpt-oss-safeguard-20b",
    "its audio has no price in the sources": "openai: gpt-4o-audio-preview "
    "gpt-4o-mini-audio-preview gpt-4o-mini-tts",
    "free": "openai: moderation omni-moderation text-moderation",
    "stands for more than one model": "openai: gpt-4o-mini-2024-07-18.ft-",
    "a slip of a factor of a thousand in the only list that has it": "cohere: "
    "embed-multilingual-light-v3.0",
}
REASONS = {
    (part.split(":")[0].strip(), name): why
    for why, parts in LEFT_OUT.items()
    for part in parts.split(";")
    for name in part.split(":", 1)[1].split()
}

# genai-prices matches fine-tuned models by how they begin; a row needs their base names.
MORE_NAMES = {
    "openai": [f"ft:gpt-3.5-turbo-{v}" for v in ("0125", "0613", "1106")] + ["ft:gpt-4-0613"]
}

# Where a request may carry an array of inputs, a context window bounds each of them, not the
# request. OpenAI's embeddings have a bound of their own over all inputs (openai package 3.54.0,
# types/embedding_create_params.py); for other arrays none is stated.
NO_BOUND = 1_000_000_000
REQUEST_TOKENS = {
    "text-embedding-3-large": 300_000,
    "text-embedding-3-small": 300_000,
    "text-embedding-ada-002": 300_000,
    "text-embedding-ada": 300_000,
    "gpt-3.5-turbo-instruct": NO_BOUND,
    "gpt-3.5-turbo-instruct-0914": NO_BOUND,
    "babbage-002": NO_BOUND,
    "davinci-002": NO_BOUND,
}

# On which days DeepSeek's peak hours count: genai-prices has the hours and not the days. They are
# weekdays for today's models; of older ones nothing is known, and so they have every day.
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS_ONLY = ("deepseek-flash", "deepseek-v4-")


def peak_days(name):
    return EVERY_DAY[:5] if name.startswith(WEEKDAYS_ONLY) else EVERY_DAY



# Anthropic's priority capacity is bought ahead, for a contract's price; a token of it is taken to
# cost what the list says, as no list prices it and every answer of such an account names it.
PRIORITY_AT_LIST_PRICE = "anthropic"
