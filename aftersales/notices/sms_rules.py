"""What Chinese SMS providers let through (returns.md 6.5: Aliyun 44335 and 463270, Tencent 382/39023). Pure."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from aftersales.notices import braces

LONGEST_ONE, LONGEST_PART, MOST_PARTS = 70, 67, 2  # characters; longer texts are cut and billed in parts of 67
MOST_VARIABLES = 20
LONGEST_VARIABLE = 20  # Huawei's limit, the tightest
_MARKS = "¥￥★※→"
# A notice with one of these is refused as promotion or as stirring up a dispute (Aliyun 463270).
_WORDS = ("问卷调查", "邀请好评", "积分兑换", "回复确认收货", "法律维权", "维权", "调解", "返现")
# How an SMS of the shop's own accord ends: with how to have no more of them (Aliyun 91975, Tencent 382/13301).
WAY_OUT = {"zh": "拒收请回复R", "en": "Reply R to stop"}
# What people answer then, also from habit with other senders' words.
_STOPS = frozenset({"r", "td", "t", "退订", "拒收", "stop", "unsubscribe"})
_AROUND = " \t\r\n.,;:!?'\"()[]<>。，、；：！？“”‘’「」【】《》…"  # of a word that was typed by hand
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|cn|net|org|top|shop)\b", re.IGNORECASE)
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[ -]?[3-9](?:[ -]?\d){9}(?!\d)")  # +86 138-0013-8000


class NotAllowed(ValueError):
    """The provider would refuse this text, or cut it. As text it is in English, for logs; `told` is for people."""

    def __init__(self, sentence: str, **params: object) -> None:
        super().__init__(sentence % params)
        self.sentence, self.params = sentence, params

    def told(self) -> str:
        """In the reader's language."""
        return gettext(self.sentence) % self.params


def check(text: str, variables: dict[str, str]) -> None:
    """Raise `NotAllowed` for the first rule that the text (signature included) or one of its variables breaks."""
    signature, closed, body = text.partition("】")
    if not signature.startswith("【") or not closed or "【" in body or "】" in body:
        raise NotAllowed(_("An SMS has exactly one signature in 【】, at its beginning."))
    if parts(text) > MOST_PARTS:
        raise NotAllowed(
            _("%(length)s characters are %(parts)s messages; %(most)s are the most."),
            length=len(text), parts=parts(text), most=MOST_PARTS,
        )  # fmt: skip
    for mark in _MARKS:
        if mark in text:
            raise NotAllowed(_("“%(mark)s” is not allowed; write amounts as 99.00元."), mark=mark)
    for word in _WORDS:
        if word in text:
            raise NotAllowed(_("“%(word)s” is not allowed in a notice."), word=word)
    if _LINK.search(text):
        raise NotAllowed(_("Links must be constant and registered; none is."))
    if _MOBILE.search(body):
        raise NotAllowed(_("A mobile number may not stand in a notice."))
    for name, value in variables.items():
        if value and len(value) > LONGEST_VARIABLE and value in body:
            raise NotAllowed(
                _("The variable %(name)s has %(length)s characters; %(most)s are the most."),
                name=name, length=len(value), most=LONGEST_VARIABLE,
            )  # fmt: skip


def check_template(text: str) -> None:
    """The rules of a text with `{variables}`, before it is filled in. Raise `NotAllowed` for the first one it breaks."""
    if braces.touching(text):
        raise NotAllowed(_("Two variables may not touch: put a word or a comma between them."))
    if braces.is_bare(text):
        raise NotAllowed(_("A text cannot consist of variables only."))
    if len(braces.names_in(text)) > MOST_VARIABLES:
        raise NotAllowed(_("%(most)s variables are the most."), most=MOST_VARIABLES)


def check_way_out(text: str, locale: str) -> None:
    """Raise `NotAllowed` where a text of the shop's own accord does not end with how to have no more of them."""
    ending = WAY_OUT["zh" if locale.startswith("zh") else "en"]
    if not text.rstrip().endswith(ending):
        raise NotAllowed(_("An SMS of our own accord ends with “%(ending)s”."), ending=ending)


def says_stop(text: str) -> bool:
    """Whether an answer is nothing but a word that asks for no more: in full width, in quotes, with blanks, whatever the case."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return plain.strip().strip(_AROUND).casefold() in _STOPS


def parts(text: str) -> int:
    """How many messages a text is billed as."""
    return 1 if len(text) <= LONGEST_ONE else -(-len(text) // LONGEST_PART)
