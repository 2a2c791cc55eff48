"""What one name of one vendor costs, by both lists."""

import genai
import litellm_table
import own
import vendors
from steps import CALLS, add_dearer, completed, factor_of, litellm_tiers, reached, scaled, text
from steps import written

# No source gives an output limit for some models (images above all), nor a context window for a
# few. No model of these vendors without one is known to write more than 128,000 tokens or to read
# more than 1,050,000.
UNKNOWN_OUTPUT = 128_000
UNKNOWN_CONTEXT = 1_050_000

INPUTS = ("embedding", "rerank", "ocr", "audio_speech")


class Row:
    """What one name of one vendor costs."""

    def __init__(self, vendor, name, ref, table, day):
        self.vendor, self.name, self.day = vendor, name, day
        self.kind = genai.write_kind(vendor, name)
        self.model, own_row = genai.find(vendor, name, ref)
        self.entry, self.own_entry = table.entry(vendor, name, self.model)
        self.sizes = table.sizes.get((vendor.name, name), {})
        self.second_first = bool(
            self.own_entry and self.model and not own_row and vendor.direct_first
        )
        self.known_by_name = genai.find(vendor, name, name)[0] is self.model
        self.by_genai = self.model is not None and not self.second_first
        self.agrees = self.by_genai
        self.differences = []
        self.later = []
        self.peak = None

    def made(self, table):
        """Itself with its prices, or why there are none."""
        why = vendors.REASONS.get((self.vendor.name, self.name))
        if why:
            return why
        if self.by_genai:
            at = genai.outside(self.model)
            self.standard, self.tiers = self.genai_card(self.day, at)
            self.take_dearer()
            for later in genai.later_days(self.model, self.day):
                self.later.append((later, *self.genai_card(later, at)))
            if genai.peaks(self.model):
                start = min(s for s, _ in genai.peaks(self.model))
                self.peak = self.genai_card(self.day, start)
        elif self.entry and table.served(self.entry):
            steps = litellm_table.steps_of(self.vendor, self.entry, self.kind)
            for rates in steps.values():
                genai.cached(rates)
            self.standard, self.tiers = steps or {0: {}}, {}
        else:
            return "no longer served" if self.entry else "not in either list"
        self.add_media()
        self.add_terms()
        if not any(usd for rates in self.standard.values() for usd in rates.values()):
            return "free, or without a price"
        self.add_calls()
        self.limits(table)
        if self.model is not None and self.own_entry:
            self.compare()
        return self

    def take_dearer(self):
        if not (self.vendor.dearer and self.own_entry):
            return
        theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
        for rates in theirs.values():
            rates |= genai.cached(dict(rates))
            rates.pop("cached-text-input", None)
        both = {
            start: {
                kind: max(usd, reached(theirs, start).get(kind, usd))
                for kind, usd in reached(self.standard, start).items()
            }
            for start in sorted(self.standard.keys() | theirs.keys())
        }
        if theirs and any(rates != reached(self.standard, s) for s, rates in both.items()):
            self.compare_steps("", self.standard, theirs)
            self.standard, self.tiers, self.agrees = both, {}, False

    def genai_card(self, day, at):
        return genai.card(self.kind, self.model, day, at)

    def cards(self):
        yield self.standard, self.tiers
        for _, standard, tiers in self.later:
            yield standard, tiers
        if self.peak:
            yield self.peak

    def add_media(self):
        media, tiers = litellm_table.media_of(self.entry, self.sizes) if self.entry else ({}, {})
        if not self.by_genai:
            for rates in self.standard.values():
                rates.update(media)
            for term, rates in tiers.items():
                self.tiers[term] = {0: {**self.standard[0], **rates}}

    def add_terms(self):
        for standard, tiers in self.cards():
            factors = {term: factor_of(standard, steps) for term, steps in tiers.items()}
            if self.entry:
                theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
                if self.by_genai and not self.later:
                    add_dearer(standard, theirs)
                for term, factor in factors.items():
                    tiers[term] = scaled(standard, factor) if factor else tiers[term]
                for term, steps in litellm_tiers(
                    self.vendor, self.entry, standard, self.kind
                ).items():
                    tiers.setdefault(term, steps)
            if self.vendor.name == vendors.PRIORITY_AT_LIST_PRICE:
                tiers["priority"] = {s: dict(r) for s, r in standard.items()}
            for term in tiers:
                tiers[term] = completed(standard, tiers[term])
        storage = own.STORAGE.get((self.vendor.name, self.name))
        if storage:
            for standard, tiers in self.cards():
                for steps in [standard, *tiers.values()]:
                    for rates in steps.values():
                        rates["stored-token-hours"] = storage

    def add_calls(self):
        if "output" not in self.standard[0]:
            return
        listed = litellm_table.calls_of(self.entry)
        # A list price goes for all models where the vendor has one, else for those that name it.
        for standard, tiers in self.cards():
            calls = {**self.vendor.calls, **{k: v for k, v in listed.items()}}
            for kind in CALLS:
                if kind in standard[0]:
                    ours = standard[0][kind]
                    if kind in listed and listed[kind] != ours:
                        self.differs(kind, ours, listed[kind])
                    calls[kind] = max(ours, listed.get(kind, ours))
            for steps in [standard, *tiers.values()]:
                for rates in steps.values():
                    rates.update(calls)

    def limits(self, table):
        entry = self.entry
        windows = [
            (self.model and self.model.context_window) or 0,
            table.largest(self.vendor, self.name, self.model, "max_input_tokens"),
        ]
        self.context = max(windows) or UNKNOWN_CONTEXT
        output = table.largest(self.vendor, self.name, self.model, "max_output_tokens")
        answers = "output" in self.standard[0]
        self.output = (output or min(UNKNOWN_OUTPUT, self.context)) if answers else 0
        tokens = "input" in self.standard[0]
        if not tokens or entry.get("mode") in INPUTS or not answers:
            self.context = vendors.NO_BOUND
        if entry.get("mode") in INPUTS and entry.get("mode") != "audio_speech":
            self.output = 0 if self.standard[0].get("output", 0) == 0 else self.output
        self.context = vendors.REQUEST_TOKENS.get(self.name, self.context)

    def differs(self, what, ours, theirs):
        note = (what, text(ours), text(theirs))
        if note not in self.differences:
            self.differences.append(note)

    def compare(self):
        """What litellm says otherwise, of the prices that hold now."""
        theirs = litellm_table.steps_of(self.vendor, self.entry, self.kind)
        if self.second_first:
            ours, _ = genai.card(self.kind, self.model, self.day, genai.outside(self.model))
            self.compare_steps("", ours, theirs)
            return
        self.compare_steps("", self.standard, theirs)
        for term, steps in self.tiers.items():
            if term in litellm_table.TERMS:
                other = litellm_table.steps_of(self.vendor, self.entry, self.kind, term)
                self.compare_steps(term + " ", steps, other)
        media, _ = litellm_table.media_of(self.entry, self.sizes)
        for kind, usd in media.items():
            if self.standard[0].get(kind, usd) != usd:
                self.differs(kind, self.standard[0][kind], usd)

    def compare_steps(self, term, ours, theirs):
        for start, rates in theirs.items():
            mine = ours.get(start) or ours[max(s for s in ours if s <= start)]
            for kind, usd in rates.items():
                plain = "cached-input" if kind == "cached-text-input" else kind
                price = mine.get(kind, mine.get(plain))
                if price is not None and price != usd:
                    self.differs(f"{term}{kind}" + (f" from {start}" if start else ""), price, usd)

    def regions(self):
        return {**self.vendor.regions, **litellm_table.regions_of(self.entry)}

    def json(self):
        row = {"context": self.context, "max-output": self.output}
        row |= written(self.standard, self.tiers, self.regions())
        if self.later:
            row["later"] = [
                {"from": str(day)} | written(standard, tiers, self.regions())
                for day, standard, tiers in self.later
            ]
        if self.peak:
            row["peak"] = {
                "days": vendors.peak_days(self.name),
                "hours": [f"{s:%H:%M}-{e:%H:%M}" for s, e in sorted(genai.peaks(self.model))],
            } | written(*self.peak, self.regions())
        return row
