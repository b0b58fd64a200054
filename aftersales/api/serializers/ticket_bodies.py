"""What the changes of tickets take. Only shapes: whether words fit or a time lies ahead is the action's to say."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from aftersales.api.serializers.attachments import files_field
from aftersales.api.serializers.shape import Strict, Text
from tickets.actions.by_staff import CHANNELS, OPENED_BY_HAND
from tickets.models import Closure, Message, Ticket

KINDS = [(each.value, each.label) for each in OPENED_BY_HAND]
NOTE_CHANNELS = [
    (each.value, each.label) for each in Message.Channel if each.value in ("desk", "phone", "email", "chat")
]


class _Key(serializers.IntegerField):
    """A primary key, or null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**62, allow_null=True, **options)


class TicketBody(Strict):
    """A customer gives `order` and `text`; everything else is for staff."""

    kind = serializers.ChoiceField(choices=KINDS, required=False, default="question")
    title = Text(max_length=1000, required=False, allow_blank=True, default="")
    text = Text(required=False, allow_blank=True, default="", help_text="From staff it is kept as a note.")
    channel = serializers.ChoiceField(choices=list(CHANNELS.items()), required=False, default="desk")
    order = _Key(required=False, default=None)
    person = Text(max_length=12, required=False, allow_blank=True, default="", help_text="Customer by reference.")
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


_FILES = "Files, when it is sent as multipart: once for each, six at most, of the kinds a return takes."


def _seen() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=2**62,
        help_text="Id of the newest message that was read: refused with `stale_thread` where there is a newer one.",
    )  # fmt: skip


class MessageBody(Strict):
    text = Text(max_length=50_000)
    files = files_field(_FILES)
    seen = _seen()


class NoteBody(Strict):
    text = Text(max_length=50_000)
    files = files_field(_FILES)
    channel = serializers.ChoiceField(choices=NOTE_CHANNELS, required=False, default="desk")
    contact = serializers.BooleanField(required=False, default=False, help_text="It reports a talk with the customer.")


class AssigneeBody(Strict):
    user = _Key(help_text="Member of staff by id; null for nobody.")


class WaitingBody(Strict):
    waiting_on = serializers.ChoiceField(choices=Ticket.WaitingOn.choices, allow_blank=True, help_text="“” for nobody.")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    why = Text(max_length=1000, required=False, allow_blank=True, default="")
    seen = _seen()


class ClosingBody(Strict):
    reason = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in Closure.BY_HAND],
        required=False,
        default=Closure.Reason.SOLVED.value,
    )
    why = Text(
        max_length=1000, required=False, allow_blank=True, default="", help_text="Where something is still promised."
    )
    seen = _seen()


class DetailsBody(Strict):
    """What is left out stays as it is."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    title = Text(max_length=1000, required=False)
    priority = serializers.ChoiceField(choices=Ticket.Priority.choices, required=False, help_text="1 is urgent, 4 low.")
    queue = Text(max_length=50, required=False, help_text="By key.")
    team = Text(max_length=100, required=False, allow_null=True, help_text="By name; null for none.")
    tags = serializers.ListField(
        child=Text(max_length=30), required=False, max_length=50, help_text="By name: all that it has afterwards."
    )


class OwnFieldsBody(Strict):
    values = serializers.DictField(
        child=Text(allow_blank=True), allow_empty=False,
        help_text="By key, as text: `12.5`, `2026-11-28`, `yes`, the key of a choice; an empty text empties a field.",
    )  # fmt: skip


class MergingBody(Strict):
    into = Text(max_length=12, help_text="The ticket that goes on, by reference.")


class ComplaintBody(Strict):
    """About one of: `about` (a ticket's reference), `order`, or, from staff, `person`."""

    code = Text(max_length=40, help_text="Class by code.")
    statement = Text(max_length=50_000)
    wish = Text(max_length=5000, required=False, allow_blank=True, default="")
    about = Text(max_length=12, required=False, allow_blank=True, default="")
    order = _Key(required=False, default=None)
    person = Text(max_length=12, required=False, allow_blank=True, default="")
    line = _Key(required=False, default=None, help_text="Order line.")
