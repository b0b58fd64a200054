"""A world that stands for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from aftersales.kernel.patience import be_patient


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of the module makes on top of this stays for its tests, each of which takes back only its own."""
    from tickets.models import sla_policy

    translation.deactivate()
    sla_policy._kept.clear()
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            be_patient()  # on a busy machine a door may think for ten seconds between two statements
            yield
            transaction.set_rollback(True)
