"""Whatever a program sends, the API refuses what it cannot use and never breaks: some hundreds of odd requests by schema."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from returns.models import Return
from tests.world import a_complaint, a_return, an_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Photos are bytes, which test_callers.py makes odd by hand.
_LEFT_OUT = ("/schema/", "/attachments/")


def operations() -> list[Any]:
    """Every operation of the schema as the server tells it."""
    told = json.loads(Client().get("/api/v1/schema/?format=json").content)
    results: Any = schemathesis.openapi.from_dict(told).get_all_operations()
    found = [result.ok() for result in results]
    return [each for each in found if not each.path.endswith(_LEFT_OUT)]


def test_odd_requests_are_refused_not_broken(program: Any) -> None:
    caller, ret = program("manager"), a_return(an_order())
    complaint = a_complaint(an_order())
    caller.client.raise_request_exception = False
    broken: list[str] = []
    asked = 0
    for operation in operations():

        @settings(
            max_examples=8, database=None, phases=(Phase.generate,), derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            if "ref" in case.path_parameters and not case.path_parameters["ref"].startswith("F"):
                case.path_parameters["ref"] = complaint.ticket.ref if "/complaints/" in case.path else ret.ref
            path = case.formatted_path + "?" + urlencode(case.query or {}, doseq=True)
            body = json.dumps(case.body) if isinstance(case.body, dict | list | str | int | None) else ""
            answer = caller.client.generic(case.method, path, body, "application/json", headers=caller.headers)
            if answer.status_code >= 500:
                broken.append(f"{case.method} {path} {body[:300]} → {answer.status_code}")

        ask()
    assert broken == []
    assert asked > 300
    assert Return.objects.filter(pk=ret.pk).exists()
