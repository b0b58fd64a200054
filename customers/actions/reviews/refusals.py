"""Why a public reply is not taken. The guard finds, this says it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.errors import BadInput, Conflict
from customers.reviewing import Finding, Kind

KINDS: dict[Kind, str | Promise] = {
    Kind.EMAIL: _("an e-mail address"),
    Kind.ID_NUMBER: _("the number of an identity card"),
    Kind.PHONE: _("a phone number"),
    Kind.CHAT: _("a WeChat or QQ contact"),
    Kind.TRACKING: _("a tracking number"),
    Kind.ORDER: _("an order number"),
    Kind.NAME: _("a name"),
    Kind.ADDRESS: _("an address"),
    Kind.LINK: _("a link"),
    Kind.REWARD: _("money, a gift or a wish for a better review"),
    Kind.NUMBER: _("a long number"),
}


class PrivateReply(BadInput):
    """What is to be published holds what only customer and shop should know. `findings` are the places, for the page to mark."""

    code = "reply_private"
    sentence = _("This cannot be published: it holds %(what)s. Take it out; what only the customer should know goes into a "
                 "private message.")  # fmt: skip

    def __init__(self, findings: Sequence[Finding], *, field: str = "text") -> None:
        kinds = list(dict.fromkeys(found.kind for found in findings))
        super().__init__(field=field, what=_Listed(kinds))
        self.findings = list(findings)


class _Listed:
    """The kinds in words, in whatever language the sentence is said in."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds

    def __str__(self) -> str:
        between = str(pgettext_lazy("between two of a list", ", "))
        return between.join(str(KINDS[kind]) for kind in self.kinds)


class ReviewSettled(Conflict):
    code = "review_settled"
    sentence = _("This review is settled: %(state)s. Take that back first.")


class NoReply(Conflict):
    code = "review_without_reply"
    sentence = _("There is no reply to copy yet. Write one first.")
