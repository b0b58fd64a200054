"""Where rules come from: laws, platform rules, the shop's own policy, each with how sure we are of its wording. Read
by `pack`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from returns.rules.text import MARKS, PackError, nearest

KINDS = {
    "law": ("法律法规", "law"),
    "court": ("司法解释与案例", "court"),
    "platform": ("平台规则", "platform rule"),
    "policy": ("店铺规则", "shop policy"),
    "practice": ("行业惯例", "trade practice"),
}
NEEDED = ("kind", "zh", "en", "mark")


@dataclass(frozen=True, slots=True)
class Source:
    """One source. `mark`: verified (full text read), excerpt (quoted elsewhere), practice, unverified. `rules`:
    numbers of our rule list. `valid_from` and `valid_to` are the first and the last day (ISO dates) on which it held;
    empty where it has long held, or holds still."""

    key: str
    kind: str
    zh: str
    en: str
    mark: str
    rules: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""

    @property
    def is_law(self) -> bool:
        """Whether a row may rest on it in layer 0: nobody can agree it away beforehand."""
        return self.kind in ("law", "court")

    def holds_on(self, day: str) -> bool:
        """Whether it holds on that day (ISO date)."""
        return self.valid_from <= day <= (self.valid_to or day)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for the hash, for verdicts and for records."""
        out = {
            "key": self.key, "kind": self.kind, "zh": self.zh, "en": self.en,
            "mark": self.mark, "rules": list(self.rules), "valid_to": self.valid_to,
        }  # fmt: skip
        # Only where it says something: packs from before sources had a beginning keep their hash.
        return {**out, "valid_from": self.valid_from} if self.valid_from else out


def read_sources(read: Mapping[str, Any]) -> dict[str, Source]:
    """The sources of `sources.toml` by key; raises PackError where one is incomplete."""
    out: dict[str, Source] = {}
    for key, raw in read.items():
        for need in NEEDED:
            if need not in raw:
                raise PackError("sources.toml", f"source {key} needs {need}")
        strange = set(raw) - {*NEEDED, "rules", "valid_from", "valid_to"}
        if strange:
            raise PackError("sources.toml", f"source {key} has an unknown entry {sorted(strange)[0]}")
        for entry, known in (("mark", MARKS), ("kind", tuple(KINDS))):
            if raw[entry] not in known:
                hint = nearest(raw[entry], known)
                raise PackError("sources.toml", f"source {key} has {entry} {raw[entry]!r}; {hint}")
        rules, first, last = tuple(raw.get("rules", ())), _day(key, raw, "valid_from"), _day(key, raw, "valid_to")
        out[key] = Source(key, raw["kind"], raw["zh"], raw["en"], raw["mark"], rules, first, last)
    return out


def _day(key: str, raw: Mapping[str, Any], entry: str) -> str:
    """A day as ISO text, empty where the source names none."""
    said = str(raw.get(entry, ""))
    try:
        if said and date.fromisoformat(said).isoformat() != said:
            raise ValueError(said)
    except ValueError:
        raise PackError("sources.toml", f"source {key} has {entry} {said!r}; write a date such as 2026-01-01") from None
    return said
