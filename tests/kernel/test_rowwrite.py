"""Some fields of a row are written as `save(update_fields=…)` writes them, by a statement that is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock
from aftersales.kernel.rowwrite import update_row
from aftersales.ledger.models import IdempotencyKey
from tests.world import an_order, customer
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="甲", actor=customer(order))


def test_what_is_named_is_written_and_nothing_else(ticket: Ticket) -> None:
    assert ticket.order
    other = ask_question(ticket.order.pk, text="乙", actor=customer(ticket.order))
    before = Ticket.objects.values().get(pk=other.pk)
    for title in ("it's 100% 甲", "%s"):
        ticket.title, ticket.custom, ticket.team, ticket.waiting_until = title, {"a": [None]}, None, ticket.opened_at
        ticket.channel = "x"
        update_row(ticket, ["waiting_until", "title", "custom", "team", "title"])
        kept = Ticket.objects.get(pk=ticket.pk)
        assert (kept.title, kept.custom, kept.waiting_until) == (title, {"a": [None]}, ticket.opened_at)
        assert kept.channel != "x"
    assert Ticket.objects.values().get(pk=other.pk) == before


@pytest.mark.postgres
def test_it_is_planned_ahead(ticket: Ticket, settings: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        update_row(ticket, ["title"])
        settings.DB_PLANS_AHEAD = False
        update_row(ticket, ["title"])
    assert asked[0]["sql"].startswith("EXECUTE update_")
    assert asked[1]["sql"].startswith('UPDATE "tickets_ticket" SET "title"')


def test_a_row_that_is_gone_is_an_error() -> None:
    row = IdempotencyKey.objects.create(
        principal="a", endpoint="b", key="c", request_sha256="0" * 64, created_at=clock.now()
    )
    IdempotencyKey.objects.all().delete()
    with pytest.raises(DatabaseError, match="is gone"), transaction.atomic():
        update_row(row, ["response"])


def test_whoever_listens_hears_of_it(ticket: Ticket) -> None:
    heard = list[Any]()

    def hear(update_fields: Any, **_told: Any) -> None:
        heard.append(update_fields)

    post_save.connect(hear, sender=Ticket)
    try:
        ticket.title = "丙"
        update_row(ticket, ["title"])
    finally:
        post_save.disconnect(hear, sender=Ticket)
    assert heard == [{"title"}]
    assert Ticket.objects.get(pk=ticket.pk).title == "丙"
