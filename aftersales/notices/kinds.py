"""Every kind of notice, declared once: who reads it, how pressing it is, and which parameters its words need.

To add one: a line here, `templates/email/KEY.txt` with `KEY.subject.txt` and `templates/sms/KEY.txt` for customers, or
`templates/notices/KEY.txt` for staff. An SMS that says different things from case to case has a text, and a number at the
carrier, for each: a line in `variants` and `templates/sms/KEY.VARIANT.txt`. A test renders each in both languages and
holds the SMS to the providers' rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Case = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `pressing` ones, which set the customer a deadline, go by SMS beside the e-mail.

    `marketing` ones are of the shop's own accord: by e-mail, where the way out is a link, and by SMS only where the notice
    brings the words of one (`wording.OWN_SMS`), never to who refused that way; whoever tells them has asked for the consent.
    """

    key: str
    needs: frozenset[str]
    staff: bool = False
    pressing: bool = False
    marketing: bool = False
    mail_only: bool = False  # there is no SMS of it
    sms_leads: bool = False  # its SMS says no more than where to read it
    lasts: dt.timedelta | None = None  # sent later than this it is no news any more, so it is not sent at all
    until_deadline: bool = False  # it reminds of a deadline, and is of no use after it
    keeps_quiet: bool = False  # of the shop's own accord: nobody is written to in the quiet hours, however late it is

    variants: tuple[tuple[str, Case], ...] = ()  # of its SMS: the first whose case holds, else the one without a name

    def sms_key(self, params: Mapping[str, Any]) -> str:
        """Which of its SMS this case gets: the file in `templates/sms` and the key of the carrier's number."""
        return next((f"{self.key}.{name}" for name, holds in self.variants if holds(params)), self.key)

    def in_case(self, params: Mapping[str, Any]) -> Kind:
        """As it may go in this case: by e-mail alone where an SMS would lead to a page that is not there."""
        return replace(self, mail_only=True) if self.sms_leads and not params.get("status_url") else self

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways it may go in the code's words; one that brings the words of an SMS goes by SMS as well."""
        return ("inapp",) if self.staff else ("email",) if self.marketing or self.mail_only else ("email", "sms")

    @property
    def sms_keys(self) -> list[str]:
        """Every text of its SMS in the code; none where a notice brings its own, goes by e-mail only or stays in the desk."""
        return [self.key, *(f"{self.key}.{name}" for name, _ in self.variants)] if "sms" in self.channels else []

    def useful_until(self, params: dict[str, Any], now: dt.datetime) -> dt.datetime | None:
        """Until when it may be sent; None: it never comes too late. `params` as they are given to `tell`."""
        deadline = params.get("deadline") if self.until_deadline else None
        return deadline or (now + self.lasts if self.lasts else None)


KINDS: dict[str, Kind] = {}


def _customer(key: str, *needs: str, **more: Any) -> None:
    KINDS[key] = Kind(key, frozenset({"ref", "order_number", "status_url", *needs}), **more)


def _staff(key: str, *needs: str) -> None:
    KINDS[key] = Kind(key, frozenset({"ref", "url", *needs}), staff=True)


# Customers. `deadline` is an aware datetime, `amount` a Money, texts are what staff or the rules wrote for customers.
_customer("return.submitted", "deadline")
_customer("return.info_requested", "question", "deadline", pressing=True)
_customer(
    "return.approved", "address", "deadline", pressing=True,  # address "" where nothing comes back
    variants=(("nothing_back", lambda case: not case["address"]),),
)  # fmt: skip
_customer("return.rejected", "reason", "deadline")
_customer(
    "return.reminded", "step", "deadline", pressing=True, until_deadline=True,  # step: "ship" or "info"
    variants=(("info", lambda case: case["step"] != "ship"),),
)  # fmt: skip
_customer("return.expired")
_customer("return.received", "deadline")
# amount None where nothing is refunded; units checked and of these refused, 0 where all is well; why: the reason of a
# partial refusal or "", clause: what it rests on or "", until: when the time to object to it ends, or None.
_customer(
    "return.inspected", "amount", "checked", "refused", "why", "clause", "until",
    variants=(
        ("part", lambda case: bool(case["refused"] and case["amount"])),
        ("refused", lambda case: bool(case["refused"])),
        ("no_refund", lambda case: not case["amount"]),
    ),
)  # fmt: skip
_customer("return.goods_refused", "reason", "deadline", pressing=True)
_customer("return.withdrawn")
_customer("return.contest_settled", "refusal_stands", "answer")
_customer("refund.paid", "amount")
_customer("exchange.difference_due", "amount", "deadline", pressing=True)
_customer("exchange.shipped", "carrier", "number")
_customer("repair.shipped", "carrier", "number")
_customer("handback.sent", "carrier", "number", "payer")  # payer: "shop" or "buyer"
_customer("handback.came_back", "deadline", pressing=True)
_customer("ticket.replied")
# The reply itself, to who wrote by mail or has no page (status_url ""); subject of theirs.
_customer("ticket.answered", "text", "subject", sms_leads=True)
# The same to somebody in Cc: without the order and without a link, which are the customer's.
KINDS["ticket.copied"] = Kind("ticket.copied", frozenset({"ref", "text", "subject"}), mail_only=True)
_NEWS_LASTS = dt.timedelta(hours=24)  # where a parcel was yesterday helps nobody
# A parcel on its way: carrier in words, number, and for a parcel not fetched the days it has waited.
for _news in ("dispatched", "arriving", "at_station", "signed", "late", "exception", "returning", "stuck"):
    _customer(f"shipment.{_news}", "carrier", "number", lasts=_NEWS_LASTS, keeps_quiet=True)
_customer("shipment.uncollected", "carrier", "number", "days", lasts=_NEWS_LASTS, keeps_quiet=True)
# goods: the first article, or "" where it is about a case.
_customer("visit.invited", "goods", lasts=dt.timedelta(days=7), keeps_quiet=True)
KINDS["proof.code"] = Kind("proof.code", frozenset({"code", "minutes"}))
KINDS["care.message"] = Kind(
    "care.message", frozenset({"subject", "text", "unsubscribe_url"}), marketing=True, lasts=dt.timedelta(hours=24),
    keeps_quiet=True,
)  # fmt: skip
# Staff, in the desk.
_staff("return.contested")
_staff("return.escalated", "step")  # step: what is overdue, in the event's words
_staff("return.info_given")
_staff("refund.failed", "amount", "why")
_staff("refund.unknown", "amount")
_staff("proof.flooded", "most")
_staff("ticket.assigned")
_staff("ticket.taken", "who")
_staff("ticket.message_received")
_staff("ticket.cc_received")
_staff("ticket.woken")
_staff("ticket.reply_undelivered")
_staff("ticket.mentioned", "who")
_staff("ticket.step_refused", "step", "why")
# metric: first_response, answer, next_response or resolution; deadline: when it is or was due; title: of the ticket, or its
# customer; deed: notify, reassign, raise_priority or tell_manager.
_staff("clock.warned", "title", "metric", "deadline")
_staff("clock.missed", "title", "metric", "deadline")
_staff("clock.escalated", "title", "metric", "deadline", "deed")
_staff("review.overdue", "stars")
_staff("testimonial.ended", "text")  # ref: the customer; text: where the words stand
_staff("gift.asked", "text", "amount")  # ref: the customer; text: what it is
_staff("tier.reached", "people")  # ref: the tier in both languages; people: how many came to it in one night
_staff("promise.warned", "text", "deadline")  # text: what was promised; deadline: by when
_staff("promise.broken", "text")
_staff("complaint.answer_late")
_staff("complaint.escalated", "to", "reason")  # to: lead, platform or regulator
_staff("improvement.given", "text", "deadline")  # text: what is done differently; deadline: the end of its day
_staff("rules.submitted", "who")
_staff("rules.approved", "who")
_staff("rules.sent_back", "who", "why")
