"""What is planned ahead is not planned anew after every few rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.state import StateApps

from aftersales.kernel.replanning import CHANGES, seldom
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from tickets.models import Clock, ClockSegment, Draft, Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BUSY = [model._meta.db_table for model in (Ticket, Message, Clock, ClockSegment, Draft, Event, Timer, Notice)]


def options(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0] or []


@pytest.mark.parametrize("table", BUSY)
def test_busy_tables_of_a_tickets_page_wait_for_many_rows(table: str) -> None:
    assert f"autovacuum_analyze_threshold={CHANGES}" in options(table)


def test_a_step_can_be_taken_back() -> None:
    step, apps = seldom("customers_tier"), StateApps([], {})
    with connection.schema_editor() as editor:
        step.code(apps, editor)
    assert len(options("customers_tier")) == 3
    with connection.schema_editor() as editor:
        assert step.reverse_code is not None
        step.reverse_code(apps, editor)
    assert options("customers_tier") == []
