"""Where rules come from: laws, platform rules, the shop's own policy, each with how sure we are of its wording. Read
by `pack`."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    numbers of our rule list. `valid_to` is the last day (ISO date) on which it held, empty while it holds."""

    key: str
    kind: str
    zh: str
    en: str
    mark: str
    rules: tuple[str, ...] = ()
    valid_to: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for the hash, for verdicts and for records."""
        return {
            "key": self.key, "kind": self.kind, "zh": self.zh, "en": self.en,
            "mark": self.mark, "rules": list(self.rules), "valid_to": self.valid_to,
        }  # fmt: skip


def read_sources(read: Mapping[str, Any]) -> dict[str, Source]:
    """The sources of `sources.toml` by key; raises PackError where one is incomplete."""
    out: dict[str, Source] = {}
    for key, raw in read.items():
        for need in NEEDED:
            if need not in raw:
                raise PackError("sources.toml", f"source {key} needs {need}")
        strange = set(raw) - {*NEEDED, "rules", "valid_to"}
        if strange:
            raise PackError("sources.toml", f"source {key} has an unknown entry {sorted(strange)[0]}")
        for entry, known in (("mark", MARKS), ("kind", tuple(KINDS))):
            if raw[entry] not in known:
                hint = nearest(raw[entry], known)
                raise PackError("sources.toml", f"source {key} has {entry} {raw[entry]!r}; {hint}")
        rules = tuple(raw.get("rules", ()))
        out[key] = Source(key, raw["kind"], raw["zh"], raw["en"], raw["mark"], rules, str(raw.get("valid_to", "")))
    return out
