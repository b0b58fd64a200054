"""Every page of the desk opens for whom it is made, is told apart for everybody else, and costs a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from returns.models import Return
from tests.faces.desk import stages
from tests.faces.desk.conftest import fresh
from tests.world import customer, staff
from tickets.actions.conversation import note, receive_message, reply

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
STAGES = [
    stages.submitted, stages.need_info, stages.awaiting_return, stages.in_transit, stages.delivered, stages.received,
    stages.refund_due, stages.refunding, stages.failed, stages.unknown, stages.goods_refused, stages.rejected,
    stages.contested, stages.expired, stages.exchange, stages.awaiting_reship, stages.reshipped,
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
@pytest.mark.parametrize("role", ["agent", "warehouse", "lead", "manager", "auditor"])
def test_a_ticket_opens_at_every_stage_for_every_role(sit: Sit, stage: Any, role: str) -> None:
    ret: Return = stage()
    answer = sit(role).get(f"/desk/tickets/{ret.ticket.ref}/")
    assert answer.status_code == 200
    assert ret.ref in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_ticket_costs_a_fixed_number_of_queries(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ret = stages.refund_due()
    for number in range(6):
        receive_message(ret.ticket_id, text=f"Question {number}", actor=customer(ret.order))
        reply(ret.ticket_id, text=f"Answer {number}", actor=staff())
        note(ret.ticket_id, text=f"Note {number}", actor=staff("warehouse"))
        stages.submitted()
    client = sit("lead")
    with django_assert_max_num_queries(34):
        client.get(f"/desk/tickets/{fresh(ret).ticket.ref}/")
