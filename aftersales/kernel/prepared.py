"""Questions to the database that are put into SQL once in a process: building the statement may cost more than its answer.

    @prepared
    def _drafts(*, ticket: int, user: int) -> QuerySet[Draft]:
        return Draft.objects.filter(ticket_id=ticket, user_id=user)

    drafts = _drafts(ticket=ticket.pk, user=actor.id)  # a list

What stands before the star decides the statement, and for each of it one is kept: whose scope, which columns, whether an
order is there. What stands behind the star is only compared in the database: whole numbers, words, instants, or a tuple of
one of them, never an empty one, for `__in`. So the function must not look at it, nor at anything else that changes, like the
time or the language; when a test asks such a question it is also built anew and compared (`tests/same_statement.py`).
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache, partial, update_wrapper
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Func, IntegerField, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils.functional import cached_property  # that of functools lets one thread at a time through

from aftersales.kernel.actor import Actor
from aftersales.kernel.planned import Statement

Asked = ParamSpec("Asked")
Row = TypeVar("Row")
Values = dict[str, Any]

# How many rows there are, for `values_list`; as an aggregate it would be counted for each of them.
HOW_MANY = Func(template="COUNT(*)", output_field=IntegerField())
KEPT = 1_024  # statements of one process; one with all it takes to read its rows is about thirty kilobytes


# Rows that were asked for already, by question and values (`together.asked_beforehand`); each is handed out once.
beforehand: ContextVar[dict[tuple[Any, ...], list[Any]] | None] = ContextVar("beforehand", default=None)


class Plain(NamedTuple, Generic[Row]):
    """A statement around what the ORM builds, with its parameters; its rows are tuples as the database gives them."""

    sql: str
    params: list[Any]


class prepared(Generic[Asked, Row]):
    """Makes of a function that gives a `QuerySet` (or a `Plain` statement) one that gives its rows, as a list."""

    def __init__(self, ask: Callable[Asked, QuerySet[Any, Row] | Plain[Row]]) -> None:
        self.ask = ask
        update_wrapper(self, ask)

    def __call__(self, *shape: Asked.args, **values: Asked.kwargs) -> list[Row]:
        return self.later(*shape, **values).rows

    def later(self, *shape: Asked.args, **values: Asked.kwargs) -> Later[Row]:
        """The rows when they are needed, or before that `together` with others.

        What a customer asks is not kept: no two of them have the same orders, and their statements would push out those that
        everybody asks.
        """
        if any(isinstance(each, Actor) and each.orders for each in shape):
            return _Anew(self.ask, shape, values)
        given = padded(values)
        question = question_of(self.ask, shape, kinds_of(given))
        return Later(question, question.given(given))


class Later(Generic[Row]):
    """What was asked, with its values. `rows` asks, once."""

    def __init__(self, question: Question, given: list[Any]) -> None:
        self.question, self.given = question, given

    @cached_property
    def rows(self) -> list[Row]:
        told = beforehand.get()
        known = told.pop((self.question, *self.given), None) if told else None
        return self.question.rows(self.given) if known is None else known


class _Anew(Later[Row]):
    """Asked as Django asks."""

    def __init__(self, ask: Callable[..., Any], shape: tuple[Any, ...], values: Values) -> None:
        self.asked = partial(ask, *shape, **values)

    @cached_property
    def rows(self) -> list[Row]:
        return list(self.asked())


class Question:
    """One statement with the places of its values, and what reads its rows."""

    def __init__(self, asked: QuerySet[Any, Any] | Plain[Any], slots: Values) -> None:
        self.asked = asked
        self.compiler: Any = None if isinstance(asked, Plain) else compiler_of(asked)
        sql, params = asked if isinstance(asked, Plain) else in_sql(self.compiler)
        found = [
            (at, name, number)
            for at, param in enumerate(params)
            for name, slot in slots.items()
            for number, each in enumerate(slot if isinstance(slot, tuple) else (slot,))
            if type(param) is type(given := _as_given(each)) and param == given
        ]
        self.slots = [(name, number) for _at, name, number in found]
        self._converters: dict[int, Any] | None = None
        self.statement = Statement(sql, params, [at for at, *_slot in found])

    def given(self, values: Values) -> list[Any]:
        """The values at the places of the statement, in their order."""
        return [
            _as_given(value[number] if isinstance(value := values[name], tuple) else value)
            for name, number in self.slots
        ]

    def told(self, values: Values) -> tuple[str, list[Any]]:
        """The whole statement with these values, to be compared: what holds JSON is no more than what it holds."""
        sql, params = self.statement.whole(self.given(values))
        return sql, [getattr(each, "adapted", each) for each in params]

    def converters(self, columns: list[Any]) -> dict[int, Any]:
        """What makes values of Python of some columns; the same each time."""
        if self._converters is None:
            self._converters = self.compiler.get_converters(columns)
        return self._converters

    def rows(self, given: list[Any]) -> list[Any]:
        if not self.statement.sql:
            return []
        if isinstance(self.asked, Plain):
            connection = connections[DEFAULT_DB_ALIAS]
            sent = self.statement.sent(given, connection)
            with connection.cursor() as cursor:
                cursor.execute(*sent)
                return list(cursor.fetchall())
        return self.read(given)

    def read(self, given: list[Any], answer: list[Any] | None = None) -> list[Any]:
        """The rows of the set; `answer` holds them as the database gave them, where it was asked already."""
        asked: Any = QuerySet.__new__(type(self.asked))
        asked.__dict__.update(self.asked.__dict__, _query=_Query(self, given, answer))
        return list(asked)


class _Query:
    """Stands where a set of rows has its query: answers with the statement that is there already."""

    def __init__(self, question: Question, given: list[Any], answer: list[Any] | None) -> None:
        self._question, self._given, self._answer = question, given, answer

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> Any:
        statement, given = self._question.statement, self._given
        compiler = copy.copy(self._question.compiler)
        compiler.connection = connection or connections[using or DEFAULT_DB_ALIAS]
        if compiler.query.select_for_update and compiler.connection.get_autocommit():
            raise TransactionManagementError("A row is locked in a transaction.")
        compiler.as_sql = lambda *_how, **_given: statement.sent(given, compiler.connection)
        compiler.get_converters = self._question.converters
        if (answer := self._answer) is not None:
            compiler.execute_sql = lambda *_how, **_given: [answer]
        return compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._question.compiler.query, name)


def compiler_of(asked: QuerySet[Any, Any]) -> Any:
    return asked.query.get_compiler(DEFAULT_DB_ALIAS)


def in_sql(compiler: Any) -> tuple[str, list[Any]]:
    """The statement and its parameters; "" for what needs no asking, since nothing can be in it."""
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return "", []
    return sql, list(params)


@lru_cache(maxsize=KEPT)
def question_of(ask: Callable[..., Any], shape: tuple[Any, ...], kinds: tuple[tuple[str, Any], ...]) -> Question:
    """Built with a value in every slot that nobody else gives, so that its places are found again among the parameters.

    A value may be for another shape and have no place. One that comes back changed has none either, which shows when the
    statement is built with other values: then the parameters differ where no place is.
    """
    built = [Question(ask(*shape, **slots), slots) for slots in (_slots(kinds, 0), _slots(kinds, 1_000))]
    others = _slots(kinds, 2_000)
    if built[0].told(others) != built[1].told(others):
        raise TypeError(f"{ask.__qualname__} does more with a value than compare it: it belongs before the star.")
    return built[0]


_LARGEST = 2**63 - 1  # of a key
_SLOTS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 2_147_000_000 + number,  # fits the smaller columns of keys, too
    str: lambda number: f"\x1dvalue {number}\x1d",
    dt.datetime: lambda number: dt.datetime(1, 1, 2, microsecond=number, tzinfo=dt.UTC),
}


def _slots(kinds: tuple[tuple[str, Any], ...], begin: int) -> Values:
    counted = itertools.count(begin)
    return {
        name: tuple(_SLOTS[kind[0]](next(counted)) for _ in range(kind[1]))
        if isinstance(kind, tuple)
        else _SLOTS[kind](next(counted))
        for name, kind in kinds
    }


def padded(values: Values) -> Values:
    """With tuples as long as the next power of two, by their last again and again: few statements for all lengths there are."""
    if not any(isinstance(value, tuple) for value in values.values()):
        return values
    return {name: _padded(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _padded(value: tuple[Any, ...]) -> tuple[Any, ...]:
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value)) if value else value


def kinds_of(values: Values) -> tuple[tuple[str, Any], ...]:
    """Name and type of each value, with the length of what is a tuple. Raises `TypeError` for what cannot be a value."""
    return tuple((name, _kind(value)) for name, value in values.items())


def _kind(value: Any) -> Any:
    if isinstance(value, tuple):
        if len(kinds := {_kind(each) for each in value}) == 1:
            return kinds.pop(), len(value)
    elif not isinstance(value, bool):
        for kind in _SLOTS:
            if isinstance(value, kind):
                return kind
    raise TypeError(f"{value!r} decides the statement: it belongs before the star.")


def _as_given(value: Any) -> Any:
    """As the database is given it: SQLite takes its instants as words; a number of an address that no key can be, as the last."""
    if isinstance(value, dt.datetime):
        return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)
    return min(value, _LARGEST) if type(value) is int else value


def lay_under(rows: Iterable[Any], name: str, many: Iterable[Any], *, by: str) -> None:
    """What `prefetch_related` does, with rows that were read already: `row.<name>.all()` then asks nothing more.

    `by` is the column of `many` that holds the primary key of its row. What belongs to none of them, because it came between
    two statements, is left out.
    """
    found: dict[Any, list[Any]] = {row.pk: [] for row in rows}
    for each in many:
        found.get(getattr(each, by), []).append(each)
    for row in rows:
        related = getattr(row, name).get_queryset()
        related._result_cache, related._prefetch_done = found[row.pk], True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related
