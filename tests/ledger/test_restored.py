"""After a restored backup nothing leaves until somebody has looked at each message; then everything goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger import catalogue, restored, selfcheck, stops, timers
from aftersales.ledger.models import Event, Outbound, Stop
from aftersales.ledger.record import record
from tests.ledger.post import Post, put
from tests.world import member, staff

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
BACKUP = "2026-11-20T02:00"


def reconcile(*words: str, reason: str = "looked up at the provider") -> str:
    out = StringIO()
    call_command("reconcile", *words, "--by", member("manager").email, "--reason", reason, stdout=out)
    return out.getvalue()


def test_nothing_leaves_and_no_timer_fires_until_each_message_is_decided(team: Team, drain: Drain) -> None:
    post, fired = Post(), []
    timers.fires("t")(lambda timer, _now: fired.append(timer.pk))
    for key in ("sent", "lost", "void"):
        put(team, key)
    timers.set_timer("t", on=team, due_at=clock.now())
    assert "3 messages to decide about; 1 timers" in reconcile("begin", "--backup-at", BACKUP)
    put(team, "new")  # a form that was taken in meanwhile
    drain()
    assert (post.sent, fired) == ([], [])

    with pytest.raises(CommandError, match="not decided yet: 3"):
        reconcile("end")
    with pytest.raises(stops.RestoredStays):
        stops.end_stop(Stop.objects.get().pk, reason="hurry", actor=staff("manager"))
    reconcile("sent", "sent")
    reconcile("release", "lost")
    reconcile("cancel", "void")
    assert post.outcomes == ["done", "failed"], "what follows is written"
    drain()
    assert post.sent == [], "released messages wait for the end, too"
    reconcile("end")
    drain()
    assert sorted(post.sent) == ["lost", "new"]
    assert len(fired) == 1
    assert "Nothing is stopped" in reconcile("list")
    names = Event.objects.filter(name__startswith="work.").order_by("id").values_list("name", flat=True)
    assert list(names) == ["work.restored", "work.settled", "work.retried", "work.settled", "work.resumed"]


def test_a_channel_is_decided_at_once_and_beginning_twice_changes_nothing(team: Team) -> None:
    Post()
    for key in ("a", "b"):
        put(team, key)
    reconcile("begin", "--backup-at", BACKUP)
    reconcile("begin", "--backup-at", BACKUP)
    assert Stop.objects.count() == 1
    assert "2 messages decided" in reconcile("cancel", "--all-of", "post")
    assert set(Outbound.objects.values_list("status", flat=True)) == {"failed"}


def test_what_a_listener_had_not_heard_yet_is_set_aside_with_the_rest(team: Team, drain: Drain) -> None:
    post = Post()

    @catalogue.listens("team.greeted", name="test.sender")
    def write_to_them(event: Event) -> None:
        put(event.subject, "late")

    with transaction.atomic():
        record("team.greeted", on=team, actor=staff("agent"))
    reconcile("begin", "--backup-at", BACKUP)
    drain()
    assert post.sent == []
    assert Outbound.objects.get().status == "quarantined"


def test_a_send_that_had_begun_is_in_doubt_and_not_released(team: Team) -> None:
    Post()
    item = put(team, "a")
    Outbound.objects.filter(pk=item.pk).update(sending_since=clock.now())
    reconcile("begin", "--backup-at", BACKUP)
    with pytest.raises(CommandError, match="Look at the far side first"):
        reconcile("release", "a")


def test_it_does_not_end_while_something_cannot_be_so(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dt.datetime] = []

    def broken(now: dt.datetime) -> list[list[Team]]:
        asked.append(now)
        return [[team]] if len(asked) < 3 else []

    known = dict(selfcheck._known)
    for code in ("I4", "I9"):
        known[code] = selfcheck.Invariant(code, "says", "remedy", broken if code == "I4" else lambda _now: [[team]])
    monkeypatch.setattr(selfcheck, "_known", known)
    reconcile("begin", "--backup-at", BACKUP)
    with pytest.raises(CommandError, match=f"I4: accounts.team {team.pk}"):
        reconcile("end")
    assert Stop.objects.standing().exists()
    assert asked[0] == Stop.objects.get().restored_to, "what is looked at is the time before the backup, too"
    assert asked[1] > asked[0]
    reconcile("end")
    assert not Stop.objects.standing().exists()


@pytest.mark.postgres
def test_numbers_the_backup_lost_are_not_given_again(team: Team) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("sequences are Postgres'")
    reconcile("begin", "--backup-at", BACKUP)
    assert Team.objects.create(name="another").pk > team.pk + restored.NUMBERS_LEFT_OUT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("begin",), "Say with --backup-at"),
        (("begin", "--backup-at", "yesterday"), "Say with --backup-at"),
        (("begin", "--backup-at", "2036-01-01T00:00"), "cannot be newer than now"),
        (("end",), "Nothing is stopped because of a restore"),
        (("sent",), "Name keys, or a channel"),
        (("sent", "nothing"), "There is no message nothing"),
    ],
)
def test_what_cannot_be_done_is_said(db: None, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        reconcile(*words)
    assert not Stop.objects.exists()


def test_it_is_for_managers_and_by_name(db: None) -> None:
    with pytest.raises(CommandError, match="who decides"):
        call_command("reconcile", "begin", "--backup-at", BACKUP, "--reason", "x")
    with pytest.raises(NotPermitted):
        restored.begin(backup_at=clock.now() - dt.timedelta(hours=1), reason="x", actor=staff("lead"))
