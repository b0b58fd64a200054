"""The API reads versions of the rules and has no way to change one."""

from __future__ import annotations

import pytest
from django.test import Client

from returns.models import RuleVersion
from tests.returns.rulebook.people import a_draft
from tests.world import an_order, member

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(member(role))
    return client


def test_staff_read_every_version_and_its_text() -> None:
    draft = a_draft()
    listed = signed_in("agent").get("/api/v1/rules/cn/versions/").json()
    assert [(each["number"], each["status"], each["base"]) for each in listed] == [
        (2, "draft", 1),
        (1, "published", None),
    ]
    read = signed_in("auditor").get("/api/v1/rules/cn/versions/2/").json()
    assert (read["files"], read["sha256"]) == (draft.files, draft.sha256)


def test_nobody_else_reads_and_nobody_publishes() -> None:
    an_order()
    assert Client().get("/api/v1/rules/cn/versions/").status_code == 401
    manager = signed_in("manager")
    for address in ("/api/v1/rules/cn/versions/", "/api/v1/rules/cn/versions/1/"):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(manager, method)(address, "{}", content_type="application/json").status_code == 405
    assert manager.get("/api/v1/rules/mars/versions/").status_code == 404
    assert manager.get("/api/v1/rules/cn/versions/99/").status_code == 404
    assert RuleVersion.objects.filter(rule_set="cn").count() == 1
