"""Who hears what about a return, in which words. Listens to the return's events; the sweep calls it once per event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from aftersales.accounts.models import User
from aftersales.accounts.teams import leads_of
from aftersales.kernel.actor import Role
from aftersales.kernel.money import Money
from aftersales.ledger import timers
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices import tell, tell_staff
from aftersales.notices.actions.telling import status_url
from returns import policy
from returns.models import Contest, InfoRequest, Inspection, Refund, Rejection, Return, RuleVersion
from returns.models.decision import PART

_LEADS = (Role.LEAD, Role.MANAGER)


@listens("return.submitted", "return.info_requested", "return.approved", "return.expired", name="returns.request")
@listens("return.received", "return.withdrawn", "exchange.shipped", "repair.shipped", name="returns.request")
def about_the_request(event: Event) -> None:
    """The steps whose words need nothing but the request itself and a date."""
    ret: Return = event.subject
    extra: dict[str, Any] = {}
    if event.name == "return.info_requested":
        extra["question"] = InfoRequest.objects.filter(of=ret, at__lte=event.at).latest("at").question
    elif event.name == "return.approved":
        extra["address"] = _address(ret) if event.data["goods_back"] else ""
    elif event.name in ("exchange.shipped", "repair.shipped"):
        extra = {"carrier": event.data["carrier"], "number": event.data["number"]}
    _tell(event, ret, **extra, deadline=_deadline(event))


@listens("return.rejected", "return.goods_refused", name="returns.refusal")
def about_a_refusal(event: Event) -> None:
    """Why, and until when the customer may object."""
    ret: Return = event.subject
    rejection = Rejection.objects.filter(of=ret, at__lte=event.at).latest("at")
    with override(ret.person.locale):
        why = _("%(reason)s (%(clause)s)") % {"reason": rejection.reason, "clause": rejection.clause}
    _tell(event, ret, reason=why, deadline=_deadline(event))


@listens("return.contest_settled", name="returns.contest_settled")
def about_an_objection(event: Event) -> None:
    ret: Return = event.subject
    contest = Contest.objects.filter(rejection__of=ret, settled_at__lte=event.at).latest("settled_at")
    _tell(event, ret, refusal_stands=bool(contest.upheld), answer=contest.answer)


@listens("return.inspected", name="returns.inspected")
def about_the_inspection(event: Event) -> None:
    """What will be paid, and how many were not accepted and why; nothing accepted has a notice of its own."""
    if event.data["accepted"] == 0:
        return
    ret: Return = event.subject
    refund = Refund.objects.filter(of=ret, purpose=Refund.Purpose.GOODS).order_by("id").last()
    found = list(Inspection.objects.filter(line__of=ret, at__lte=event.at).order_by("id"))
    part = Rejection.objects.filter(of=ret, stage=PART, at=event.at).first()
    _tell(
        event,
        ret,
        amount=refund.total if refund else None,
        checked=sum(each.quantity for each in found),
        refused=sum(each.quantity for each in found if not each.accepted),
        why=part.reason if part else "",
        clause=part.clause if part else "",
        until=part.at + policy.CONTEST if part else None,
    )


@listens("handback.sent", "handback.came_back", name="returns.handback")
def about_goods_sent_back(event: Event) -> None:
    """Refused goods are on their way to the customer, or could not be delivered."""
    ret: Return = event.subject
    sent = {name: event.data[name] for name in ("carrier", "number", "payer") if name in event.data}
    _tell(event, ret, **sent, deadline=_deadline(event))


@listens("refund.paid", name="returns.refund_paid")
def about_a_payment(event: Event) -> None:
    ret: Return = event.subject
    _tell(event, ret, amount=_amount(event, ret))


@listens("exchange.difference_due", name="returns.difference")
def about_the_difference(event: Event) -> None:
    ret: Return = event.subject
    _tell(event, ret, amount=_amount(event, ret), deadline=event.at + policy.SHIP_BACK)


@listens("return.reminded", name="returns.reminder")
def remind_the_customer(event: Event) -> None:
    """T2 and T3 remind the customer; T1 only lifts the ticket in the queue."""
    ret: Return = event.subject
    step = {"T2": "info", "T3": "ship"}.get(event.data["about"])
    due = timers.due_at(f"return.{event.data['about']}", on=ret)
    if step and due:
        _tell(event, ret, step=step, deadline=due)


@listens("return.contested", "return.escalated", "return.info_given", name="returns.staff")
def tell_the_desk(event: Event) -> None:
    """What a person at the shop must look at now: who has the ticket, and managers and its team's leads where it is theirs."""
    ret: Return = event.subject
    params: dict[str, Any] = {"ref": ret.ref, "url": _desk_url(ret)}
    if event.name == "return.escalated":
        params["step"] = event.data["about"]  # T1, T6 …; the notice's words say which step that is
    users = [ret.ticket.assignee] if ret.ticket.assignee else []
    if event.name == "return.info_given":
        tell_staff(event.name, params, users=users, event=event)
        return
    tell_staff(event.name, params, users=[*users, *leads_of(ret.ticket.team_id)], roles=(Role.MANAGER,), event=event)


@listens("refund.failed", "refund.unknown", name="returns.refund_trouble")
def tell_about_money(event: Event) -> None:
    ret: Return = event.subject
    refund = Refund.objects.get(ref=event.data["refund"])
    params: dict[str, Any] = {"ref": ret.ref, "url": _desk_url(ret), "amount": refund.total}
    if event.name == "refund.failed":
        params["why"] = event.data["why"]
    tell_staff(event.name, params, users=leads_of(ret.ticket.team_id), roles=(Role.MANAGER,), event=event)


@listens("rules.submitted", "rules.approved", "rules.sent_back", name="returns.rules")
def tell_about_rules(event: Event) -> None:
    """Whoever may approve hears of a version that waits; its author and who submitted it hear what was said."""
    version: RuleVersion = event.subject
    params: dict[str, Any] = {
        "ref": str(version), "who": event.actor_label, "url": status_url(f"/office/rules/versions/{version.pk}/"),
    }  # fmt: skip
    involved = {user for user in (version.author, version.submitted_by) if user is not None}
    involved |= {edit.editor for edit in version.edits.select_related("editor")}
    if event.name == "rules.submitted":
        others = [user for user in User.objects.filter(role__in=_LEADS, is_active=True) if user not in involved]
        tell_staff(event.name, params, users=others, event=event)
        return
    if event.name == "rules.sent_back":
        params["why"] = event.data["comment"]
    tell_staff(event.name, params, users=[user for user in involved if user.is_active], event=event)


def _tell(event: Event, ret: Return, **extra: Any) -> None:
    params = {
        "ref": ret.ref,
        "order_number": ret.order.number,
        "status_url": status_url(f"/returns/{ret.ref}/"),
        **{name: value for name, value in extra.items() if name != "deadline" or value is not None},
    }
    tell(ret.person, event.name, params, event=event)


def _deadline(event: Event) -> dt.datetime | None:
    """The date the event promised; where it names none (received), when the refund is due by our own target."""
    told = event.data.get("deadline")
    if told:
        return parse_datetime(told)
    return event.at + policy.REFUND_TARGET if event.name in ("return.received", "return.approved") else None


def _amount(event: Event, ret: Return) -> Money:
    return Money(event.data["amount_minor"], ret.currency)


def _address(ret: Return) -> str:
    approval = ret.approval
    with override(ret.person.locale):
        return _("%(recipient)s, %(phone)s, %(address)s") % {
            "recipient": approval.recipient,
            "phone": approval.phone,
            "address": approval.address,
        }


def _desk_url(ret: Return) -> str:
    return status_url(f"/desk/tickets/{ret.ticket.ref}/")
