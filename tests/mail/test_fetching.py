"""Mail is fetched by number, kept before it is understood, and marked on the server only then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from tests.mail.conftest import letter
from tests.mail.imap_double import Box, ImapDouble
from tests.world import a_person, staff
from tickets.actions.mail import accounts, keeping
from tickets.actions.mail.fetching import fetch_due
from tickets.models import Arrival, MailAccount

Collect = Callable[[], int]


def test_a_mail_is_fetched_once_and_marked(box: Box, account: MailAccount, collect: Collect) -> None:
    uid = box.put(letter())
    assert collect() == 1
    assert collect() == 0
    arrival = Arrival.objects.get()
    assert (arrival.uid, arrival.sender) == (uid, "lin.mei@example.org")
    assert box.mails[uid].seen, "marked once it is kept"
    assert box.fetched == [uid]


def test_what_somebody_read_in_another_program_is_fetched_all_the_same(box: Box, collect: Collect) -> None:
    uid = box.put(letter())
    box.mails[uid].seen = True
    assert collect() == 1


def test_two_days_of_outage_are_fetched_by_number(box: Box, account: MailAccount, collect: Collect) -> None:
    box.put(letter(subject="第一封"))
    collect()
    late = clock.now() - dt.timedelta(hours=40)
    for number in range(120):
        box.put(letter(subject=f"停机 {number}"), at=late)  # the server's own date may be older than our last visit
    MailAccount.objects.update(begins_at=late - dt.timedelta(days=9))
    assert collect() == 120
    assert Arrival.objects.count() == 121


def test_what_is_older_than_the_account_is_left_on_the_server(box: Box, collect: Collect) -> None:
    box.put(letter(), at=clock.now() - dt.timedelta(days=30))
    box.put(letter(), at=clock.now() - dt.timedelta(hours=30))  # the same day of the server's calendar, perhaps
    box.put(letter())
    assert collect() == 1


def test_a_mail_the_server_does_not_hand_over_blocks_no_other_and_is_seen(box: Box, collect: Collect) -> None:
    bad, good = box.put(letter(subject="坏")), box.put(letter(subject="好"))
    box.refuses = {bad}
    assert collect() == 1
    assert Arrival.objects.get(uid=good).subject == "好"
    gap = Arrival.objects.get(uid=bad)
    assert (gap.state, gap.reason) == ("quarantined", "not_handed_over")
    box.refuses = set()
    assert collect() == 1, "asked for again"
    gap.refresh_from_db()
    assert gap.subject == "坏"


def test_a_mail_that_is_never_handed_over_is_asked_for_five_times(box: Box, collect: Collect) -> None:
    box.refuses = {box.put(letter())}
    for _time in range(8):
        collect()
    assert Arrival.objects.get().asked == keeping.MOST_ASKED
    assert box.commands.count("UID FETCH") <= 2 * keeping.MOST_ASKED


def test_a_line_that_breaks_in_the_middle_of_a_mail_loses_and_doubles_nothing(box: Box, collect: Collect) -> None:
    for number in range(6):
        box.put(letter(subject=str(number)))
    box.hangs_up_at = {3}
    assert collect() == 0, "the turn ended with the line"
    assert collect() == 4
    assert sorted(Arrival.objects.values_list("subject", flat=True)) == list("012345")


def test_a_mailbox_that_numbers_anew_brings_nothing_back(box: Box, collect: Collect) -> None:
    for number in range(5):
        box.put(letter(subject=str(number), message_id=f"<{number}@x.example>"))
    collect()
    box.renumber(7)
    box.put(letter(subject="new"))
    collect()
    placed = Arrival.objects.exclude(reason="duplicate")
    assert placed.count() == 6
    assert Arrival.objects.filter(reason="duplicate", same_as__isnull=False).count() == 5


def test_a_server_that_is_away_is_noted_and_asked_again_later(
    box: Box, account: MailAccount, collect: Collect, settings: Any
) -> None:
    box.password = "another"
    assert collect() == 0
    account.refresh_from_db()
    assert account.failures == 1
    assert "MailboxLoginError" in account.last_error
    assert account.next_at is not None
    assert account.next_at > clock.now()
    box.password = "secret"
    box.put(letter())
    assert collect() == 1
    account.refresh_from_db()
    assert (account.failures, account.last_error) == (0, "")


def test_a_server_in_a_private_network_is_not_called(
    box: Box, collect: Collect, account: MailAccount, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = []
    MailAccount.objects.update(port=993)
    assert collect() == 0
    account.refresh_from_db()
    assert account.last_error == "it leads into a private network"
    assert not box.commands


def test_netease_is_told_our_name(box: Box, collect: Collect) -> None:
    box.wants_id = True
    box.put(letter())
    assert collect() == 1


def test_sixty_megabytes_leave_their_header(box: Box, collect: Collect, settings: Any) -> None:
    settings.MAIL_MAX_BYTES = 200_000
    uid = box.put(letter(subject="很大", message_id="<big@x.example>") + b"A" * 300_000)
    collect()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason, arrival.subject) == ("quarantined", "too_large", "很大")
    assert arrival.size > 300_000
    assert len(arrival.source.content) < 2_000
    assert box.mails[uid].seen


def test_two_readers_take_turns(account: MailAccount) -> None:
    now = clock.now()
    assert accounts.take_turn(now) == account
    assert accounts.take_turn(now) is None
    assert accounts.take_turn(now + accounts.LEASE * 2) == account, "one that died is not waited for"


def test_the_same_number_again_is_the_row_that_is_there(account: MailAccount) -> None:
    first = keeping.keep_mail(account, letter(), uid_validity=1, uid=9, received_at=clock.now(), actor=SYSTEM)
    again = keeping.keep_mail(account, letter("x"), uid_validity=1, uid=9, received_at=clock.now(), actor=SYSTEM)
    assert first == again
    assert Arrival.objects.count() == 1


def test_the_same_bytes_twice_in_one_mailbox_are_two_mails_unless_they_have_an_id(box: Box, collect: Collect) -> None:
    a_person()
    for _time in range(2):
        box.put(letter("在吗"))
        box.put(letter("在吗", message_id="<same@x.example>"))
    collect()
    assert Arrival.objects.filter(state="placed").count() == 3
    assert Arrival.objects.filter(state="ignored", reason="duplicate").count() == 1


def test_an_ended_account_is_not_read(box: Box, account: MailAccount, collect: Collect) -> None:
    accounts.end_account(account.pk, actor=staff("manager"))
    accounts.end_account(account.pk, actor=staff("manager"))
    box.put(letter())
    assert collect() == 0


def test_nothing_is_fetched_inside_a_transaction(
    box: Box, collect: Collect, no_network_in_transaction: None, transactional_db: None
) -> None:
    box.put(letter())
    assert collect() == 1


def test_originals_are_forgotten_after_ninety_days_unless_they_wait(box: Box, collect: Collect) -> None:
    a_person()
    box.put(letter())
    box.put(letter(sender="x@stranger.example"))
    collect()
    assert keeping.forget_originals(clock.now() + dt.timedelta(days=91)) == 1
    assert Arrival.objects.get(source__isnull=False).state == "quarantined"


@pytest.mark.usefixtures("account")
def test_passwords_lie_sealed(account: MailAccount) -> None:
    assert "secret" not in account.sealed_password
    assert account.password == "secret"
    accounts.change_password(account.pk, "other", actor=staff("manager"))
    account.refresh_from_db()
    assert account.password == "other"


def test_the_double_is_an_imap_server(imap: ImapDouble) -> None:
    """The double itself, against the standard library's client."""
    import imaplib

    imap.box.put(b"Subject: x\r\n\r\nhello")
    client = imaplib.IMAP4("127.0.0.1", imap.port)
    client.login("service", "secret")
    client.select("INBOX")
    assert client.uid("SEARCH", "UID 1:*")[1] == [b"1"]
    assert client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1] == b"Subject: x\r\n\r\nhello"
    client.logout()


def test_reading_without_any_account_does_nothing(db: None) -> None:
    assert fetch_due() == 0
