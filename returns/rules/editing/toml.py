"""Changes of single entries in a TOML file of a pack: everything else, comments included, stays as it is."""

import json
import re
import tomllib
from typing import Any

from returns.rules.editing.refused import EditError, gettext_noop

_KEY = re.compile(r"^[A-Za-z0-9_-]+$")


def set_entry(file: str, text: str, section: str, key: str, value: object) -> str:
    """The text with `key = value` in `[section]`: the line changed where there is one, else a line more at the end of
    the section. Values are text, whole numbers, yes/no or lists of text."""
    _check_key(file, key)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    begins, ends = _section(lines, section)
    if begins is None:
        lines += ["\n", f"[{section}]\n", _line(key, value)]
    else:
        at = _entry(lines, begins, ends, key)
        if at is None:
            while ends > begins + 1 and not lines[ends - 1].strip():
                ends -= 1
            lines.insert(ends, _line(key, value))
        else:
            lines[at] = _line(key, value)
    new = "".join(lines)
    _must_only_change(file, text, new, section, key, value)
    return new


def _section(lines: list[str], section: str) -> tuple[int | None, int]:
    """The line of the section's head and the line after its last."""
    begins = next((at for at, line in enumerate(lines) if line.strip() == f"[{section}]"), None)
    if begins is None:
        return None, len(lines)
    after = (at for at in range(begins + 1, len(lines)) if lines[at].startswith("["))
    return begins, next(after, len(lines))


def _entry(lines: list[str], begins: int, ends: int, key: str) -> int | None:
    return next((at for at in range(begins + 1, ends) if lines[at].split("=")[0].strip() == key), None)


def _line(key: str, value: object) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}\n"  # JSON strings, numbers and lists are TOML ones


def _check_key(file: str, key: str) -> None:
    if not _KEY.match(key):
        raise EditError(
            gettext_noop("%(file)s: a key has only letters, digits, _ and -, not %(key)s."), file=file, key=repr(key)
        )


def _must_only_change(file: str, before: str, after: str, section: str, key: str, value: object) -> None:
    """A text whose entry runs over several lines cannot be changed line by line; it is refused rather than damaged."""
    try:
        wanted = tomllib.loads(before)
        place: dict[str, Any] = wanted
        for part in section.split("."):
            place = place.setdefault(part, {})
        place[key] = value
        if tomllib.loads(after) == wanted:
            return
    except tomllib.TOMLDecodeError:
        pass
    raise EditError(
        gettext_noop("%(file)s: %(key)s is not written on one line; change it in the text and upload it."),
        file=file, key=key,
    )  # fmt: skip
