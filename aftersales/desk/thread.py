"""The conversation of a ticket as its page shows it: messages with their files, and what somebody has begun to write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext

from aftersales.desk import mailroom, sent
from aftersales.desk.deeds.all import ON_FILE
from aftersales.desk.deeds.deed import Offer
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import Later, prepared
from returns.models import Return
from tickets.actions.mail.answering import sends_words
from tickets.models import Arrival, Cc, Draft, Message, Ticket

MOST = 200  # messages at a time; the newest ones first, older ones by the link above them

MESSAGE, RETURN = "tickets.message", "returns.return"  # whose photos

_USUAL = (Message.Channel.PORTAL, Message.Channel.DESK)  # where nothing need be said
_KINDS = {
    Message.By.CUSTOMER: "theirs", Message.By.STAFF: "ours", Message.By.SYSTEM: "system", Message.By.OTHER: "theirs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages, oldest first, each as `desk/turns.html` takes it; and the photos that came with the request.

    `files` are all that came with the request, the hidden ones among them. `older` is the oldest message shown, where there
    are older ones than that (primary key); else 0.
    """

    messages: list[dict[str, Any]]
    photos: list[Attachment]
    files: Files | None
    older: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one message or request as `desk/files.html` lists them, each with what can be done to it now.

    `hidden` of them are out of sight; `may_hide` where this person could hide another one.
    """

    kept: list[tuple[Attachment, list[Offer]]]
    hidden: int
    may_hide: bool


class Asked(NamedTuple):
    """What the conversation asks, for one statement with others (`together`)."""

    said: Later[Message]
    files: Later[Attachment]
    sent: Later[sent.Row]


def ask(ticket: Ticket, ret: Return | None, actor: Actor, *, since: int = 0) -> Asked:
    """The newest messages of a ticket and of those merged into it, and the files of these and of the request.

    `since` is the first message an open page shows: it goes on beginning there, so that nothing falls between it and the
    older ones above it.
    """
    scope = actor.scope
    said = (
        _said_since.later(scope, ticket=ticket.pk, first=since) if since else _said_last.later(scope, ticket=ticket.pk)
    )
    of_return = {"ret": ret.pk} if ret is not None else {}
    files = _files_of.later(scope, bool(of_return), ticket=ticket.pk, **of_return)
    return Asked(said, files, sent.ask(ticket))


def thread_of(ticket: Ticket, ret: Return | None, actor: Actor, asked: Asked, *, since: int = 0) -> Thread:
    """The conversation, the oldest shown first."""
    newest, files = asked.said.rows, asked.files.rows
    if since and newest and len(newest) < 2 * MOST:
        return _thread(ticket, newest[::-1], ret, actor, files, asked.sent, older=False)
    if since:
        newest = _said_last(actor.scope, ticket=ticket.pk)
    return _thread(ticket, newest[:MOST][::-1], ret, actor, files, asked.sent, older=len(newest) > MOST)


def older_than(ticket: Ticket, key: int, actor: Actor) -> Thread:
    """What was said before this message, as many as one page shows; nothing where there is no such message."""
    before = Q(at__lt=_moment(key)) | Q(at=_moment(key), pk__lt=key)
    found = list(_said_on(actor, ticket.pk).filter(before)[: MOST + 1])
    messages = found[:MOST][::-1]
    return _thread(ticket, messages, None, actor, _attached(messages, actor), sent.ask(ticket), older=len(found) > MOST)


@prepared
def _said_last(scope: Actor, *, ticket: int) -> QuerySet[Message]:
    return _said_on(scope, ticket)[: MOST + 1]


@prepared
def _said_since(scope: Actor, *, ticket: int, first: int) -> QuerySet[Message]:
    return _said_on(scope, ticket).filter(Q(at__gt=_moment(first)) | Q(at=_moment(first), pk__gte=first))[: 2 * MOST]


def _said_on(scope: Actor, ticket: int) -> QuerySet[Message]:
    """What was said on it and on those merged into it, the newest first. A ticket of a closed team stays closed after a merge."""
    said: QuerySet[Message] = Message.objects.visible_to(scope).in_conversation(ticket).select_related("author")
    return said.order_by("-at", "-id")


def _moment(key: int) -> Subquery:
    return Subquery(Message.objects.filter(pk=key).order_by().values("at"))


def _thread(
    ticket: Ticket, messages: list[Message], ret: Return | None, actor: Actor, files: list[Attachment],
    rows: Later[sent.Row], *, older: bool,
) -> Thread:  # fmt: skip
    photos = _by_place(files)
    by_staff = any(message.by == Message.By.STAFF for message in messages)
    states = sent.states_of(ticket, rows.rows) if by_staff else {}
    mails, copied = _mails(messages, actor), _copied(messages, ticket)
    told = [
        _turn(message, ticket, photos[MESSAGE, message.pk], actor)
        | _sent(states.get(message.pk))
        | {"cc": copied[message.pk]}
        | _mail(mails.get(message.pk))
        for message in messages
    ]
    of_request = photos[RETURN, ret.pk] if ret else []
    return Thread(told, _in_sight(of_request), _files(of_request, actor), messages[0].pk if older else 0)


def newer_than(ticket: Ticket, pks: list[int], actor: Actor) -> list[dict[str, Any]]:
    """These messages of the conversation, for whoever must read them before they send."""
    here = Message.objects.visible_to(actor).in_conversation(ticket.pk).select_related("author")
    messages = list(here.filter(pk__in=pks))
    photos = _by_place(_attached(messages, actor))
    return [_turn(message, ticket, photos[MESSAGE, message.pk], actor) for message in messages]


def _turn(message: Message, ticket: Ticket, photos: list[Attachment], actor: Actor) -> dict[str, Any]:
    """As `desk/turns.html` takes it. `waits` until it is sent; `mine` may still be taken back."""
    mine = actor.kind == "staff" and message.author_id == actor.id
    return {
        "pk": message.pk,
        "key": str(
            message.pk
        ),  # as it stands in the page: a number is asked each time how it is written in the language
        "kind": "note" if message.internal else _KINDS[Message.By(message.by)],
        "author": _author(message, ticket),
        "author_id": message.author_id,
        "text": message.text,
        "at": message.at,
        "photos": _in_sight(photos),
        "files": _files(photos, actor),
        "channel": _channel(message),
        "heard_by": message.channel if message.by == Message.By.CUSTOMER else "",
        "contact": message.contact,
        "waits": None if message.sent else message.send_at,
        "mine": mine,
    }


@prepared
def begun_on(*, ticket: int, user: int) -> QuerySet[Draft]:
    """What this person has begun: a reply, a note, both."""
    return Draft.objects.filter(ticket_id=ticket, user_id=user)


def draft_files(drafts: Iterable[Draft], actor: Actor) -> list[Attachment]:
    """Files that wait in drafts."""
    keys = [draft.pk for draft in drafts]
    return list(Attachment.objects.filter(subject_type="tickets.draft", subject_id__in=keys)) if keys else []


def photos_on(subject: Any, actor: Actor) -> list[Attachment]:
    """Photos that belong to one row."""
    return list(Attachment.objects.of(subject).shown_to(actor).filter(hidden_at=None))


def _by_place(files: Iterable[Attachment]) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = defaultdict(list)
    for each in files:
        found[each.subject_type, each.subject_id].append(each)
    return found


@prepared
def _files_of(scope: Actor, with_return: bool, *, ticket: int, ret: int = 0) -> QuerySet[Attachment]:
    """Of the newest messages, as many as a page can show, and of the request."""
    about = Q(subject_type=MESSAGE, subject_id__in=_said_on(scope, ticket).values("pk")[: 2 * MOST])
    if with_return:
        about |= Q(subject_type=RETURN, subject_id=ret)
    return Attachment.objects.shown_to(scope).filter(about)


def _attached(messages: list[Message], actor: Actor) -> list[Attachment]:
    keys = [message.pk for message in messages]
    return list(Attachment.objects.shown_to(actor).filter(subject_type=MESSAGE, subject_id__in=keys))


def _in_sight(files: list[Attachment]) -> list[Attachment]:
    return [each for each in files if each.hidden_at is None]


def _files(files: list[Attachment], actor: Actor) -> Files | None:
    """None where there is nothing to be done and nothing out of sight."""
    kept = [(each, Offer.all(ON_FILE, each, actor)) for each in files]
    hidden = sum(each.hidden_at is not None for each in files)
    may_hide = any(offers for each, offers in kept if each.hidden_at is None)
    return Files(kept, hidden, may_hide) if hidden or may_hide else None


def _mails(messages: list[Message], actor: Actor) -> dict[int, Arrival]:
    """The mails behind the messages that came by mail; no question is asked where none did, or to who may not see mail."""
    keys = [message.pk for message in messages if message.channel == Message.Channel.EMAIL]
    if not keys or not may(actor, "mail.view"):
        return {}
    return {arrival.message_id or 0: arrival for arrival in Arrival.objects.filter(message__in=keys).defer("text")}


def _copied(messages: list[Message], ticket: Ticket) -> dict[int, list[Cc]]:
    """Who else got each message; no question is asked where nothing was mailed."""
    found: dict[int, list[Cc]] = defaultdict(list)
    if sends_words(ticket, last="") or any(message.channel == Message.Channel.EMAIL for message in messages):
        for each in Cc.objects.filter(message__in=[message.pk for message in messages]):
            found[each.message_id].append(each)
    return found


def _channel(message: Message) -> str:
    if message.by == Message.By.OTHER:
        return gettext("in Cc, not the customer")
    return message.get_channel_display() if message.channel not in _USUAL else ""


def _mail(arrival: Arrival | None) -> dict[str, Any]:
    return {"arrival": arrival, "remarks": mailroom.remarks_of(arrival) if arrival else []}


def _sent(state: sent.Sent | None) -> dict[str, str]:
    return {"state": state.words, "state_icon": state.icon} if state else {"state": "", "state_icon": ""}


def _author(message: Message, ticket: Ticket) -> str:
    if message.by == Message.By.CUSTOMER:
        return str(ticket.person)
    if message.by == Message.By.OTHER:
        return message.writer or message.get_by_display()
    return str(message.author) if isinstance(message.author, get_user_model()) else gettext("The shop")
