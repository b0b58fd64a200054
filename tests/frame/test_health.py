"""The probes tell the truth: alive without anybody's help, ready only while what falls due gets done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from aftersales.kernel import clock
from aftersales.ledger.models import SweepRun, Timer
from aftersales.ledger.sweep import sweep


def test_alive_needs_no_database_and_no_host_name(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})  # as a load balancer asks
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_after_a_sweep_and_not_when_the_last_one_is_long_ago(client: Client) -> None:
    assert client.get("/readyz").status_code == 503, "nobody has swept yet"
    sweep("test")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["ready"] is True
    assert (body["database"], body["migrations"], body["redis"]) == ("ok", "ok", "ok")
    SweepRun.objects.update(at=clock.now() - dt.timedelta(seconds=31))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["sweep_seconds"] >= 31


@pytest.mark.django_db
def test_lateness_is_that_of_the_oldest_row_and_a_paused_timer_is_not_late(client: Client) -> None:
    now = clock.now()
    common: dict[str, Any] = {"subject_type": "accounts.team", "set_at": now}
    Timer.objects.create(kind="late", subject_id=1, due_at=now - dt.timedelta(seconds=90), **common)
    Timer.objects.create(kind="paused", subject_id=2, due_at=now - dt.timedelta(days=3), paused_at=now, **common)
    Timer.objects.create(kind="later", subject_id=3, due_at=now + dt.timedelta(days=3), **common)
    assert 89 <= client.get("/readyz").json()["oldest_due_seconds"] <= 120


def test_without_a_database_it_says_so_instead_of_failing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> dt.datetime:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(clock, "now", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "OperationalError"


@pytest.mark.django_db
def test_figures_count_the_work_that_is_not_done(client: Client) -> None:
    now = clock.now()
    Timer.objects.create(kind="t", subject_type="accounts.team", subject_id=1, due_at=now, set_at=now)
    Timer.objects.create(kind="t", subject_type="accounts.team", subject_id=2, due_at=now, set_at=now, status="done")
    text = client.get("/metrics").content.decode()
    assert 'desk_work_rows{kind="timer",status="pending"} 1.0' in text
    assert 'status="done"' not in text
    assert "desk_database_up 1.0" in text
    assert "desk_redis_up 1.0" in text


@pytest.mark.django_db
def test_in_production_figures_are_for_whoever_has_the_token(client: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "Zk3v-m-qP8wLr5mXt2cNy7uBd4eHs9a"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/account/login/", "/nothing/here/"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    cache.clear()
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options" if path.endswith("/") else "Referrer-Policy"] in ("DENY", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"]
