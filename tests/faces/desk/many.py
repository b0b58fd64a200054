"""More of the same than a test could open one by one."""

from __future__ import annotations

from typing import Any, TypeVar

from aftersales.kernel.refs import new_ref
from customers.models import Note, Order, Promise
from tickets.models import Ticket

Row = TypeVar("Row", Ticket, Order, Promise, Note)
_ITS_OWN = {Ticket: "ref", Order: "number"}


def copies(of: Row, number: int, **fields: object) -> list[Row]:
    """So many rows like `of`, as they are in the database, but for what is unique and for `fields`."""
    model: Any = type(of)
    kept = {field.attname: getattr(of, field.attname) for field in model._meta.concrete_fields if not field.primary_key}
    rows: list[Row] = [model(**{**kept, **_unique(model), **fields}) for _each in range(number)]
    model._base_manager.bulk_create(rows)
    return rows


def _unique(model: type) -> dict[str, str]:
    return {_ITS_OWN[model]: new_ref("T")} if model in _ITS_OWN else {}
