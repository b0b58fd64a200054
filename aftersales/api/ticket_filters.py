"""What the lists of tickets and complaints may be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from aftersales.kernel import clock
from tickets.models import Complaint, ComplaintClass, Message, Ticket

_BIG = 2**62


class TicketFilter(filters.FilterSet):
    kind = filters.MultipleChoiceFilter(choices=Ticket.Kind.choices, label="Kind; may be given several times.")
    status = filters.MultipleChoiceFilter(choices=Ticket.Status.choices, label="Status; may be given several times.")
    order = filters.NumberFilter(field_name="order_id", label="Order by id.", min_value=1, max_value=_BIG)
    channel = filters.CharFilter(label="How it reached the shop.", max_length=12)
    opened_after = filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte", label="Opened at or after.")
    opened_before = filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="lt", label="Opened before.")

    class Meta:
        model = Ticket
        fields: list[str] = []


class DeskTicketFilter(TicketFilter):
    """What only staff may ask."""

    person = filters.CharFilter(field_name="person__ref", label="Customer by reference.", max_length=12)
    queue = filters.CharFilter(field_name="queue__key", label="Queue by key.", max_length=50)
    team = filters.NumberFilter(field_name="team_id", label="Team by id.", min_value=1, max_value=_BIG)
    assignee = filters.NumberFilter(field_name="assignee_id", label="Assignee by id.", min_value=1, max_value=_BIG)
    unassigned = filters.BooleanFilter(field_name="assignee", lookup_expr="isnull", label="Whether nobody has it.")
    tag = filters.CharFilter(field_name="tags__name", label="Tag by name.", max_length=30)
    priority = filters.MultipleChoiceFilter(
        choices=Ticket.Priority.choices, label="Priority, 1 is urgent; may be given several times."
    )
    waiting_on = filters.ChoiceFilter(choices=Ticket.WaitingOn.choices[1:], label="Who is waited for.")
    overdue = filters.BooleanFilter(method="narrow_overdue", label="Open and past the due time, or not.")

    def narrow_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Ticket.objects.overdue(clock.now()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class MessageFilter(filters.FilterSet):
    by = filters.ChoiceFilter(choices=Message.By.choices, label="Who wrote.")
    after = filters.NumberFilter(field_name="id", lookup_expr="gt", label="Newer than this id.", max_value=_BIG)

    class Meta:
        model = Message
        fields: list[str] = []


class ComplaintFilter(filters.FilterSet):
    code = filters.CharFilter(field_name="classification__code", label="Class by code.", max_length=40)
    group = filters.ChoiceFilter(
        field_name="classification__group", choices=ComplaintClass.Group.choices, label="One of the four classes."
    )
    answered = filters.BooleanFilter(
        field_name="answered_at", lookup_expr="isnull", exclude=True, label="Whether it had its first answer."
    )
    open = filters.BooleanFilter(method="narrow_open", label="Whether its ticket is open.")
    received_after = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte", label="At or after.")
    received_before = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt", label="Before.")

    class Meta:
        model = Complaint
        fields: list[str] = []

    def narrow_open(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        closed = {"ticket__status": Ticket.Status.CLOSED}
        return rows.exclude(**closed) if value else rows.filter(**closed)
