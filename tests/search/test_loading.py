"""Entries loaded beside the one who writes the things: both are there in the end, or neither."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from aftersales.search.index import Row
from aftersales.search.loading import loading
from aftersales.search.models import Entry
from customers.models import Person
from tests.world import a_person

on_two_connections = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def row_of(key: int) -> Row:
    if key < 0:
        raise ValueError("no such thing")
    tokens = "{1}" if connection.vendor == "postgresql" else "1"
    return ("person", key, "2026-03-01 04:05:06", None, tokens, "张三")


def has_text_index() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'search_entry_tokens'")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_within_a_transaction_the_callers_own_connection_does_it() -> None:
    with loading(row_of) as entries:
        entries.put([7, 8])
        entries.begin_index()
        entries.finish()
        assert set(Entry.objects.values_list("key", flat=True)) == {7, 8}


class TestOnTwoConnections:
    pytestmark = on_two_connections

    def test_entries_are_there_once_the_things_are(self) -> None:
        with loading(row_of) as entries:
            with transaction.atomic():
                person = a_person(name="张三")
                entries.put([person.pk])
                entries.begin_index()
                entries.finish()
            assert Person.objects.filter(pk=person.pk).exists()
        assert list(Entry.objects.values_list("key", flat=True)) == [person.pk]
        assert has_text_index()

    def test_things_that_are_rolled_back_leave_no_entry(self) -> None:
        def write() -> None:
            with loading(row_of) as entries, transaction.atomic():
                entries.put([7])
                entries.begin_index()
                entries.finish()
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write()
        assert not Entry.objects.exists()
        assert has_text_index()

    def test_entries_that_fail_take_the_things_along(self) -> None:
        def write() -> None:
            with loading(row_of) as entries, transaction.atomic():
                a_person(name="张三")
                entries.put([-1])
                entries.begin_index()
                entries.finish()

        with pytest.raises(RuntimeError, match="before its time"):
            write()
        assert not Person.objects.exists()
        assert not Entry.objects.exists()
        assert has_text_index()
