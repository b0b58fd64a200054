"""A row is written by a statement that is kept; what is not one plain row is written as Django writes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import planned
from aftersales.kernel.prepared import prepared
from aftersales.ledger.models import IdempotencyKey
from tickets.models import Queue

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AT = dt.datetime(2026, 3, 1, 9, 30, 0, 250_001, tzinfo=dt.UTC)


@prepared
def _called(*, key: str) -> QuerySet[Queue]:
    return Queue.objects.filter(key=key)


def a_queue(number: int, **given: Any) -> Queue:
    return Queue(**{"key": f"k{number}", "name_zh": f"队列 {number}%s", "name_en": "It's", "position": number, **given})


def a_key(name: str, response: Any, **given: Any) -> IdempotencyKey:
    return IdempotencyKey(
        **{"principal": "a", "endpoint": "b", "key": name, "request_sha256": "0" * 64, "created_at": AT, **given},
        response=response,
    )


def sent(*rows: Any) -> list[str]:
    """What the database is told when they are saved, in a word each."""
    with CaptureQueriesContext(connection) as asked:
        for row in rows:
            row.save(force_insert=True)
    return [each["sql"].split()[0] for each in asked]


def test_the_second_row_and_all_after_it_are_calls_of_what_is_kept() -> None:
    rows = [a_queue(number) for number in range(4)]
    sent(rows[0])
    assert sent(*rows[1:]) == ["EXECUTE"] * 3
    assert len({row.pk for row in rows}) == 4
    for row in rows:
        kept = Queue.objects.get(pk=row.pk)
        assert (kept.key, kept.name_zh, kept.name_en, kept.position, kept.team) == (
            row.key, row.name_zh, row.name_en, row.position, None,
        )  # fmt: skip


def test_json_and_moments_come_back_as_they_went() -> None:
    for number, response in enumerate(({"甲": [1, None, "%s", "\\"]}, {}, {"it's": 1.5}, [None])):
        row = a_key(str(number), response)
        row.save()
        row.refresh_from_db()
        assert (row.response, row.created_at) == (response, AT)


def test_a_row_with_its_key_and_one_without_are_two_statements() -> None:
    sent(a_queue(1), a_queue(2), a_queue(3, pk=9_000_001), a_queue(4, pk=9_000_002))
    assert Queue.objects.get(key="k3").pk == 9_000_001
    assert Queue.objects.get(key="k2").pk < 9_000_001


def test_many_rows_are_one_call() -> None:
    for response in ({"甲": [None, "%s"]}, {}):
        for many in (2, 5):
            keys = [a_key(f"{response}{many}{number}", response) for number in range(many)]
            queues = [a_queue(10 * many + number, remind_after=None) for number in range(many)]
            with CaptureQueriesContext(connection) as asked:
                IdempotencyKey.objects.bulk_create(keys)
                Queue.objects.bulk_create(queues)
            for row in (*keys, *queues):
                kept: Any = type(row)._base_manager.get(pk=row.pk)
                assert {each.name: getattr(kept, each.attname) for each in row._meta.concrete_fields} == {
                    each.name: getattr(row, each.attname) for each in row._meta.concrete_fields
                }
            Queue.objects.filter(key__startswith="k").delete()
    assert [each["sql"].split("_")[0] for each in asked] == ["EXECUTE insert"] * 2


def test_what_the_database_works_out_is_left_to_django() -> None:
    sent(a_key("1", {}), a_key("2", {}))
    assert sent(a_key("3", {}, created_at=Now())) == ["INSERT"]
    with CaptureQueriesContext(connection) as asked:
        Queue.objects.bulk_create([a_queue(2), a_queue(2)], ignore_conflicts=True)
    assert [each["sql"].split()[0] for each in asked] == ["INSERT"]
    assert Queue.objects.filter(key="k2").count() == 1


def test_what_the_database_refuses_is_refused_with_the_same_errors() -> None:
    sent(a_queue(1), a_queue(2))
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        a_queue(2).save()
    assert refused.value.__cause__.diag.constraint_name.startswith("tickets_queue_key")  # type: ignore[union-attr]
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        a_queue(3, name_en="x" * 61).save()
    with pytest.raises(DataError, match="out of range"), transaction.atomic():
        a_queue(3, position=40_000).save()
    a_queue(3).save()


def test_rows_are_written_without_it_behind_a_pooler(settings: Any) -> None:
    sent(a_queue(1), a_queue(2))
    settings.DB_PLANS_AHEAD = False
    assert sent(a_queue(3)) == ["INSERT"]
    assert Queue.objects.get(key="k3").name_zh == "队列 3%s"


def test_rows_push_no_question_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST", 1)
    list(_called(key="x"))
    for number in range(3):
        sent(a_queue(number), a_key(str(number), {}))
    with CaptureQueriesContext(connection) as asked:
        assert [row.key for row in _called(key="k2")] == ["k2"]
    assert [each["sql"].split("_")[0] for each in asked] == ["EXECUTE question"], "it was still there"
