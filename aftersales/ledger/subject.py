"""Name any row in two columns: `returns.return` and its primary key. Used by every ledger table."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db.models import Model


def subject_of(thing: Model) -> dict[str, object]:
    """The two columns that name a saved row, ready for `filter(**…)` or `create(**…)`."""
    if thing.pk is None:
        raise ValueError(f"An unsaved {thing._meta.label_lower} cannot be the subject of anything.")
    return {"subject_type": thing._meta.label_lower, "subject_id": thing.pk}


def subjects_of(things: Sequence[Model]) -> dict[str, object]:
    """The same for several saved rows of one model, at least one, ready for `filter(**…)`."""
    named = [subject_of(thing) for thing in things]
    (subject_type,) = {each["subject_type"] for each in named}
    return {"subject_type": subject_type, "subject_id__in": [each["subject_id"] for each in named]}


def resolve(subject_type: str, subject_id: int) -> Model | None:
    """The row behind the two columns, or None when it is gone."""
    found: Model | None = apps.get_model(subject_type)._base_manager.filter(pk=subject_id).first()
    return found
