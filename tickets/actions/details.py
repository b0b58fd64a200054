"""Correct what a ticket is about and where it lies: kind, title, priority, queue, team, tags. Called by the desk and phrases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions import checklists, clocks, silence, waits
from tickets.actions.assignment import take_from_outsiders
from tickets.actions.scope import locked, must_be_open
from tickets.models import Queue, Tag, Ticket

LONGEST_TITLE = 150
MOST_TAGS = 10
UNCHANGED: Any = object()
_BY_REQUEST = (Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE)
# A complaint has rows of its own, made and ended by its own actions.
_OF_THEIR_OWN = (*_BY_REQUEST, Ticket.Kind.COMPLAINT)


class KindFixed(Conflict):
    """Returns, exchanges and complaints are more than a word on a ticket."""

    code = "kind_fixed"
    sentence = _("This kind belongs to what hangs on the ticket: returns, exchanges and repairs that were asked for"
                 " come from requests, complaints from the complaint form.")  # fmt: skip


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the very thing since it was shown. `field` names it."""

    code = "changed_meanwhile"
    sentence = _("“%(name)s” was changed to “%(now)s” while you had this open. Your choice is kept here: send it once more to"
                 " put it in place, or leave it as it is now.")  # fmt: skip


def as_it_stands(ticket: Ticket) -> dict[str, Any]:
    """What `change_ticket` can change, in plain values: what a page shows and gives back as `seen`."""
    return {
        "kind": ticket.kind, "title": ticket.title, "priority": ticket.priority, "queue_id": ticket.queue_id,
        "team_id": ticket.team_id, "tags": sorted(tag.pk for tag in ticket.tags.all()),
    }  # fmt: skip


@transaction.atomic
def change_ticket(
    ticket_id: int, *, actor: Actor, kind: str = UNCHANGED, title: str = UNCHANGED, priority: int = UNCHANGED,
    queue_id: int = UNCHANGED, team_id: int | None = UNCHANGED, tags: Collection[int] = UNCHANGED,
    seen: Mapping[str, Any] | None = None,
) -> Ticket:  # fmt: skip
    """Change what is given and differs; the same again changes nothing. `tags` are all tags it has afterwards.

    In a team's queue it is the team's, unless another one is chosen with it or a closed team has it. Who does not see it any
    more gives it up.

    `seen` is how the ticket stood when it was shown (`as_it_stands`): what is still as it was shown there was not chosen, so it
    reverts nobody; what was chosen and has become something else meanwhile is refused with `ChangedMeanwhile`.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.change")
    if seen:
        given = {
            "kind": kind,
            "title": title,
            "priority": priority,
            "queue_id": queue_id,
            "team_id": team_id,
            "tags": tags,
        }
        kind, title, priority, queue_id, team_id, tags = _chosen(ticket, given, seen)
    wanted: dict[str, Any] = {}
    if kind is not UNCHANGED and kind != ticket.kind:
        wanted["kind"] = _kind(ticket, kind)
    if title is not UNCHANGED and (plain := clean_title(title)) != ticket.title:
        wanted["title"] = plain
    if priority is not UNCHANGED and int(priority) != ticket.priority:
        wanted["priority"] = Ticket.Priority(int(priority)).value
    if queue_id is not UNCHANGED and queue_id != ticket.queue_id:
        wanted["queue"] = _queue(queue_id)
    if team_id is not UNCHANGED and team_id != ticket.team_id:
        wanted["team"] = _row(Team, team_id) if team_id else None
    elif team_id is UNCHANGED and "queue" in wanted and _goes_over(ticket, wanted["queue"].team):
        wanted["team"] = wanted["queue"].team
    marks = None if tags is UNCHANGED else _tags(ticket, tags)
    if not wanted and marks is None:
        return ticket
    must_be_open(ticket)
    before = {name: _said(getattr(ticket, name)) for name in wanted}
    for name, value in wanted.items():
        setattr(ticket, name, value)
    ticket.updated_at = clock.now()
    ticket.save(update_fields=[*wanted, "updated_at"])
    if marks is not None:
        before["tags"] = sorted(tag.name for tag in ticket.tags.all())
        ticket.tags.set(marks)
    after = {name: _said(value) for name, value in wanted.items()}
    if marks is not None:
        after["tags"] = sorted(tag.name for tag in marks)
    at = ticket.updated_at
    event = record("ticket.changed", on=ticket, actor=actor, at=at, fields=sorted(after), was=before, now=after)
    if "queue" in wanted:
        silence.moved(ticket, at)
    if "team" in wanted:
        take_from_outsiders(ticket, actor=actor, at=at)
    if {"kind", "priority"} & set(wanted):
        clocks.reprioritised(ticket, at, event)
    if "kind" in wanted:
        waits.called_otherwise(ticket, at, event)
        checklists.apply_to(ticket, at=at)
    return ticket


def _goes_over(ticket: Ticket, team: Team | None) -> bool:
    """What is closed to somebody stays closed, into whatever queue it is put."""
    return team not in (None, ticket.team) and not (ticket.team is not None and ticket.team.is_closed)


def clean_title(text: str) -> str:
    """One line that is not empty. Raises `BadInput`."""
    plain = " ".join(text.split())
    if not plain:
        raise BadInput(_("Say in a few words what it is about."), field="title", code="empty")
    if len(plain) > LONGEST_TITLE:
        raise BadInput(_("A title has %(longest)s characters at most."), field="title", longest=LONGEST_TITLE)
    return plain


def _chosen(ticket: Ticket, given: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Any]:
    """The given values in their order, those that are as they were shown left out."""
    now, chosen = as_it_stands(ticket), []
    for name, value in given.items():
        plain = sorted(value) if name == "tags" and value is not UNCHANGED else value
        if plain is UNCHANGED or name not in seen:
            chosen.append(value)
        elif plain == seen[name]:
            chosen.append(UNCHANGED)
        elif plain == now[name]:
            chosen.append(value)
        elif now[name] != seen[name]:
            column = Ticket._meta.get_field(name.removesuffix("_id"))
            raise ChangedMeanwhile(
                field=column.name, name=capfirst(getattr(column, "verbose_name", name)), now=_in_words(ticket, name)
            )
        else:
            chosen.append(value)
    return chosen


def _in_words(ticket: Ticket, name: str) -> str:
    if name == "tags":
        return ", ".join(sorted(tag.name for tag in ticket.tags.all())) or "–"
    said = getattr(ticket, f"get_{name}_display", None)
    return str(said() if said else getattr(ticket, name.removesuffix("_id")) or "–")


def _kind(ticket: Ticket, kind: str) -> str:
    if kind not in Ticket.Kind.values:
        raise BadInput(_("There is no kind of ticket called “%(text)s”."), field="kind", text=kind[:20])
    if (
        ticket.kind in _OF_THEIR_OWN or kind in _OF_THEIR_OWN or hasattr(ticket, "goods_return")
    ):  # a repair may have one
        raise KindFixed
    return kind


def _tags(ticket: Ticket, keys: Collection[int]) -> list[Tag] | None:
    """The tags to have, or None where they are those it has. A retired one stays and is not given anew."""
    now = {tag.pk: tag for tag in ticket.tags.all()}
    if set(keys) == set(now):
        return None
    if len(set(keys)) > MOST_TAGS:
        raise BadInput(_("A ticket carries %(most)s tags at most."), field="tags", most=MOST_TAGS)
    new = {tag.pk: tag for tag in Tag.objects.filter(pk__in=set(keys) - set(now), retired_at=None)}
    if set(keys) - set(now) != set(new):
        raise NotFound
    return [tag for pk, tag in {**now, **new}.items() if pk in set(keys)]


def _queue(pk: int) -> Queue:
    queue: Queue = _row(Queue, pk)
    if queue.retired_at is not None:
        raise BadInput(_("The queue “%(name)s” is not used any more. Choose another."), field="queue", name=str(queue))
    return queue


def _row(model: Any, pk: int) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _said(value: Any) -> Any:
    return value if isinstance(value, str | int | None) else str(value)
