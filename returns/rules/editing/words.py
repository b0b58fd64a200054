"""Edits of what a row says to people: its words for customer and staff in both languages, and the sources it cites."""

from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Any

from returns.rules.editing.refused import EditError, gettext_noop
from returns.rules.editing.rows import find_row, next_key, read_table, set_why
from returns.rules.editing.toml import set_entry
from returns.rules.linking import AUDIENCES, LOCALES
from returns.rules.phrases import PLACEHOLDERS
from returns.rules.sources import KINDS
from returns.rules.text import MARKS, nearest, parse_toml

Words = Mapping[tuple[str, str], str]  # (language, reader) → what is said
LONGEST = 500  # characters of one explanation


@lru_cache(maxsize=16)
def read_toml(file: str, text: str) -> Mapping[str, Any]:
    """A file of the pack, read once for each text of it: an editor asks for every row. Not to be changed by callers.
    Raises PackError."""
    return parse_toml(file, text)


def words_of(files: Mapping[str, str], why: str) -> dict[tuple[str, str], str]:
    """What is said under a key, empty where nothing is."""
    out: dict[tuple[str, str], str] = {}
    for locale in LOCALES:
        read = read_toml(f"words.{locale}.toml", files.get(f"words.{locale}.toml", ""))
        for audience in AUDIENCES:
            out[locale, audience] = str(read.get(audience, {}).get(why, ""))
    return out


def set_words(files: Mapping[str, str], why: str, words: Words) -> dict[str, str]:
    """The files with other words under a key. All four texts are needed: two languages, two readers."""
    out = dict(files)
    before = words_of(files, why)
    for locale in LOCALES:
        for audience in AUDIENCES:
            text = " ".join(words.get((locale, audience), "").split())
            check_text(locale, audience, text)
            if text != before[locale, audience]:
                file = f"words.{locale}.toml"
                out[file] = set_entry(file, out.get(file, ""), audience, why, text)
    return out


def set_own_words(files: Mapping[str, str], table: str, row: str, words: Words) -> dict[str, str]:
    """The files with words for this row alone: others that shared its key keep what they said."""
    read = read_table(files, table)
    taken = {each.why for each in read.rows}
    key = next_key(find_row(read, row).why, lambda key: key in taken or any(words_of(files, key).values()))
    return set_words(set_why(files, table, row, key), key, words)


def add_source(
    files: Mapping[str, str], key: str, *, kind: str, zh: str, en: str, mark: str, valid_to: str = ""
) -> dict[str, str]:
    """The files with one source more: a law, a platform's rule, the shop's policy. `valid_to` is an ISO date or empty."""
    if key in read_toml("sources.toml", files.get("sources.toml", "")):
        raise EditError(gettext_noop("There is a source %(key)s already; choose another key."), column="key", key=key)
    for name, value in (("zh", zh), ("en", en)):
        if not value.strip():
            raise EditError(gettext_noop("Write how the source is cited in both languages."), column=name)
    for name, value, known in (("kind", kind, tuple(KINDS)), ("mark", mark, MARKS)):
        if value not in known:
            raise EditError(
                gettext_noop("Source %(key)s, %(column)s: %(why)s"), column=name, key=key, why=nearest(value, known)
            )
    text = files.get("sources.toml", "")
    entries = {
        "kind": kind,
        "zh": zh.strip(),
        "en": en.strip(),
        "mark": mark,
        **({"valid_to": valid_to} if valid_to else {}),
    }
    for name, value in entries.items():
        text = set_entry("sources.toml", text, key, name, value)
    return {**files, "sources.toml": text}


def check_text(locale: str, audience: str, text: str) -> None:
    """Raises EditError where a text is empty, too long, or names something an explanation does not know."""
    column = f"{audience}_{locale}"
    if not text:
        raise EditError(
            gettext_noop("Write the explanation in both languages, for the customer and for staff."), column=column
        )
    if len(text) > LONGEST:
        raise EditError(gettext_noop("An explanation has at most %(most)s characters."), column=column, most=LONGEST)
    try:
        named = [(name, form, how) for _, name, form, how in Formatter().parse(text) if name is not None]
    except ValueError:
        raise EditError(
            gettext_noop("Write {name} with both braces, and {{ for a brace that is meant as one."), column=column
        ) from None
    for name, form, how in named:
        if name not in PLACEHOLDERS or form or how:
            raise EditError(
                gettext_noop("{%(name)s} is not known in an explanation: %(why)s."),
                column=column, name=name, why=nearest(name, sorted(PLACEHOLDERS)),
            )  # fmt: skip
