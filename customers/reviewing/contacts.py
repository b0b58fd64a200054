"""E-mail addresses, WeChat and QQ, links: ways around the platform, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.reviewing.digits import plain, read
from customers.reviewing.finding import Finding, Kind
from customers.reviewing.known import Known

_GAP = r"[\s\u200b-\u200d]{0,2}"
_EMAIL = re.compile(
    rf"[A-Za-z0-9][\w.+-]{{0,40}}{_GAP}(?:@|\(at\)|\[at\]|艾特|圈[aA]|\bat\b|#){_GAP}"
    rf"[A-Za-z0-9][\w-]{{0,30}}(?:{_GAP}(?:\.|点|[\[(]?\bdot\b[\])]?|。){_GAP}[A-Za-z][\w-]{{1,20}}){{1,3}}",
    re.IGNORECASE,
)
_WECHAT = (
    r"微{gap}信号?|薇{gap}信|威{gap}信|徽{gap}信|围{gap}信|(?<![a-z])we{gap}chat|(?<![a-z])weixin|(?<![a-z])[vw]x(?![a-z])"
    r"|(?<![a-z])[vV]{gap}信"
)
_QQ = r"(?<![a-z])q{gap}q|扣{gap}扣|企鹅号|球球号"
_APP = "(?:" + f"{_WECHAT}|{_QQ}".replace("{gap}", _GAP) + ")"
_CHAT = (
    # The number or name itself, a few characters after the word.
    re.compile(
        rf"{_APP}[^\w\n]{{0,4}}(?:号码?|群|id|账号)?[^\w\n]{{0,4}}(?:是|为|is)?[^\w\n]{{0,4}}[a-z0-9][-\w.]{{4,19}}",
        re.I,
    ),
    re.compile(rf"{_APP}[^\d\n。！？]{{0,6}}\d(?:[\s-]?\d){{4,11}}", re.I),
    # Being asked to come there is enough: a platform forbids it, and the number follows in private.
    re.compile(
        rf"(?:加|添加|扫码?|私聊|联系)(?:一下|下)?(?:我们?|您|你|客服|店主|掌柜|老板|本店){{0,3}}的?{_GAP}(?:个人)?{_APP}",
        re.I,
    ),
    re.compile(r"(?:加|添加)(?:一下|下)?(?:我们?|客服|店主|掌柜|老板){0,2}的?[vV](?![a-zA-Z])"),
    re.compile(rf"\b(?:add|contact|reach|message|find) (?:us|me)(?: on| via| by| in| at)? {_APP}", re.I),
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。！？]+", re.IGNORECASE)


def find(text: str, known: Known) -> Iterator[Finding]:
    """Every way to be reached outside of the platform."""
    common, digits = plain(text), read(text)
    for kind, pattern, where in (
        (Kind.EMAIL, _EMAIL, common),
        *((Kind.CHAT, pattern, where) for pattern in _CHAT for where in (common, digits)),
        (Kind.LINK, _LINK, common),
    ):
        for match in pattern.finditer(where):
            yield Finding(kind, *match.span(), text[match.start() : match.end()])
    for value in known.emails:
        user = value.partition("@")[0]
        if len(user) >= 4 and "*" not in value:
            for match in re.finditer(rf"(?<![\w.]){re.escape(user)}(?![\w.])", common, re.IGNORECASE):
                yield Finding(Kind.EMAIL, *match.span(), text[match.start() : match.end()])
