"""Words that managers write: `{name}` stands for a value. No logic, so nothing in them can fail or leak. Pure.

A line in which a variable has no value is left out, so that one text serves a case with and without a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BRACES = re.compile(r"\{([^{}\n]*)\}")
_TOUCHING = re.compile(r"\}\s*\{")


def names_in(text: str) -> list[str]:
    """Every variable, in the order of the text, each once."""
    return list(dict.fromkeys(BRACES.findall(text)))


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with its variables; lines with an empty one are left out. An unknown name stays in its braces."""
    lines = []
    for line in text.splitlines():
        names = names_in(line)
        if any(name in values and values[name] in (None, "") for name in names):
            continue
        lines.append(BRACES.sub(lambda found: str(values.get(found[1], found[0])), line))
    return "\n".join(lines)


def touching(text: str) -> bool:
    """Whether two variables stand side by side with nothing between: carriers refuse that."""
    return bool(_TOUCHING.search(text))


def is_bare(text: str) -> bool:
    """Whether the text is nothing but variables and punctuation."""
    return not any(each.isalpha() for each in BRACES.sub("", text))
