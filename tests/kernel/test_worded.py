"""The words of a choice are those that Django itself would say, for every choice, none, and one nobody knows."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from aftersales.kernel.worded import Worded

WORDED = [model for model in apps.get_models() if issubclass(model, Worded)]


def test_the_models_that_pages_say_most_are_among_them() -> None:
    assert {"Ticket", "Order", "Shipment", "ContactPoint"} <= {model.__name__ for model in WORDED}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("model", WORDED, ids=lambda model: model.__name__)
def test_every_choice_is_said_as_django_says_it(model: type[models.Model], language: str) -> None:
    fields = [field for field in model._meta.fields if field.choices]
    assert fields
    with translation.override(language):
        for field in fields:
            for value in [*(value for value, _label in field.flatchoices), None, "unheard of"]:
                row = model(**{field.name: value})
                assert row._get_FIELD_display(field) == models.Model._get_FIELD_display(row, field)  # type: ignore[attr-defined]
