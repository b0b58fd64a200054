"""What the list of visits may be narrowed by."""

from __future__ import annotations

import django_filters as filters

from tickets.models import Visit

_BIG = 2**62


class VisitFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Visit.State.choices, label="Status; may be given several times.")
    channel = filters.MultipleChoiceFilter(choices=Visit.Channel.choices, label="Channel; may be given several times.")
    plan = filters.CharFilter(field_name="plan__code", label="Visit plan by code.", max_length=40)
    person = filters.CharFilter(field_name="person__ref", label="Customer by reference.", max_length=12)
    order = filters.NumberFilter(field_name="order_id", label="Order by id.", min_value=1, max_value=_BIG)
    after = filters.CharFilter(field_name="after__ref", label="Ticket it follows, by reference.", max_length=12)
    team = filters.NumberFilter(field_name="team_id", label="Team by id.", min_value=1, max_value=_BIG)
    assignee = filters.NumberFilter(field_name="assignee_id", label="Assignee by id.", min_value=1, max_value=_BIG)
    unassigned = filters.BooleanFilter(field_name="assignee", lookup_expr="isnull", label="Whether nobody has it.")
    outcome = filters.MultipleChoiceFilter(choices=Visit.Outcome.choices, label="Outcome; may be given several times.")
    due_after = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte", label="Due at or after.")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt", label="Due before.")

    class Meta:
        model = Visit
        fields: list[str] = []
