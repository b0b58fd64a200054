"""Whether a text says sorry, in the words people use. Kept small: what it misses can be waived with a reason."""

from __future__ import annotations

import re

_SORRY = re.compile(
    r"抱歉|道歉|对不起|不好意思|致歉|歉意|见谅|请.{0,4}(?:谅解|原谅)|\bsorry\b|\bapolog(?:y|ies|i[sz]e[sd]?|i[sz]ing)\b",
    re.IGNORECASE,
)
# "There is no reason to apologise" holds the word and is none.
_NOT = re.compile(
    r"(?:不用|不会|不必|没必要|无需|拒绝|凭什么)(?:向[你您])?(?:道歉|抱歉|致歉|说对不起)"
    r"|\b(?:not|never|no reason to|nothing to|n['’]t)\s+(?:be\s+)?(?:sorry|apologi[sz]e)(?:\s+for)?\b",
    re.IGNORECASE,
)


def apologises(text: str) -> bool:
    """Whether somebody says sorry in this text."""
    return _SORRY.search(_NOT.sub("", text)) is not None
