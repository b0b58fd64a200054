"""The name a version gives itself in `pack.toml`, which every verdict carries. Called when a draft is begun or submitted."""

import re
from collections.abc import Mapping

from returns.rules.text import PackError

_VERSION = re.compile(r'^version\s*=\s*"[^"\n]*"', re.MULTILINE)


def labelled(files: Mapping[str, str], label: str) -> dict[str, str]:
    """The same files under another name; nothing else in them moves. Raises PackError where there is none to change."""
    text, found = _VERSION.subn(f'version = "{label}"', files.get("pack.toml", ""), count=1)
    if not found:
        raise PackError("pack.toml", 'needs a line version = "…"')
    return {**files, "pack.toml": text}


def line_of_label(files: Mapping[str, str]) -> int:
    """The line of `pack.toml` that names the version, from 1; 0 where none does."""
    found = _VERSION.search(files.get("pack.toml", ""))
    return files["pack.toml"].count("\n", 0, found.start()) + 1 if found else 0


def same_but_label(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two texts differ in nothing but the name they give themselves."""
    return labelled(one, "") == labelled(other, "")
