"""What is said on a ticket: to read, to write to the other side, to note for colleagues."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Listing
from aftersales.api.serializers.ticket_bodies import MessageBody, NoteBody
from aftersales.api.serializers.tickets import MessageAnswer
from aftersales.api.ticket_filters import MessageFilter
from aftersales.files.actions.attaching import read_file
from aftersales.files.models import Attachment
from tickets.actions.conversation import attach_files, note, receive_message, reply
from tickets.models import Message


class Messages(Listing, Change):
    """Newest first, those of merged tickets among them. POST writes: staff to the customer, a customer to the shop.

    A customer's words go to the ticket where the work goes on; staff are told which one that is.
    """

    verbs = {"GET": "ticket.view", "POST": "ticket.reply"}
    says = "Messages of a ticket, write one"
    body = MessageBody
    answer = MessageAnswer
    status = 201
    filters = MessageFilter

    def get(self, request: Request, **names: Any) -> Response:
        self.ticket = self.find_ticket(names["ref"])
        return super().get(request)

    def rows(self) -> QuerySet[Any]:
        here = Q(ticket=self.ticket)
        if self.actor.is_staff:
            here |= Q(ticket__merged_into=self.ticket)
        return Message.objects.visible_to(self.actor).filter(here).select_related("ticket", "author")

    def beside(self, page: list[Message]) -> dict[str, Any]:
        files: dict[int, list[Attachment]] = defaultdict(list)
        shown = Attachment.objects.shown_to(self.actor).filter(hidden_at=None, subject_type="tickets.message")
        for each in shown.filter(subject_id__in=[message.pk for message in page]):
            files[each.subject_id].append(each)
        return {"files": files}

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        self.find_ticket(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Message:
        ticket = self.find_ticket(names["ref"])
        files = [read_file(each, field="files") for each in data["files"]]
        if self.actor.is_staff:
            message = reply(ticket.pk, text=data["text"], seen=data["seen"], actor=self.actor)
        else:
            message = receive_message(ticket.pk, text=data["text"], actor=self.actor)
        attach_files(message, files, actor=self.actor, field="files")
        return message


class NoteNoun(Change):
    """For colleagues only. Who is named in it with @ hears of it."""

    verbs = {"POST": "ticket.note"}
    says = "Write a note"
    body = NoteBody
    answer = MessageAnswer
    status = 201

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        self.find_ticket(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Message:
        ticket, files = self.find_ticket(names["ref"]), [read_file(each, field="files") for each in data.pop("files")]
        message = note(ticket.pk, actor=self.actor, **data)
        attach_files(message, files, actor=self.actor, field="files")
        return message
