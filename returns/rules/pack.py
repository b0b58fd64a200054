"""One policy as a whole: its tables in order, sources, words in both languages, and the hash over all of it. Decides
through `engine`.

A pack is a folder: `pack.toml`, `sources.toml`, `words.zh.toml`, `words.en.toml`, and `NAME.toml` + `NAME.csv` for
each table; `examples.jsonl` beside them is no part of the meaning. Whoever stores `files` can rebuild the same pack
years later with `read_pack(files)`; the hash proves that it is the same.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from returns.rules.canonical import write_body, write_head
from returns.rules.compile import Compiled
from returns.rules.engine import decide
from returns.rules.language import Table
from returns.rules.linking import AUDIENCES, LOCALES, check_columns, check_rows
from returns.rules.sources import Source, read_sources
from returns.rules.text import BIGGEST_FILE, PackError, nearest, parse_head, parse_toml, read_file, with_rows
from returns.rules.verdict import LEGS, REMEDIES, Verdict

# Changes when the same pack and facts would give another verdict; old verdicts name the number they were given under.
SEMANTICS = "1"
NEEDED = ("name", "version", "semantics", "title_zh", "title_en", "governing_fact", "chain")
OPTIONAL = ("effective", "no_reason_days", "moves_with_holidays", "each", "amount")
PACKS = Path(__file__).with_name("packs")


@dataclass(frozen=True, eq=False)
class Pack:
    """A policy ready to decide. `tables` are in the order in which they are asked; `words[locale][audience][key]` are
    templates, `questions[locale][key]` the contested points with the reading taken. `no_reason_days` is the statutory
    period of a return without a reason, whose last day `moves_with_holidays` or does not."""

    name: str
    version: str
    semantics: str
    sha256: str
    title: Mapping[str, str]
    governing_fact: str
    effective: str
    no_reason_days: int
    moves_with_holidays: bool
    chain: tuple[str, ...]
    each: tuple[str, ...]
    tables: Mapping[str, Compiled]
    sources: Mapping[str, Source]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    questions: Mapping[str, Mapping[str, Mapping[str, str]]]
    amounts: tuple[Mapping[str, Any], ...]
    files: Mapping[str, str]

    def table(self, name: str) -> Table:
        return self.tables[name].table

    def decide(self, facts: Mapping[str, object]) -> Verdict:
        """The verdict on a case. Raises BadFact naming the fact that is unknown, missing, outside its domain or
        against another."""
        return decide(self, facts)


def read_folder(folder: Path) -> dict[str, str]:
    """The files of a pack folder by name."""
    if not (folder / "pack.toml").is_file():
        raise PackError(str(folder.name), "is not a pack: it has no pack.toml")
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".toml", ".csv", ".jsonl"))
    return {path.name: read_file(path) for path in paths}


def read_pack(files: Mapping[str, str], *, kept: bool = False) -> Pack:
    """A pack from the text of its files. Raises PackError naming file, line and column, and what to do.

    `kept` reads the text of an earlier version: its columns may know fewer values than the vocabulary has by now.
    """

    def text(name: str) -> str:
        if name not in files:
            raise PackError(name, "is missing from the pack")
        if len(files[name]) > BIGGEST_FILE:
            raise PackError(name, f"is larger than {BIGGEST_FILE} characters; a pack file never is")
        return files[name]

    head = parse_toml("pack.toml", text("pack.toml"))
    for key in NEEDED:
        if key not in head:
            raise PackError("pack.toml", f"needs {key}")
    if not kept:
        _check_head(head)
    if head["semantics"] != SEMANTICS:
        raise PackError("pack.toml", f"is for engine semantics {head['semantics']}; this engine has {SEMANTICS}")
    chain, each = tuple(head["chain"]), tuple(head.get("each", ()))
    heads = {name: parse_head(name, text(f"{name}.toml")) for name in (*chain, *LEGS, *each)}
    check_columns(heads, chain, each, kept=kept)
    tables = {name: with_rows(table, text(f"{name}.csv")) for name, table in heads.items()}
    sources = read_sources(parse_toml("sources.toml", text("sources.toml")))
    words = {locale: parse_toml(f"words.{locale}.toml", text(f"words.{locale}.toml")) for locale in LOCALES}
    effective = str(head.get("effective", ""))
    for table in tables.values():
        check_rows(table, sources, words, effective)
    return Pack(
        name=head["name"],
        version=head["version"],
        semantics=head["semantics"],
        sha256=_hash(tables, head, {key: source.as_dict() for key, source in sources.items()}, words),
        title={"zh": head["title_zh"], "en": head["title_en"]},
        governing_fact=head["governing_fact"],
        effective=effective,
        no_reason_days=_whole(head, "no_reason_days", 7),
        moves_with_holidays=bool(head.get("moves_with_holidays", True)),
        chain=chain,
        each=each,
        tables={name: Compiled(table) for name, table in tables.items()},
        sources=sources,
        words={locale: {audience: read.get(audience, {}) for audience in AUDIENCES} for locale, read in words.items()},
        questions={locale: read.get("contested", {}) for locale, read in words.items()},
        amounts=tuple(head.get("amount", ())),
        files=dict(files),
    )


def _check_head(head: Mapping[str, Any]) -> None:
    """A misspelled entry would silently leave its default in force, so it is refused; an earlier version may have had it."""
    for key in head:
        if key not in NEEDED and key not in OPTIONAL:
            raise PackError("pack.toml", f"has an unknown entry {key}; {nearest(key, [*NEEDED, *OPTIONAL])}")
    if type(head.get("effective", date.min)) is not date:
        raise PackError("pack.toml", f"has effective = {head['effective']!r}; write a date such as 2026-01-01")
    if type(head.get("moves_with_holidays", True)) is not bool:
        raise PackError("pack.toml", f"has moves_with_holidays = {head['moves_with_holidays']!r}; write true or false")
    for rule in head.get("amount", ()):
        if rule.get("remedy") not in REMEDIES:
            raise PackError(
                "pack.toml", f"has an amount for {rule.get('remedy')!r}; {nearest(str(rule.get('remedy')), REMEDIES)}"
            )
        if rule.get("depreciation") is not True and type(rule.get("times")) is not int:
            raise PackError(
                "pack.toml", f"has an amount for {rule['remedy']} without times = ... or depreciation = true"
            )


def _whole(head: Mapping[str, Any], key: str, default: int) -> int:
    value = head.get(key, default)
    if type(value) is not int or value < 0:
        raise PackError("pack.toml", f"has {key} = {value!r}; write whole days")
    return value


def _hash(tables: Mapping[str, Table], *parts: object) -> str:
    """Over the meaning, not the bytes: canonical tables, and everything else as sorted JSON."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(write_head(tables[name]).encode())
        digest.update(write_body(tables[name]).encode())
    for part in parts:
        digest.update(json.dumps(part, ensure_ascii=False, sort_keys=True, default=str).encode())
    return digest.hexdigest()


@cache
def load_pack(name: str = "cn") -> Pack:
    """A shipped pack by name, read once for each process. Raises PackError when there is none or it does not hold
    together."""
    if name not in shipped():
        raise PackError(name, f"is not a pack; there are {', '.join(shipped())}")
    return read_pack(read_folder(PACKS / name))


def shipped() -> list[str]:
    """The names of the packs that come with the product."""
    return sorted(path.parent.name for path in PACKS.glob("*/pack.toml"))


def open_pack(name: str) -> Pack:
    """A shipped pack by name, else the pack in a folder of that path; for commands. Raises PackError."""
    if name in shipped():
        return load_pack(name)
    if Path(name).is_dir():
        return read_pack(read_folder(Path(name)))
    raise PackError(name, f"is neither a shipped pack ({', '.join(shipped())}) nor a folder")
