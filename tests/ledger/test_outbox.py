"""Effects outside our tables: sent once, repeated only where that is harmless, and never with a transaction open."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger import lease, outbox, sending
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown

pytestmark = pytest.mark.smoke

START = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


class Post:
    """A channel whose far side answers as told; what it was asked to send is kept."""

    name = "post"

    def __init__(self, *answers: Exception | str, repeatable: bool = False) -> None:
        self.answers = list(answers)
        self.repeatable = repeatable
        self.sent: list[str] = []
        self.outcomes: list[str] = []
        outbox.register(self)

    def send(self, item: Outbound) -> str:
        self.sent.append(item.key)
        answer = self.answers.pop(0) if self.answers else f"ref {len(self.sent)}"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def settled(self, item: Outbound) -> None:
        self.outcomes.append(item.status)


class Mail(Post):
    repeats_in_doubt = 1


@pytest.fixture
def item(team: Team) -> Outbound:
    with clock.fixed(START), transaction.atomic():
        return outbox.put(channel="post", key="hello:1", on=team, payload={"to": "Ada"})


def pass_time(drain: Callable[[], int], hours: int = 30) -> None:
    """Sweep every ten minutes for so long."""
    for tick in range(hours * 6):
        with clock.fixed(START + tick * dt.timedelta(minutes=10)):
            drain()


def test_it_is_sent_once_and_remembers_the_reference(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post("MSG-77")
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert (post.sent, post.outcomes) == (["hello:1"], ["done"])
    assert (item.status, item.provider_ref, item.done_at) == (Due.Status.DONE, "MSG-77", START)


def test_the_same_key_is_the_same_message(team: Team, item: Outbound, drain: Callable[[], int]) -> None:
    again = outbox.put(channel="post", key="hello:1", on=team, payload={"to": "Ada"})
    assert again.pk == item.pk
    with pytest.raises(ValueError, match="something else"):
        outbox.put(channel="post", key="hello:1", on=team, payload={"to": "Eve"})
    with pytest.raises(ValueError, match="something else"):
        outbox.put(channel="pigeon", key="hello:1", on=team, payload={"to": "Ada"})


def test_a_payload_blanked_after_sending_still_guards_its_key(team: Team, item: Outbound) -> None:
    Outbound.objects.update(payload={})
    assert outbox.put(channel="post", key="hello:1", on=team, payload={"to": "Ada"}).pk == item.pk


def test_a_far_side_that_is_away_is_asked_again(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(Temporary("busy"), Temporary("busy"), "MSG-1")
    pass_time(drain, hours=1)
    assert (len(post.sent), post.outcomes) == (3, ["done"])


def test_it_waits_as_long_as_the_far_side_asked(item: Outbound, drain: Callable[[], int]) -> None:
    Post(Temporary("slow down", retry_after=1800))
    with clock.fixed(START):
        drain()
    item.refresh_from_db()
    assert item.due_at == START + dt.timedelta(seconds=1800)


def test_an_outage_of_six_hours_loses_nothing(item: Outbound, drain: Callable[[], int]) -> None:
    class Outage(Post):
        def send(self, item: Outbound) -> str:
            if clock.now() < START + 6 * HOUR:
                self.answers.insert(0, Temporary("away"))
            return super().send(item)

    post = Outage()
    pass_time(drain, hours=7)
    item.refresh_from_db()
    assert item.status == Due.Status.DONE
    assert item.done_at is not None
    assert item.done_at < START + 6 * HOUR + dt.timedelta(minutes=21)
    assert len(post.sent) > 20


def test_after_a_day_a_person_is_asked_and_may_send_it_again(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(*[Temporary("away")] * 1000)
    pass_time(drain)
    item.refresh_from_db()
    assert (item.status, item.last_error, post.outcomes) == (Due.Status.QUARANTINED, "Temporary: away", ["quarantined"])
    tried = len(post.sent)
    post.answers = []
    with clock.fixed(START + 40 * HOUR):
        assert outbox.resend(item, at=clock.now())
        assert not outbox.resend(item, at=clock.now()), "it is under way already"
        drain()
    item.refresh_from_db()
    assert item.status == Due.Status.DONE
    assert post.sent == ["hello:1"] * (tried + 1), "the key stays the same"


def test_a_refusal_for_good_is_not_tried_again(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(Permanent("no such address"))
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert (len(post.sent), post.outcomes) == (1, ["failed"])
    assert (item.status, item.last_error) == (Due.Status.FAILED, "no such address")


def test_a_lost_answer_is_asked_again_where_the_far_side_knows_the_key(
    item: Outbound, drain: Callable[[], int]
) -> None:
    post = Post(Unknown("cut off"), "MSG-1", repeatable=True)
    pass_time(drain, hours=1)
    assert (len(post.sent), post.outcomes) == (2, ["done"])


def test_a_lost_answer_is_possibly_sent_where_it_does_not(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(Unknown("cut off"))
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert (len(post.sent), post.outcomes, item.status) == (1, ["unknown"], Due.Status.UNKNOWN)
    assert not outbox.resend(item, at=START), "look first whether it arrived"


def test_a_mail_in_doubt_is_sent_once_more_and_not_twice(item: Outbound, drain: Callable[[], int]) -> None:
    post = Mail(Unknown("cut off"), Unknown("cut off again"))
    pass_time(drain, hours=1)
    assert (len(post.sent), post.outcomes) == (2, ["unknown"])


def test_an_outcome_unknown_for_twenty_hours_is_not_repeated(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(*[Unknown("cut off")] * 1000, repeatable=True)
    pass_time(drain)
    item.refresh_from_db()
    assert item.status == Due.Status.UNKNOWN
    assert item.done_at is not None
    assert dt.timedelta(0) <= item.done_at - (START + sending.REPEAT_WITHIN) <= dt.timedelta(minutes=20)
    assert post.outcomes == ["unknown"]


def test_a_later_refusal_to_talk_does_not_forget_an_earlier_doubt(item: Outbound, drain: Callable[[], int]) -> None:
    """The provider may have paid at the first try; a day later it has forgotten the key and would pay again."""
    post = Post(Unknown("cut off"), *[Temporary("away")] * 1000, repeatable=True)
    pass_time(drain, hours=22)
    sent_by_now = len(post.sent)
    item.refresh_from_db()
    assert (item.status, post.outcomes) == (Due.Status.UNKNOWN, ["unknown"])
    post.answers = []
    pass_time(drain, hours=40)
    assert len(post.sent) == sent_by_now


@pytest.mark.parametrize(
    ("channel", "sent", "outcome"),
    [(lambda: Post(repeatable=True), 1, "done"), (lambda: Mail(), 1, "done"), (lambda: Post(), 0, "unknown")],
    ids=["repeatable", "mail", "sms"],
)
def test_a_sender_killed_in_the_middle_leaves_a_doubt(
    item: Outbound, drain: Callable[[], int], channel: Callable[[], Post], sent: int, outcome: str
) -> None:
    post = channel()
    claimed = lease.claim(Outbound, START)
    assert claimed is not None
    Outbound.objects.update(sending_since=START, first_tried_at=START)  # and here kill -9
    with clock.fixed(START + Outbound.LEASE - dt.timedelta(seconds=1)):
        drain()
    assert post.sent == [], "it may still be alive"
    with clock.fixed(START + Outbound.LEASE + dt.timedelta(seconds=1)):
        drain()
    assert (len(post.sent), post.outcomes) == (sent, [outcome])


def test_what_a_bug_left_undone_nobody_knows(item: Outbound, drain: Callable[[], int]) -> None:
    post = Post(KeyError("bug"))
    pass_time(drain, hours=1)
    assert (len(post.sent), post.outcomes) == (1, ["unknown"])


def test_a_channel_that_is_gone_stops_nothing_else(team: Team, item: Outbound, drain: Callable[[], int]) -> None:
    item.refresh_from_db()
    Outbound.objects.update(channel="pigeon")
    post = Post()
    outbox.put(channel="post", key="hello:2", on=team, payload={}, due_at=START)
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert (item.status, post.sent) == (Due.Status.QUARANTINED, ["hello:2"])


def test_a_worker_that_overslept_writes_nothing(item: Outbound) -> None:
    post = Post()
    slow = lease.claim(Outbound, START)
    assert slow is not None
    assert lease.claim(Outbound, START + 2 * Outbound.LEASE) is not None
    sending.dispatch(slow)
    assert post.sent == [], "the other has it"


def test_one_cancelled_before_the_first_byte_is_not_sent(item: Outbound) -> None:
    post = Post()
    claimed = lease.claim(Outbound, START)
    assert claimed is not None
    assert outbox.take_back(item, at=START)
    sending.dispatch(claimed)
    item.refresh_from_db()
    assert (post.sent, item.status, item.lease_until) == ([], Due.Status.CANCELLED, None)


def test_a_hiccup_of_the_database_after_sending_does_not_send_again(item: Outbound, drain: Callable[[], int]) -> None:
    class Hiccup(Post):
        hiccups = 2

        def settled(self, item: Outbound) -> None:
            if self.hiccups:
                self.hiccups -= 1
                raise OperationalError("deadlock detected")
            super().settled(item)

    post = Hiccup("MSG-1")
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert (post.sent, post.outcomes, item.status) == (["hello:1"], ["done"], Due.Status.DONE)


def test_a_channel_that_cannot_write_what_follows_is_shown_to_a_person(
    item: Outbound, drain: Callable[[], int]
) -> None:
    class Clumsy(Post):
        def settled(self, item: Outbound) -> None:
            raise KeyError("refund")

    post = Clumsy("MSG-1", repeatable=True)
    pass_time(drain, hours=1)
    item.refresh_from_db()
    assert len(post.sent) == 1
    assert (item.status, item.provider_ref) == (Due.Status.UNKNOWN, "MSG-1")
    assert "writing what follows failed" in item.last_error


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_it_talks(
    no_network_in_transaction: None, drain: Callable[[], int], item: Outbound
) -> None:
    """The guard fails any connection made inside a transaction; the outbox makes none there."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        class Wire(Post):
            def send(self, item: Outbound) -> str:
                with socket.create_connection(server.getsockname(), timeout=2):
                    return super().send(item)

        post = Wire()
        with clock.fixed(START):
            drain()
        assert post.outcomes == ["done"]
        with pytest.raises(AssertionError, match="inside a database transaction"), transaction.atomic():
            socket.create_connection(server.getsockname(), timeout=2)


@transaction.atomic
def promise_and_fail(team: Team) -> None:
    outbox.put(channel="post", key="hello:3", on=team, payload={})
    raise ZeroDivisionError


def test_a_put_in_a_change_that_fails_is_no_promise(team: Team, drain: Callable[[], int]) -> None:
    post = Post()
    with pytest.raises(ZeroDivisionError):
        promise_and_fail(team)
    assert drain() == 0
    assert post.sent == []


def test_later_means_later(team: Team, drain: Callable[[], int]) -> None:
    post = Post()
    outbox.put(channel="post", key="hello:4", on=team, payload={}, due_at=START + HOUR)
    for moment in (START, START + HOUR - dt.timedelta(seconds=1), START + HOUR):
        assert post.sent == []
        with clock.fixed(moment):
            drain()
    assert post.sent == ["hello:4"]


def test_names_the_row_it_was_sent_for(team: Team, item: Outbound) -> None:
    assert item.subject == team
    assert str(item) == "post hello:1"
    team.delete()
    unrelated: Any = Outbound.objects.get().subject
    assert unrelated is None
