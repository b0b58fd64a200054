"""What belongs to a person and goes over when two entries are merged. Each app says so of its rows, in its `apps.py`.

    belongs("tickets.Ticket.person")

for a column that is simply pointed at the other entry. Rows that may stand in the way of each other have a way of their own in
`customers.actions.merging`. A test walks every model and fails for one that points at a person and is named nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey, Model

from customers.models import Person

_plain: list[str] = []


def belongs(*columns: str) -> None:
    """Rows that are moved as they are: `app.Model.column`."""
    for column in columns:
        if column not in _plain:
            _plain.append(column)


def plain() -> list[str]:
    """The columns registered so far, in their order."""
    return list(_plain)


def pointing() -> Iterator[str]:
    """Every column of the database that points at a person, found by walking the models."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is Person:
                yield f"{model._meta.label}.{field.name}"


def naming() -> Iterator[str]:
    """Every pair of columns that may name a row of any kind, a person among them: `app.Model.prefix`."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields() if field.concrete and not field.is_relation}
        for name in sorted(names):
            prefix = name.removesuffix("_type")
            if prefix != name and f"{prefix}_id" in names:
                yield f"{model._meta.label}.{prefix}"


def model_of(column: str) -> tuple[type[Model], str]:
    """The model and the name of the field or prefix."""
    label, _dot, name = column.rpartition(".")
    return apps.get_model(label), name
