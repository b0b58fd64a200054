"""The reference of the API: for staff who are signed in, from our own files, with no inline script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.world import member

pytestmark = pytest.mark.django_db
HERE = "/api/v1/docs/"


def test_it_is_for_staff_who_are_signed_in(client: Client) -> None:
    assert client.get(HERE)["Location"].startswith("/account/login/")
    client.force_login(member("warehouse"))
    assert client.get(HERE).status_code == 200
    assert client.post(HERE).status_code == 405


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_runs_only_files_of_ours_under_the_policy_of_every_page(client: Client, language: str) -> None:
    client.force_login(member("agent"))
    client.cookies["desk_language"] = language
    answer: Any = client.get(HERE)
    page = answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in f"{policy};"
    for tag, inside in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL):
        assert "src=" in tag
        assert not inside.strip()
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    for address in re.findall(r'(?:src|href)="/static/([^"?#]+)', page):
        assert finders.find(address), address
