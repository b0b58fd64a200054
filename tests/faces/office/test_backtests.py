"""The office's back-tests: begin one, see it run, read what it found, cancel it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from returns.models import BacktestRun, RuleVersion
from tests.returns.rulebook.test_backtest_run import a_draft
from tests.world import a_return, an_order, member

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(role))
    return client


def begun(client: Client, draft: RuleVersion) -> BacktestRun:
    answer = client.post("/office/backtests/", {"version": draft.pk, "fee": "12.00"})
    run = BacktestRun.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/office/backtests/{run.pk}/"
    return run


def test_a_lead_tries_a_draft_and_reads_what_it_would_have_changed(drain: Callable[[], int]) -> None:
    moved = a_return(an_order(), reason="wrong_choice.size")
    a_return(an_order(), reason="preference")
    client, draft = signed_in("lead"), a_draft()
    assert "Try a version" in client.get("/office/backtests/").content.decode()

    run = begun(client, draft)
    waiting = client.get(f"/office/backtests/{run.pk}/").content.decode()
    assert "0 of 2 cases" in waiting
    assert 'data-again="2000"' in waiting
    drain()

    page = client.get(f"/office/backtests/{run.pk}/").content.decode()
    assert "of 2, that is 50.00%" in page
    assert f"/desk/returns/{moved.ref}/" in page
    assert "+¥" in page
    assert "not in the number" in page
    assert "1 legs" not in page or "taken at" in page
    assert "data-again" not in page
    assert str(draft) in client.get("/office/backtests/").content.decode()


def test_the_page_speaks_chinese(drain: Callable[[], int]) -> None:
    a_return(an_order(), reason="wrong_choice.size")
    client, draft = signed_in("manager"), a_draft()
    run = begun(client, draft)
    drain()
    page = client.get(f"/office/backtests/{run.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "回测" in page
    assert "不在数字里" in page


def test_it_is_cancelled_once(drain: Callable[[], int]) -> None:
    client = signed_in("lead")
    run = begun(client, a_draft())
    for _ in range(2):
        assert client.post(f"/office/backtests/{run.pk}/cancellation/").status_code == 302
    drain()
    assert "was cancelled" in client.get(f"/office/backtests/{run.pk}/").content.decode()


def test_an_auditor_reads_and_begins_nothing(drain: Callable[[], int]) -> None:
    run = begun(signed_in("lead"), a_draft())
    auditor = signed_in("auditor")
    assert "Cancel the back-test" not in auditor.get(f"/office/backtests/{run.pk}/").content.decode()
    assert auditor.post("/office/backtests/", {}).status_code == 403
    assert auditor.post(f"/office/backtests/{run.pk}/cancellation/").status_code == 403
    run.refresh_from_db()
    assert run.is_running


def test_a_wrong_entry_is_told_in_the_form() -> None:
    client, draft = signed_in("lead"), a_draft()
    for fee, since in (("much", ""), ("-1", ""), ("1", "yesterday")):
        page = client.post("/office/backtests/", {"version": draft.pk, "fee": fee, "since": since})
        assert page.status_code == 200
        assert "errorlist" in page.content.decode()
    page = client.post("/office/backtests/", {"version": draft.pk, "against": draft.pk, "fee": "1"})
    assert "choose another version" in page.content.decode()
    assert not BacktestRun.objects.exists()
