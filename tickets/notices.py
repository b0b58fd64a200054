"""Who hears about a ticket: the customer of a reply, the assignee of a message, the leads of a complaint or a promise."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model

from aftersales.accounts.models import User
from aftersales.accounts.teams import leads_of
from aftersales.kernel import clock
from aftersales.kernel.actor import Role
from aftersales.kernel.clock import end_of_shop_day
from aftersales.ledger import outbox
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices import opening, tell, tell_staff
from aftersales.notices.actions.telling import status_url
from aftersales.notices.opening import Opens
from aftersales.notices.recipients import Point, Recipient
from customers.models import Promise
from tickets.actions import customer_page
from tickets.actions.chat import replying
from tickets.actions.distribution import on_duty
from tickets.actions.mail import answering, copies, threading
from tickets.actions.promises import ticket_of
from tickets.actions.visits import inviting
from tickets.models import Cc, Improvement, Message, Ticket, Visit
from tickets.models.sla_settings import ANSWER

opening.register(inviting.PAGE, inviting.address_of)


@listens("ticket.replied", name="tickets.reply")
def about_a_reply(event: Event) -> None:
    """Who wrote by mail gets the words by mail, and whoever has no page to read them on; others are told that there is a
    reply, unless the shop mails its words.

    Whoever is in Cc of it gets their copy all the same.
    """
    ticket: Ticket = event.subject
    path = customer_page.path_of(ticket)
    params = {
        "ref": customer_page.ref_of(ticket),
        "order_number": ticket.order.number if ticket.order else "",
        "status_url": status_url(path) if path else "",
    }
    message = Message.objects.prefetch_related("ccs").filter(pk=event.data.get("message", 0)).first()
    letter = None
    if (chat := replying.answer(ticket, event)) is not None:
        outbox.put(channel="chat", key=f"chat:reply:{event.data['message']}", on=ticket, payload=chat)
    elif message is None or not answering.sends_words(ticket):
        tell(ticket.person, "ticket.replied", params, event=event)
    else:
        letter = answering.letter(ticket, message)
        params |= {"text": message.text, "subject": letter.subject}
        tell(ticket.person, "ticket.answered", params, event=event, envelope=letter.envelope)
    if message is not None and message.ccs.all():
        _copy(message, letter or answering.letter(ticket, message), params["ref"], event)


def _copy(message: Message, letter: answering.Letter, ref: str, event: Event) -> None:
    """To each in Cc the words and files, and nothing that leads to the customer's pages or proves their order.

    By mail, whichever way the customer is told: they were chosen when the reply was written, and the customer may have
    gone over to chat or to their page before it left. The customer's subject, in which an order may stand, is read by
    those alone to whom they wrote it themselves.
    """
    knew = copies.brought_in(message.ticket, letter.subject)
    for each in message.ccs.all():
        told = {"ref": ref, "text": message.text, "subject": letter.subject if each.address in knew else ""}
        tell(each, threading.COPIED, told, event=event, envelope=letter.copy)


def reach_in_cc(pk: int) -> Recipient | None:
    """The one address of somebody in Cc, told in the customer's language; None once the message is gone."""
    cc = Cc.objects.select_related("message__ticket__person").filter(pk=pk).first()
    if cc is None:
        return None
    return Recipient(cc.message.ticket.person.locale, (Point("email", cc.address, cc.masked),))


@listens("ticket.assigned", "ticket.message_received", "ticket.cc_received", "ticket.woken", name="tickets.staff")
def tell_the_assignee(event: Event) -> None:
    """Nobody is told of what they did themselves. Where the assignee is away, others hear of what happens, not of who has it."""
    ticket: Ticket = event.subject
    if ticket.assignee is None:
        return
    users = [ticket.assignee] if event.name == "ticket.assigned" else _whose(ticket)
    if event.actor_kind == "staff":
        users = [user for user in users if user.pk != event.actor_id]
    tell_staff(event.name, _where(ticket), users=users, event=event)


@listens("ticket.assigned", name="tickets.taken")
def tell_from_whom_it_was_taken(event: Event) -> None:
    """By a colleague; nobody is told of what they gave away themselves."""
    had = event.data.get("before")
    if had is None or event.actor_kind != "staff" or event.actor_id == had:
        return
    users = list(get_user_model().objects.filter(pk=had, is_active=True))
    tell_staff("ticket.taken", _where(event.subject) | {"who": event.actor_label}, users=users, event=event)


def _whose(ticket: Ticket) -> list[User]:
    """Whoever has it; where nobody has, or who has it is off duty or gone, the leads of its team too."""
    if ticket.assignee_id is None:
        return leads_of(ticket.team_id)
    theirs = User.objects.filter(pk=ticket.assignee_id, is_active=True)
    if there := list(on_duty(theirs, clock.now())):
        return there
    return [*theirs, *leads_of(ticket.team_id)]


@listens("ticket.mentioned", name="tickets.mentioned")
def tell_who_was_mentioned(event: Event) -> None:
    """In a note; a colleague who may not sign in any more hears nothing."""
    users = list(get_user_model().objects.filter(pk__in=event.data["users"], is_active=True))
    tell_staff(event.name, _where(event.subject) | {"who": event.actor_label}, users=users, event=event)


@listens("ticket.reply_undelivered", name="tickets.reply_undelivered_told")
def tell_whose_reply_did_not_arrive(event: Event) -> None:
    """Whoever has the ticket; while they are away, or it is nobody's, the leads of its team."""
    ticket: Ticket = event.subject
    tell_staff(event.name, _where(ticket), users=_whose(ticket), event=event)


@listens("ticket.step_refused", name="tickets.step")
def tell_whose_step_was_refused(event: Event) -> None:
    """The reply went out, and what should have followed did not."""
    users = list(get_user_model().objects.filter(pk=event.actor_id or 0, is_active=True))
    params = _where(event.subject) | {"step": event.data["step"], "why": event.data["why"]}
    tell_staff(event.name, params, users=users, event=event)


def _where(ticket: Ticket) -> dict[str, object]:
    return {"ref": ticket.ref, "url": status_url(f"/desk/tickets/{ticket.ref}/")}


@listens("complaint.answer_late", "complaint.escalated", name="tickets.complaints")
def tell_the_leads_of_a_complaint(event: Event) -> None:
    """The team's leads, and whoever has it, hear of a complaint that is late or was handed up to them; nobody of what they did.

    One handed to the platform or the regulator is told as well: a lead answers for the shop there.
    """
    ticket: Ticket = event.subject
    users = {user.pk: user for user in leads_of(ticket.team_id)}
    if ticket.assignee is not None:
        users[ticket.assignee.pk] = ticket.assignee
    if event.actor_kind == "staff":
        users.pop(event.actor_id or 0, None)
    params = _where(ticket)
    if event.name == "complaint.escalated":
        params |= {"to": event.data["to"], "reason": event.data["reason"]}
    tell_staff(event.name, params, users=users.values(), event=event)


@listens("improvement.given", name="tickets.improvement")
def tell_whose_improvement_it_is(event: Event) -> None:
    """Nobody is told of what they took on themselves, and whoever has given it on meanwhile hears nothing."""
    row = Improvement.objects.select_related("owner").filter(pk=event.data["improvement"], done_at=None).first()
    if row is None or row.owner_id != event.data["owner"]:
        return
    if not row.owner.is_active or (event.actor_kind == "staff" and event.actor_id == row.owner_id):
        return
    params = _where(event.subject) | {"text": row.text, "deadline": end_of_shop_day(row.due_on)}
    tell_staff(event.name, params, users=[row.owner], event=event)


# The names of the next two are those under which deliveries wait in the database since they lived in the archive.
@listens("promise.warned", name="customers.promise_warned")
def about_a_promise_due(event: Event) -> None:
    """Whoever made it; where they are gone, or it came from the system, the leads of its ticket's team."""
    promise: Promise = event.subject
    ticket = ticket_of(promise)
    params = _promised(promise, ticket) | {"deadline": promise.due_at}
    users = _maker(promise) or _leads(ticket)
    tell_staff("promise.warned", params, users=users, event=event)


@listens("promise.broken", name="customers.promise_broken")
def about_a_broken_promise(event: Event) -> None:
    """Whoever made it and the leads of its ticket's team, once."""
    promise: Promise = event.subject
    ticket = ticket_of(promise)
    users = [*_maker(promise), *_leads(ticket)]
    tell_staff("promise.broken", _promised(promise, ticket), users=users, event=event)


def _maker(promise: Promise) -> list[User]:
    return [promise.made_by] if promise.made_by is not None and promise.made_by.is_active else []


def _leads(ticket: Ticket | None) -> list[User]:
    return leads_of(ticket.team_id if ticket is not None else None)


def _promised(promise: Promise, ticket: Ticket | None) -> dict[str, object]:
    """It leads to the page on which the promise is dealt with."""
    person, order = promise.person, promise.order
    if ticket is not None:
        ref, path = ticket.ref, f"/desk/tickets/{ticket.ref}/"
    elif order is not None:
        ref, path = order.number, f"/desk/orders/{order.pk}/"
    else:
        ref, path = person.ref, f"/desk/people/{person.ref}/"
    return {"ref": ref, "url": status_url(path), "text": promise.text}


@listens("clock.warned", "clock.missed", "clock.escalated", name="tickets.clocks")
def about_a_clock(event: Event) -> None:
    """Whoever the ticket belongs to hears of it; while they are away, or it is nobody's, the leads of its team. A step may name
    the managers.

    That the answer to a complaint is late is told by the complaint itself, to the leads too: once, not twice.
    """
    ticket: Ticket = event.subject
    if event.name == "clock.missed" and event.data["metric"] == ANSWER and hasattr(ticket, "complaint"):
        return
    params = {
        "ref": ticket.ref,
        "url": status_url(f"/desk/tickets/{ticket.ref}/"),
        "title": ticket.title if ticket.is_titled else str(ticket.person),
        "metric": event.data["metric"],
        "deadline": dt.datetime.fromisoformat(event.data["due"]),
    }
    users = _whose(ticket)
    roles: tuple[Role, ...] = ()
    if event.name == "clock.escalated":
        params["deed"] = event.data["deed"]
        if params["deed"] == "tell_manager":
            users, roles = [ticket.assignee] if ticket.assignee else [], (Role.MANAGER,)
    tell_staff(event.name, params, users=users, roles=roles, event=event)


@listens("visit.invited", name="tickets.visit")
def ask_the_customer(event: Event) -> None:
    """The message with the link behind which one visit is answered. Locked: one called off meanwhile is not asked about."""
    visit = Visit.objects.select_for_update().filter(pk=event.subject_id, state=Visit.State.INVITED).first()
    if visit is None:
        return
    line = visit.order.lines.order_by("id").first() if visit.order is not None and visit.after is None else None
    params = {
        "ref": visit.ref,
        "order_number": visit.order.number if visit.order is not None else "",
        "status_url": Opens(inviting.PAGE, visit.ref),
        "goods": line.title if line is not None else "",
    }
    tell(visit.person, "visit.invited", params, event=event)
