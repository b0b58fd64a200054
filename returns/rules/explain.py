"""A verdict in words, for the customer or for staff, in Chinese or English. Called by every page that shows one.

Nothing here decides: the stored verdict names the rows that fired, and their sentences come from the templates of the
very pack that gave it, so a verdict reads the same years later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from returns.rules.derive import derived_vocabulary
from returns.rules.facts import vocabulary
from returns.rules.pack import Pack, load_pack
from returns.rules.phrases import OUTBOUND_UNTOUCHED, all_of, case_words, leg_name, payer_name
from returns.rules.sources import KINDS
from returns.rules.text import PackError
from returns.rules.verdict import LEGS


class Cited(NamedTuple):
    """A source of the law or of a platform's rules, in words; `mark`: how sure it is; `key` names it in the pack."""

    citation: str
    kind: str
    mark: str
    key: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What to show. `summary`: at most two sentences, what is due and who pays the freight. `because`: the facts that
    counted. `extras`, `deadlines`, `contested`: one sentence each. `version` names pack and version."""

    summary: tuple[str, ...]
    because: tuple[str, ...]
    extras: tuple[str, ...]
    deadlines: tuple[str, ...]
    contested: tuple[str, ...]
    sources: tuple[Cited, ...]
    version: str

    def as_dict(self) -> dict[str, Any]:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return told | {"sources": tuple(each._asdict() for each in self.sources)}


class WordsMissing(LookupError):
    """The pack that gave a verdict is not at hand, so its words are not either. Carries `pack`, `version` and
    `sha256`."""

    def __init__(self, pack: str, version: str, sha256: str) -> None:
        super().__init__(f"pack {pack} {version} ({sha256[:12]}) is not at hand; keep the files of every version")
        self.pack = pack
        self.version = version
        self.sha256 = sha256


# Whoever keeps old versions adds a look-up by content hash here, in AppConfig.ready().
finders: list[Callable[[str], Pack | None]] = []


def find_pack(name: str, version: str, sha256: str) -> Pack:
    """The pack with that hash: the shipped one, else what a finder knows. Raises WordsMissing."""
    try:
        if load_pack(name).sha256 == sha256:
            return load_pack(name)
    except PackError:
        pass  # a pack that is no longer shipped may still be kept by a finder
    for finder in finders:
        if found := finder(sha256):
            return found
    raise WordsMissing(name, version, sha256)


def explain(
    verdict: Mapping[str, Any], locale: str = "zh", audience: str = "customer", *, pack: Pack | None = None
) -> Explanation:
    """The words for a verdict as `Verdict.as_dict()` gave it. `locale` may be any tag that begins with zh or en."""
    language = "zh" if locale.lower().startswith("zh") else "en"
    pack = pack or find_pack(verdict["pack"], verdict["version"], verdict["sha256"])
    teller = Teller(pack, verdict, language, audience)
    return Explanation(
        summary=tuple(teller.summary()),
        because=tuple(teller.because()),
        extras=tuple(teller.sentence(label) for label in verdict["rows"] if label.startswith("extras:")),
        deadlines=tuple(teller.deadline(item) for item in verdict["deadlines"] if not _lapsed(item)),
        contested=tuple(teller.contested(item) for item in verdict["contested"]),
        sources=tuple(teller.source(item) for item in verdict["sources"]),
        version=f"{pack.title[language]} {verdict['version']}",
    )


class Teller:
    """Renders the templates of one pack for one verdict, language and reader."""

    def __init__(self, pack: Pack, verdict: Mapping[str, Any], language: str, audience: str) -> None:
        self.pack = pack
        self.verdict = verdict
        self.language = language
        self.audience = audience
        self.words = pack.words[language][audience]
        self.given = case_words(verdict, language, audience)
        self.given["cause"] = self.sentence(pack.chain[0])

    def sentence(self, label: str) -> str:
        """What the row that fired under a label says."""
        table = self.pack.table(label.split(":")[0])
        row = next(row for row in table.rows if row.id == self.verdict["rows"][label])
        return self.words[row.why].format_map(self.given)

    def summary(self) -> list[str]:
        """What is due, then who pays which leg and why."""
        freight = self.freight(self.verdict["freight"][0])
        return [capital(text) for text in (self.sentence(self.pack.chain[-1]), freight) if text]

    def freight(self, payers: Mapping[str, str]) -> str:
        """One sentence on the legs, those with the same payer and reason together; where nothing travels, why."""
        if all(payers[leg] == "not_applicable" for leg in LEGS):
            return self.sentence("outbound")
        groups: dict[tuple[str, str], list[str]] = {}
        for leg in LEGS:
            untouched = leg == "outbound" and payers["remedy"] in OUTBOUND_UNTOUCHED
            if payers[leg] != "not_applicable" and not (untouched and self.audience == "customer"):
                groups.setdefault((payers[leg], self.sentence(leg)), []).append(leg)
        if not groups:
            return ""
        zh = self.language == "zh"
        parts = []
        for (payer, why), legs in groups.items():
            names = [leg_name(leg, payers["remedy"], self.language) for leg in legs]
            bearer = payer_name(payer, self.language, self.audience)
            if zh:
                parts.append(f"{all_of(names, 'zh')}的运费由{bearer}，{why}")
            else:
                parts.append(f"the freight {all_of(names, 'en')} is {bearer}, {why}")
        return "；".join(parts) + "。" if zh else "; ".join(parts) + "."

    def because(self) -> list[str]:
        """The facts that counted, once each. The customer sees raw facts that were stated, staff the conditions as
        well."""
        zh = self.language == "zh"
        words, derived, facts = vocabulary(), derived_vocabulary(), self.verdict["facts"]
        lines: dict[str, str] = {}
        for item in self.verdict["because"]:
            names = item["from"] if item["fact"] in derived else [item["fact"]]
            for name in names:
                fact = words[name]
                # What nobody said is a default; naming all of them would bury the few facts that a customer could
                # dispute.
                if facts[name] == fact.default and (self.audience == "customer" or item["fact"] in derived):
                    continue
                colon = "：" if zh else ": "
                value = fact.value_label(facts[name], self.language)
                lines.setdefault(name, f"{fact.label(self.language)}{colon}{value}")
        return list(lines.values())

    def deadline(self, item: Mapping[str, Any]) -> str:
        zh = self.language == "zh"
        ends = item["ends"].removesuffix("T24:00")
        ends_words = "" if not ends else f"（{ends} 24:00 前）" if zh else f", that is by 24:00 on {ends}"
        row = next(row for row in self.pack.table("deadlines").rows if row.id == item["row"])
        return self.words[row.why].format_map({**self.given, "days": item["days"], "ends_words": ends_words})

    def contested(self, item: Mapping[str, Any]) -> str:
        text = self.pack.questions[self.language][item["what"]]
        if self.language == "zh":
            return f"各处规定不一：{text['question']}。这里采用的做法：{text['taken']}。"
        return f"Sources differ on {text['question']}. Here: {text['taken']}."

    def source(self, item: Mapping[str, Any]) -> Cited:
        kind = KINDS[item["kind"]][0 if self.language == "zh" else 1]
        return Cited(item[self.language], kind, item["mark"], item["key"])


def _lapsed(item: Mapping[str, Any]) -> bool:
    """A right whose time is over needs no reminder; a duty that is overdue does."""
    return not item["duty"] and item["left"] is not None and item["left"] < 0


def capital(text: str) -> str:
    """A sentence begins with a capital also where a lower-case phrase was put first."""
    return text[:1].upper() + text[1:]
