"""Several prepared questions in one statement: a page with ten short lists asks the database once.

    notes, parcels = _notes.later(order=order.pk), _parcels.later(order=order.pk)
    together(notes, parcels)
    notes.rows  # a list, and nothing is asked any more

Whoever leaves `together` out has the same rows, one statement for each. On PostgreSQL each answer comes as JSON and is read as
the rows it stands for; all are of one moment. SQLite is in the same process, so there nothing would be saved.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignKey

from aftersales.kernel.planned import Statement
from aftersales.kernel.prepared import Later, Plain, Question, beforehand

# What JSON says otherwise than the database's driver: how it is read back.
_READ: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": dt.datetime.fromisoformat, "DateField": dt.date.fromisoformat, "TimeField": dt.time.fromisoformat,
    "FloatField": float, "DecimalField": Decimal, "JSONField": str,
}  # fmt: skip
_AS_WORDS = ("DecimalField", "JSONField")  # these stay what they are only as words
_ALIKE = frozenset(
    ("BooleanField", "CharField", "TextField", "SlugField", "FileField", "FilePathField", "IntegerField", "BigIntegerField",
     "SmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "AutoField",
     "BigAutoField")
)  # fmt: skip


def together(*asked: Later[Any] | None) -> None:
    """Ask all of them now. One that was asked before, or whose columns JSON cannot hold, asks by itself; None asks nothing."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return
    fit = [
        each
        for each in asked
        if each and "rows" not in vars(each) and hasattr(each, "question") and _types(each.question)
    ]
    if len(fit) < 2:
        return
    statement = _joined(tuple(each.question for each in fit))
    sent = statement.sent([value for each in fit for value in each.given], connection)
    with connection.cursor() as cursor:
        cursor.execute(*sent)
        answers = cursor.fetchone()
    for each, answer in zip(fit, answers, strict=True):
        each.rows = each.question.read(each.given, _rows(answer, _types(each.question))) if answer else []


@contextmanager
def asked_beforehand(*asked: Later[Any]) -> Iterator[None]:
    """Ask together what the actions inside ask one by one: the first of them who asks one of these has its rows from here.

    For settings, which no action inside changes. What nobody asks inside was asked for nothing. What was asked around it
    already is not asked again.
    """
    told = {} if (around := beforehand.get()) is None else around
    new = [each for each in asked if hasattr(each, "question") and (each.question, *each.given) not in told]
    together(*new)
    mine = {(each.question, *each.given): each.rows for each in new if "rows" in vars(each)}
    told.update(mine)
    within = beforehand.set(told)
    try:
        yield
    finally:
        beforehand.reset(within)
        for each in mine:
            told.pop(each, None)


@lru_cache(maxsize=256)
def _joined(questions: tuple[Question, ...]) -> Statement:
    parts, params, places = list[str](), list[Any](), list[int]()
    for question in questions:
        one = question.statement
        places += [len(params) + at for at in one.places]
        params += one.params
        names = [f"c{number}" for number in range(len(_types(question)))]
        told = [
            f"{name}::text" if kind in _AS_WORDS else name for name, kind in zip(names, _types(question), strict=True)
        ]
        inner = f"({one.sql}) AS i({', '.join(names)})"
        parts.append(f"(SELECT json_agg(q)::text FROM (SELECT {', '.join(told)} FROM {inner}) AS q)")  # noqa: S608
    return Statement(f"SELECT {', '.join(parts)}", params, places)


def _rows(answer: str, types: tuple[str, ...]) -> list[list[Any]]:
    rows = [list(row.values()) for row in json.loads(answer)]
    for at, read in [(at, _READ[kind]) for at, kind in enumerate(types) if kind in _READ]:
        for row in rows:
            if row[at] is not None:
                row[at] = read(row[at])
    return rows


@lru_cache(maxsize=1_024)
def _types(question: Question) -> tuple[str, ...]:
    """The types of its columns; none where JSON cannot hold one of them, or nothing need be asked."""
    if isinstance(question.asked, Plain) or not question.statement.sql or question.compiler.has_extra_select:
        return ()
    types = tuple(_type(column[0].output_field) for column in question.compiler.select)
    return types if all(each in _ALIKE or each in _READ for each in types) else ()


def _type(field: Field[Any, Any]) -> str:
    while isinstance(field, ForeignKey):  # and what is one to one
        field = field.target_field
    return field.get_internal_type()
