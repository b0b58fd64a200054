"""What Chinese SMS providers let through (returns.md 6.5: Aliyun 44335 and 463270, Tencent 382/39023). Pure."""

from __future__ import annotations

import re

LONGEST_ONE, LONGEST_PART, MOST_PARTS = 70, 67, 2  # characters; longer texts are cut and billed in parts of 67
LONGEST_VARIABLE = 20  # Huawei's limit, the tightest
_MARKS = "¥￥★※→"
# A notice with one of these is refused as promotion or as stirring up a dispute (Aliyun 463270).
_WORDS = ("问卷调查", "邀请好评", "积分兑换", "回复确认收货", "法律维权", "维权", "调解", "返现")
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|cn|net|org|top|shop)\b", re.IGNORECASE)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class NotAllowed(ValueError):
    """The provider would refuse this text, or cut it."""


def check(text: str, variables: dict[str, str]) -> None:
    """Raise `NotAllowed` for the first rule that the text (signature included) or one of its variables breaks."""
    signature, closed, body = text.partition("】")
    if not signature.startswith("【") or not closed or "【" in body or "】" in body:
        raise NotAllowed("An SMS has exactly one signature in 【】, at its beginning.")
    if parts(text) > MOST_PARTS:
        raise NotAllowed(f"{len(text)} characters are {parts(text)} messages; {MOST_PARTS} are the most.")
    for mark in _MARKS:
        if mark in text:
            raise NotAllowed(f"“{mark}” is not let through; amounts are written 99.00元.")
    for word in _WORDS:
        if word in text:
            raise NotAllowed(f"“{word}” is not let through in a notice.")
    if _LINK.search(text):
        raise NotAllowed("Links must be constant and registered; none is.")
    if _MOBILE.search(body):
        raise NotAllowed("A mobile number may not stand in a notice.")
    for name, value in variables.items():
        if value and len(value) > LONGEST_VARIABLE and value in body:
            raise NotAllowed(f"The variable {name} has {len(value)} characters; {LONGEST_VARIABLE} are the most.")


def parts(text: str) -> int:
    """How many messages a text is billed as."""
    return 1 if len(text) <= LONGEST_ONE else -(-len(text) // LONGEST_PART)
