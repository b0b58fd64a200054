"""What may be said about a case: the closed vocabulary of facts, their checking, and a JSON schema. Read by gather,
API and commands.

The vocabulary itself is `facts.toml`. Nothing outside it reaches a rule table, so a typo is an error that names the
fact, never a silent default. Days are whole calendar days in the zone of the place of receipt; money is in minor
units of the order's currency.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from returns.rules.reasons import reasons

LONGEST = 80  # letters of a wrong word that an error repeats; nothing we know is longer
_ZONE = r"^([A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2})?$"  # as the tz database spells its names
JSON_TYPES = {"bool": "boolean", "int": "integer", "money": "integer"}  # everything else is text


class BadFact(ValueError):
    """A fact that is unknown, missing or outside its domain. `name` is the fact, `value` what was given, `why` a
    plain sentence."""

    def __init__(self, name: str, value: object, why: str) -> None:
        super().__init__(f"{name or repr(name)}: {why}")
        self.name = name
        self.value = value
        self.why = why


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the vocabulary. `values` maps each value of an enum to its labels (zh, en); `default` None means it
    must be given."""

    name: str
    kind: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    default: str | int | bool | None = None
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lo: int = 0
    hi: int = 0
    unit_zh: str = ""
    unit_en: str = ""
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en

    def help(self, locale: str) -> str:
        return self.help_zh if locale.startswith("zh") else self.help_en

    def unit(self, locale: str) -> str:
        return self.unit_zh if locale.startswith("zh") else self.unit_en

    def value_label(self, value: object, locale: str) -> str:
        """How a value reads after its label; the label already says the unit of a number."""
        zh = locale.startswith("zh")
        if self.kind == "bool":
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        if self.values:
            return self.values[str(value)][0 if zh else 1]
        return str(value)

    def check(self, value: object) -> str | int | bool:
        """The value itself when it belongs to the domain; raises BadFact otherwise. Text is never read as a number."""
        if self.kind == "bool":
            if isinstance(value, bool):
                return value
            raise BadFact(self.name, value, "must be true or false")
        if self.kind in ("int", "money"):
            if isinstance(value, bool) or not isinstance(value, int):
                raise BadFact(self.name, value, f"must be a whole number from {self.lo} to {self.hi}")
            if not self.lo <= value <= self.hi:
                raise BadFact(self.name, value, f"must lie between {self.lo} and {self.hi}")
            return value
        if not isinstance(value, str):
            raise BadFact(self.name, value, "must be text")
        if self.kind == "date":
            return self._check_date(value)
        if self.kind == "zone":
            return self._check_zone(value)
        if value not in self.values:
            near = get_close_matches(value[:LONGEST], self.values, 1)
            hint = f"did you mean {near[0]}" if near else f"choose one of {', '.join(self.values)}"
            raise BadFact(self.name, value, f"{value[:LONGEST]!r} is not known; {hint}")
        return value

    def _check_date(self, value: str) -> str:
        if value:
            try:
                # Python also reads 20261001 and 2026-W40-4; one spelling keeps records comparable.
                if date.fromisoformat(value).isoformat() != value:
                    raise ValueError(value)
            except ValueError:
                raise BadFact(self.name, value, "must be a date such as 2026-10-01") from None
        return value

    def _check_zone(self, value: str) -> str:
        """By its spelling only: a verdict must read the same on a machine that knows other zones."""
        if len(value) > LONGEST or not re.fullmatch(_ZONE, value):
            raise BadFact(self.name, value, "must be a time zone such as Asia/Shanghai")
        return value

    def schema(self) -> dict[str, Any]:
        """This fact as a JSON Schema property."""
        out: dict[str, Any] = {
            "type": JSON_TYPES.get(self.kind, "string"),
            "title": self.en,
            "description": self.help_en,
        }
        if self.values:
            out["enum"] = list(self.values)
        if self.kind in ("int", "money"):
            out |= {"minimum": self.lo, "maximum": self.hi}
        if self.kind == "date":
            out["pattern"] = r"^(\d{4}-\d{2}-\d{2})?$"
        if self.kind == "zone":
            out |= {"pattern": _ZONE, "maxLength": LONGEST}
        if self.unit_en:
            out["x-unit"] = self.unit_en
        if self.default is not None and not self.required_when:
            out["default"] = self.default
        out["x-title-zh"] = self.zh
        return out


def _read(raw: dict[str, Any], shared: dict[str, dict[str, list[str]]]) -> Fact:
    """One entry of the file as a Fact; reasons take their values from the list of reasons."""
    if raw["kind"] == "reason":
        values = {"none": ("尚未查明", "nothing found yet")} if raw.get("default") == "none" else {}
        values |= {code: (leaf.zh, leaf.en) for code, leaf in reasons().items()}
    else:
        listed = raw.get("values") or shared.get(raw.pop("values_of", ""), {})
        values = {value: (zh, en) for value, (zh, en) in listed.items()}
    when = {k: tuple(v) for k, v in raw.get("required_when", {}).items()}
    return Fact(**{**raw, "values": values, "required_when": when})


@cache
def vocabulary() -> dict[str, Fact]:
    """Every fact by name, in the order of the file."""
    read = tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))
    return {raw["name"]: _read(raw, read["values"]) for raw in read["fact"]}


def validate(facts: Mapping[str, object]) -> dict[str, str | int | bool]:
    """The facts of a case, complete: what was given, checked, and the defaults for the rest. Raises BadFact naming
    the fact."""
    if not isinstance(facts, Mapping):
        raise BadFact("facts", facts, "must be an object of fact names and values")
    words = vocabulary()
    for name in facts:
        if name not in words:
            told = str(name)[:LONGEST]
            near = get_close_matches(told, words, 1)
            raise BadFact(told, facts[name], "is not a known fact" + (f"; did you mean {near[0]}" if near else ""))
    out: dict[str, str | int | bool] = {}
    for name, fact in words.items():
        if name in facts:
            out[name] = fact.check(facts[name])
        elif fact.default is None:
            raise BadFact(name, None, "must be given")
        else:
            out[name] = fact.default
    for name, fact in words.items():
        if name not in facts and fact.required_when and all(out[k] in v for k, v in fact.required_when.items()):
            where = " and ".join(f"{k} is {out[k]}" for k in fact.required_when)
            raise BadFact(name, None, f"must be given when {where}")
    return out


def schema() -> dict[str, Any]:
    """The vocabulary as one JSON Schema (draft 2020-12): what `validate` accepts."""
    words = vocabulary()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts of an after-sales case",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: fact.schema() for name, fact in words.items()},
        "required": [name for name, fact in words.items() if fact.default is None],
        "allOf": [
            {
                # `stage` may be left out and then is its default, so the condition must not ask for its presence
                # unless the default lies outside the listed values.
                "if": {
                    "properties": {k: {"enum": list(v)} for k, v in fact.required_when.items()},
                    "required": [k for k, v in fact.required_when.items() if words[k].default not in v],
                },
                "then": {"required": [name]},
            }
            for name, fact in words.items()
            if fact.required_when
        ],
    }
