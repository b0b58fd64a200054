"""A mailbox that is read in another place: nothing is lost, nothing comes twice, and what was there before stays there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Event
from tests.mail.conftest import letter
from tests.mail.imap_double import Box, ImapDouble
from tests.world import staff
from tickets.actions.mail import accounts
from tickets.actions.mail.fetching import fetch
from tickets.models import Arrival, MailAccount

Collect = Callable[[], int]


def move(account: MailAccount, **place: Any) -> MailAccount:
    account.refresh_from_db()
    return accounts.move_account(account.pk, **{**account.place, **place}, actor=staff("manager"))


def ago(**how_long: float) -> dt.datetime:
    return clock.now() - dt.timedelta(**how_long)


def subjects() -> list[str]:
    return sorted(Arrival.objects.values_list("subject", flat=True))


@pytest.fixture
def read(box: Box, collect: Collect) -> None:
    """The mailbox was read a moment ago."""
    for subject in "123":
        box.put(letter(subject=subject))
    assert collect() == 3


@pytest.mark.parametrize("validity", [1, 7])
@pytest.mark.parametrize("place", [{"folder": "Returns"}, {"user": "returns"}])
@pytest.mark.usefixtures("read")
def test_another_place_is_read_from_now_on_whatever_its_numbers(
    imap: ImapDouble, account: MailAccount, collect: Collect, validity: int, place: dict[str, str]
) -> None:
    imap.box = there = Box(validity=validity)
    there.put(letter(subject="old"), at=ago(hours=5))
    there.put(letter(subject="4"))
    moved = move(account, **place)
    assert moved.last_read_at is None, "nobody has read it there yet"
    assert collect() == 1
    assert subjects() == ["1", "2", "3", "4"]
    there.put(letter(subject="5"))
    assert collect() == 1
    assert all(mail.seen is (mail.raw != there.mails[1].raw) for mail in there.mails.values())


@pytest.mark.usefixtures("read")
def test_what_was_taken_along_is_known_by_its_bytes(
    imap: ImapDouble, box: Box, account: MailAccount, collect: Collect
) -> None:
    imap.box = there = Box()
    for mail in reversed(box.mails.values()):
        there.put(mail.raw, at=mail.at)
    move(account, folder="Returns")
    collect()
    assert Arrival.objects.filter(reason="duplicate", same_as__isnull=False).count() == 3
    assert collect() == 0


@pytest.mark.usefixtures("read")
def test_what_came_while_nobody_could_read_the_old_place_is_read_in_the_new_one(
    imap: ImapDouble, account: MailAccount, collect: Collect
) -> None:
    MailAccount.objects.update(begins_at=ago(days=9), last_read_at=ago(hours=40), failures=5)
    imap.box = there = Box()
    there.put(letter(subject="before"), at=ago(hours=50))
    there.put(letter(subject="meanwhile"), at=ago(hours=30))
    move(account, user="returns")
    assert collect() == 1
    assert subjects() == ["1", "2", "3", "meanwhile"]


def test_a_turn_that_leaves_mail_behind_has_not_read_the_mailbox(box: Box, account: MailAccount) -> None:
    box.put(letter())
    fetch(account, until=0)
    assert MailAccount.objects.get().last_read_at is None, "what was left behind would be older than the move"


def test_a_place_that_was_never_read_gives_way_to_the_right_one_and_nothing_since_the_account_was_added_is_lost(
    box: Box, account: MailAccount, collect: Collect
) -> None:
    box.put(letter(), at=ago(hours=5))
    box.password = "another"
    collect()
    box.password = "secret"
    moved = move(account, user="returns")
    assert (moved.begins_at, moved.failures, moved.last_error) == (account.begins_at, 0, "")
    assert collect() == 1


def test_an_account_that_read_nothing_reads_from_now_on(box: Box, account: MailAccount, collect: Collect) -> None:
    MailAccount.objects.update(host="")
    box.put(letter(subject="old"), at=ago(hours=5))
    move(account, host="127.0.0.1")
    box.put(letter(subject="new"), at=clock.now() + dt.timedelta(seconds=1))
    assert collect() == 1


@pytest.mark.usefixtures("read")
def test_the_shop_may_say_since_when(imap: ImapDouble, account: MailAccount, collect: Collect) -> None:
    imap.box = there = Box()
    there.put(letter(subject="old"), at=ago(hours=50))
    there.put(letter(subject="since"), at=ago(hours=30))
    move(account, user="returns", begins_at=ago(hours=40))
    assert collect() == 1
    move(account, begins_at=ago(hours=60))
    assert collect() == 1, "of the same place only what it had left"
    assert subjects() == ["1", "2", "3", "old", "since"]


@pytest.mark.usefixtures("read")
def test_moving_twice_is_moving_once(account: MailAccount) -> None:
    first = move(account, folder="Returns")
    again = move(account, folder="Returns")
    assert (first.begins_at, first.next_at) == (again.begins_at, again.next_at)
    (event,) = Event.objects.filter(name="mail.account_moved")
    assert (event.data["before"]["folder"], event.data["after"]["folder"]) == ("INBOX", "Returns")
    assert move(account).folder == "Returns"
    assert Event.objects.filter(name="mail.account_moved").count() == 1


@pytest.mark.usefixtures("read")
def test_moved_in_the_middle_of_a_turn_both_places_are_read(
    imap: ImapDouble, account: MailAccount, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = accounts.begin

    def begin(opened: MailAccount, uid_validity: int) -> MailAccount:
        monkeypatch.undo()
        move(account, folder="Returns")
        return really(opened, uid_validity)

    imap.box.put(letter(subject="last"))
    monkeypatch.setattr(accounts, "begin", begin)
    assert collect() == 1
    imap.box = Box()
    imap.box.put(letter(subject="first"))
    assert collect() == 1
    assert subjects() == ["1", "2", "3", "first", "last"]


@pytest.mark.usefixtures("read")
def test_an_account_from_before_places_were_told_apart_reads_nothing_again(
    imap: ImapDouble, account: MailAccount, collect: Collect
) -> None:
    Arrival.objects.update(uid_validity=1)
    MailAccount.objects.update(uid_validity=1)
    imap.box.put(letter(subject="4"))
    assert collect() == 1
    assert imap.box.fetched == [1, 2, 3, 4]
    imap.box = Box()
    imap.box.put(letter(subject="5"))
    move(account, folder="Returns")
    assert collect() == 1
    assert subjects() == ["1", "2", "3", "4", "5"]
