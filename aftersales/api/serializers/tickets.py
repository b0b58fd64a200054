"""A ticket and what is said on it, as the API shows them. What stands under `desk` is for the shop: null for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.accounts.models import User
from aftersales.api.serializers.attachments import AttachmentAnswer
from aftersales.api.serializers.returns import OrderName
from aftersales.kernel.actor import Actor
from customers.models import Person
from tickets.models import Clock, Message, Ticket


class StaffName(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name")


class PersonName(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("ref", "name")


class DeskAnswer(serializers.ModelSerializer[Ticket]):
    """How the ticket stands in the shop."""

    priority = serializers.IntegerField(read_only=True, help_text="1 is urgent, 4 low.")
    queue = serializers.CharField(source="queue.key", read_only=True)
    team = serializers.CharField(source="team.name", read_only=True, allow_null=True, default=None)
    assignee = StaffName(read_only=True, allow_null=True)
    person = PersonName(read_only=True)
    tags: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    merged_into = serializers.CharField(source="merged_into.ref", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Ticket
        fields = (
            "priority", "queue", "team", "assignee", "person", "tags", "due_at", "waiting_on", "waiting_since",
            "waiting_until", "waiting_why", "merged_into", "custom",
        )  # fmt: skip


class TicketBrief(serializers.ModelSerializer[Ticket]):
    """A row of the list."""

    subject = serializers.CharField(read_only=True)
    order = OrderName(read_only=True, allow_null=True)
    desk = serializers.SerializerMethodField(help_text="For staff; null for a customer.")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "ref", "kind", "status", "subject", "order", "channel", "opened_at", "updated_at", "closed_at", "desk",
        )  # fmt: skip

    @extend_schema_field(DeskAnswer(allow_null=True))
    def get_desk(self, ticket: Ticket) -> object:
        return DeskAnswer(ticket).data if _is_staff(self.context) else None


class ClockAnswer(serializers.ModelSerializer[Clock]):
    """One promise about time; `target_s` in business seconds."""

    class Meta:
        model = Clock
        fields = ("metric", "cycle", "state", "target_s", "started_at", "due_at", "stopped_at")


class TicketAnswer(TicketBrief):
    """One ticket, whole; its messages are a list of their own."""

    return_ref = serializers.SerializerMethodField(help_text="Of the return, exchange or repair it is about.")
    clocks = serializers.SerializerMethodField(help_text="For staff; null for a customer.")

    class Meta:
        model = Ticket
        fields = (*TicketBrief.Meta.fields, "return_ref", "clocks")

    def get_return_ref(self, ticket: Ticket) -> str | None:
        goods_return = getattr(ticket, "goods_return", None)
        return goods_return.ref if goods_return else None

    @extend_schema_field(ClockAnswer(many=True, allow_null=True))
    def get_clocks(self, ticket: Ticket) -> object:
        return ClockAnswer(ticket.clocks.all(), many=True).data if _is_staff(self.context) else None


class MessageAnswer(serializers.ModelSerializer[Message]):
    """`sent` is false while its author may still undo it. `ticket` differs where a ticket was merged into this one."""

    ticket = serializers.CharField(source="ticket.ref", read_only=True)
    author = serializers.SerializerMethodField(help_text="Of the shop; for staff only.")
    writer = serializers.CharField(read_only=True, help_text="Of what somebody in Cc wrote.")
    files = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = (
            "id", "ticket", "by", "author", "writer", "internal", "channel", "contact", "text", "at", "sent", "send_at", "files",
        )  # fmt: skip

    @extend_schema_field(StaffName(allow_null=True))
    def get_author(self, message: Message) -> object:
        return StaffName(message.author).data if message.author and _is_staff(self.context) else None

    @extend_schema_field(AttachmentAnswer(many=True))
    def get_files(self, message: Message) -> object:
        return AttachmentAnswer(self.context.get("files", {}).get(message.pk, []), many=True).data


def _is_staff(context: Mapping[str, Any]) -> bool:
    actor: Actor = context["actor"]
    return actor.is_staff
