"""The one thing that happens next with a request: who must act, what, and by when. Head of the status page and of the last step.

One row a status. A deadline is the pending timer of the return; while a refusal is contested all timers stand still and none is
shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.couriers import courier_name
from aftersales.kernel.money import Money
from aftersales.ledger import timers
from aftersales.portal.refused import handback_of
from returns.actions.finishing import open_refunds
from returns.models import Exchange, Handback, Refund, Return

S = Return.Status
Words = str | Promise


@dataclass(frozen=True, slots=True)
class NextStep:
    """`mine`: the customer must act; `free`: they may, and the deadline ends a right; `against`: the last word
    was no, which is done and no good news. `buttons` name what the page offers;
    `text` explains where one sentence more helps."""

    what: Words
    icon: str
    mine: bool = False
    free: bool = False
    done: bool = False
    against: bool = False
    text: Words = ""
    deadline: dt.datetime | None = None
    timer: str = ""
    buttons: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        if self.done:
            return _("Nothing left to do")
        if self.free:
            return _("Up to you")
        return _("Your turn") if self.mine else _("Our turn")

    @property
    def tone(self) -> str:
        return "done" if self.done and not self.against else "" if self.mine or self.free else "wait"


_ROWS: dict[S, NextStep] = {
    S.SUBMITTED: NextStep(
        gettext_lazy("We read your request and decide"), "search", timer="return.T1", buttons=("withdraw",)
    ),
    S.NEED_INFO: NextStep(
        gettext_lazy("Please answer our question"),
        "question",
        mine=True,
        timer="return.T2",
        buttons=("answer", "withdraw"),
    ),
    S.AWAITING_RETURN: NextStep(
        gettext_lazy("Send the parcel and enter its tracking number"),
        "truck",
        mine=True,
        timer="return.T3",
        buttons=("parcel", "label", "withdraw"),
    ),
    S.IN_TRANSIT: NextStep(
        gettext_lazy("Your parcel is on its way to us"),
        "truck",
        text=gettext_lazy("As soon as it is here we unpack and check it."),
        timer="return.T5",
        buttons=("another_parcel",),
    ),
    S.DELIVERED: NextStep(gettext_lazy("Your parcel has arrived; we unpack and count"), "parcel", timer="return.T5"),
    S.RECEIVED: NextStep(gettext_lazy("We check the goods"), "search", timer="return.T6"),
    S.RETURN_REFUSED: NextStep(
        gettext_lazy("We could not accept the goods"), "cross-circle", free=True, timer="return.T7", buttons=("object",)
    ),
    S.REJECTED: NextStep(
        gettext_lazy("We could not agree to your request"),
        "cross-circle",
        free=True,
        timer="return.T7",
        buttons=("object",),
    ),
    S.REFUND_DUE: NextStep(gettext_lazy("We pay your refund"), "coin"),
    S.REFUNDING: NextStep(
        gettext_lazy("Your refund is on its way"),
        "coin",
        text=gettext_lazy("It goes back the way you paid; how fast it shows depends on your bank."),
    ),
    S.REFUNDED: NextStep(gettext_lazy("Your refund is paid"), "check-circle", done=True),
    S.REPAIRING: NextStep(gettext_lazy("We repair your goods"), "wrench"),
    S.AWAITING_RESHIP: NextStep(gettext_lazy("We send your replacement"), "parcel"),
    S.RESHIPPED: NextStep(gettext_lazy("Your replacement is on its way"), "truck"),
    S.EXPIRED: NextStep(
        gettext_lazy("The time for this request ran out"),
        "clock",
        mine=True,
        text=gettext_lazy("Nothing was lost: the items are free again."),
    ),
    S.WITHDRAWN: NextStep(
        gettext_lazy("You withdrew this request"),
        "check-circle",
        done=True,
        text=gettext_lazy("The items are free again, should you need a new request."),
    ),
    S.CLOSED: NextStep(gettext_lazy("This request is closed"), "check-circle", done=True),
}


_SETTLED = (S.REFUNDED, S.RESHIPPED)  # what was accepted is done


def next_step(ret: Return) -> NextStep:
    """The step for a return fetched with `preloaded()`. One query more for its deadline."""
    row = _with_particulars(ret, _ROWS[S(ret.status)])
    if row.timer and row.deadline is None and not ret.is_contested:
        return replace(row, deadline=timers.due_at(row.timer, on=ret))
    return row


def _with_particulars(ret: Return, row: NextStep) -> NextStep:
    """What depends on more than the status."""
    arrived = ret.status == S.RESHIPPED and ret.reshipment.delivered_at is not None
    row = _arrived(ret) if arrived else row
    refusal = ret.standing_refusal
    if ret.is_contested and not (refusal and refusal.is_part and ret.status not in _SETTLED):
        return replace(
            row, what=_("Your objection is with a lead"), icon="flag", mine=False, done=False, buttons=(),
            text=_("Somebody who did not take part in the decision looks at it. All time limits stand still."),
        )  # fmt: skip
    if ret.status in (*_SETTLED, S.RETURN_REFUSED) and refusal is not None and not ret.is_contested:
        back = handback_of(ret)
        if back is not None and back.ended_at is None:
            return _goods_go_back(back, row)
        if refusal.is_part and refusal.final_at is None:
            return replace(
                row, done=False, free=True, timer="return.T7", buttons=("object",),
                text=_("A part was not accepted, for the reason below. You may object to that."),
            )  # fmt: skip
    if ret.status in (S.REJECTED, S.RETURN_REFUSED) and _is_answered(ret):
        return _after_the_answer(ret, row)
    if ret.status == S.EXPIRED:
        return replace(row, buttons=("begin",) if ret.reopened_count else ("reopen",))
    if ret.status == S.REFUND_DUE:
        return replace(row, deadline=_first_due(ret.refunds.all()))
    if ret.status == S.REPAIRING:
        return replace(row, deadline=ret.ticket.process_due_at)
    if ret.status == S.AWAITING_RESHIP:
        return _of_repair(ret, row) if ret.kind == Return.Kind.REPAIR else _of_exchange(ret, row)
    if ret.status == S.RESHIPPED and not arrived:
        parcel = ret.reshipment
        what = _("Your repaired goods are on their way") if ret.kind == Return.Kind.REPAIR else row.what
        return replace(row, what=what, text=f"{courier_name(parcel.carrier)} {parcel.number}")
    if ret.status == S.CLOSED:
        return replace(row, what=_closed_words(ret))
    return row


def _goods_go_back(back: Handback, row: NextStep) -> NextStep:
    """Refused goods: to be sent, on their way, or here again because they could not be delivered."""
    if back.came_back_at is not None:
        return replace(
            row, what=_("The courier brought your goods back to us"), icon="parcel", mine=True, free=False, done=False,
            text=_("Please write us where and when they can be delivered. Until then we keep them for you."),
            deadline=back.keep_until, buttons=("write_us",),
        )  # fmt: skip
    if back.sent_at is not None:
        return replace(
            row, what=_("Your goods are on their way back to you"), icon="truck", mine=False, free=False, done=False,
            text=f"{courier_name(back.carrier)} {back.number}", timer="", buttons=(),
        )  # fmt: skip
    return replace(
        row, what=_("We send back to you what we could not accept"), icon="parcel", mine=False, free=False, done=False,
        text="", deadline=back.due_at, buttons=(),
    )  # fmt: skip


def _is_answered(ret: Return) -> bool:
    """Whether a lead has said the last word on the standing refusal: there is one objection, and it was heard."""
    contest = getattr(ret.standing_refusal, "contest", None)
    return contest is not None and contest.settled_at is not None


def _after_the_answer(ret: Return, row: NextStep) -> NextStep:
    text = _("We looked at it again; our answer is below. If something new has come up, please write to us.")
    return replace(
        row,
        what=_("Our answer: the refusal stands"),
        text=text,
        free=False,
        done=True,
        against=True,
        timer="",
        buttons=("write_us",),
    )


def _arrived(ret: Return) -> NextStep:
    """What was sent is there, and the return is open still: a refund that belongs to it, or a part that was refused."""
    refunds = list(open_refunds(ret))
    if any(refund.status == "due" for refund in refunds):
        return replace(_ROWS[S.REFUND_DUE], deadline=_first_due(refunds))
    if refunds:
        return _ROWS[S.REFUNDING]
    return NextStep(_closed_words(ret), "check-circle", done=True)


def _first_due(refunds: Iterable[Refund]) -> dt.datetime | None:
    dues = [refund.due_at for refund in refunds if refund.status == "due" and refund.due_at]
    return min(dues, default=None)


def _of_repair(ret: Return, row: NextStep) -> NextStep:
    return replace(row, what=_("Your goods are repaired; we send them to you"), deadline=ret.ticket.process_due_at)


def _of_exchange(ret: Return, row: NextStep) -> NextStep:
    exchange = ret.exchange
    if exchange.difference_status != Exchange.Difference.CUSTOMER_OWES:
        return replace(row, deadline=ret.ticket.process_due_at)
    text = _(
        "Pay it the way you paid the order and name %(ref)s, then write us the payment number below. "
        "We send your replacement as soon as it is there."
    )
    return replace(
        row,
        what=_("Please pay the difference of %(amount)s") % {"amount": exchange.difference},
        text=text % {"ref": ret.ref},
        icon="coin",
        mine=True,
        buttons=("write",),
    )


def _closed_words(ret: Return) -> str:
    if ret.kind == Return.Kind.EXCHANGE and getattr(ret, "reshipment", None) is not None:
        return _("Your exchange is complete")
    if ret.kind == Return.Kind.REPAIR and getattr(ret, "reshipment", None) is not None:
        return _("Your repair is complete")
    paid = sum(refund.total_minor for refund in ret.refunds.all() if refund.status == "paid")
    if paid:
        return _("%(amount)s was refunded to you") % {"amount": Money(paid, ret.currency)}
    return _("This request is closed")
