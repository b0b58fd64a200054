"""Several mailboxes: each with its queue, and through it a team, and its own name under which answers leave."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connections, transaction

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.notices.message_ids import notice_of
from customers.models import Person
from tests.mail.conftest import letter
from tests.world import a_person, an_order, customer, member, staff
from tickets.actions.conversation import reply
from tickets.actions.mail import by_hand
from tickets.actions.mail.accounts import add_account, end_account
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.questions import ask_question
from tickets.models import Arrival, MailAccount, Queue, Ticket

Drain = Callable[[], int]
LIN = "林梅 <lin.mei@example.org>"
SUPPORT, RETURNS = "support@shop.example", "returns@shop.example"


def mailboxes() -> tuple[MailAccount, MailAccount]:
    """One for everybody, and one whose queue is a closed team's."""
    team = Team.objects.create(name="退货组", is_closed=True)
    desk = Queue.objects.create(key="returns-desk", name_zh="退货", name_en="Returns desk", team=team)
    manager = staff("manager")
    return (
        add_account(SUPPORT, actor=manager, takes_strangers=True),
        add_account(
            RETURNS, actor=manager, queue=desk, sender_name="退货 \n组", is_sender=True, has_plus_addresses=True
        ),
    )


def of_the_team() -> Actor:
    User.objects.filter(pk=member("agent", "gui").pk).update(team=Team.objects.get())
    return User.objects.get(name="gui").as_actor()


def arrives(account: MailAccount, raw: bytes) -> Arrival:
    uid = 1 + Arrival.objects.filter(account=account).count()
    kept = keep_mail(account, raw, uid_validity=1, uid=uid, received_at=clock.now(), actor=SYSTEM)
    with transaction.atomic():
        return place(kept.pk, at=clock.now())


def _placed(pk: int) -> None:
    """As the sweep does it: whoever waited too long for their turn on a slow machine comes back."""
    for _try in range(10):
        with contextlib.suppress(OperationalError), transaction.atomic():
            place(pk, at=clock.now())
            return


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False
    settings.DEFAULT_FROM_EMAIL = "Shop <desk@shop.example>"


@pytest.mark.django_db
def test_each_has_its_queue_its_team_and_its_name(drain: Drain) -> None:
    a_person()
    support, returns = mailboxes()
    first = arrives(support, letter("在吗", sender=LIN, subject="问题", message_id="<1@q.example>")).ticket
    second = arrives(returns, letter("想退货", sender=LIN, subject="退货", message_id="<2@q.example>")).ticket
    assert first is not None
    assert second is not None
    assert (first.queue.key, first.team) == ("questions", None)
    assert (second.queue, second.team) == (returns.queue, Team.objects.get())
    for ticket in (first, second):
        reply(ticket.pk, text="好的", actor=staff("lead"))
    drain()
    ours, theirs = mail.outbox
    assert (ours.from_email, ours.extra_headers["Reply-To"]) == ("Shop <desk@shop.example>", SUPPORT)
    assert theirs.message()["From"] == "=?utf-8?b?6YCA6LSnIOe7hA==?= <returns@shop.example>"
    assert theirs.extra_headers["Reply-To"].startswith(f"returns+{second.ref.lower()}.")
    number = notice_of(theirs.extra_headers["Message-ID"])
    assert number, "the way back is proven as ever"
    # An answer finds its ticket in whichever mailbox; from then on that mailbox speaks for it.
    back = arrives(support, letter("谢谢", sender=LIN, In_Reply_To=theirs.extra_headers["Message-ID"]))
    assert (back.ticket, Ticket.objects.count()) == (second, 2)
    reply(second.pk, text="不客气", actor=staff("lead"))
    drain()
    assert mail.outbox[2].from_email == "Shop <desk@shop.example>"


@pytest.mark.django_db
def test_who_came_another_way_is_answered_through_the_mailbox_of_the_queue(drain: Drain) -> None:
    _support, returns = mailboxes()
    order = an_order()
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    Ticket.objects.filter(pk=ticket.pk).update(queue=returns.queue)
    reply(ticket.pk, text="在", actor=staff("lead"))
    drain()
    (told,) = [each for each in mail.outbox if ticket.ref in str(each.subject)]
    assert told.from_email.endswith("<returns@shop.example>")
    assert told.extra_headers["Reply-To"] == RETURNS


@pytest.mark.django_db
def test_what_waits_in_the_mailbox_of_a_closed_team_is_theirs(client: Any) -> None:
    support, returns = mailboxes()
    waits = arrives(returns, letter("想退货", sender="周 <zhou@stranger.example>", subject="悄悄话"))
    copy = arrives(support, letter("想退货", sender="周 <zhou@stranger.example>", subject="悄悄话"))
    assert (waits.state, copy.state) == ("quarantined", "placed"), "without an id they are two mails"
    theirs, others = of_the_team(), staff("agent", "other")
    seen = Arrival.objects.visible_to
    assert set(seen(theirs)) == {waits, copy} == set(seen(staff("lead")))
    assert list(seen(others)) == [copy]
    client.force_login(User.objects.get(name="other"))
    assert client.get(f"/desk/mail/{waits.ref}/").status_code == 404
    by_hand.put_aside(waits.ref, actor=theirs)
    assert list(seen(others)) == [copy], "put aside it is still theirs"
    by_hand.open_for(waits.ref, actor=theirs)
    ticket = Ticket.objects.get(queue=returns.queue)
    assert ticket.team == Team.objects.get()
    assert not Ticket.objects.visible_to(others).filter(pk=ticket.pk).exists()


@pytest.mark.django_db
def test_no_mailbox_of_ours_is_a_customer_not_even_one_that_ended() -> None:
    support, returns = mailboxes()
    end_account(returns.pk, actor=staff("manager"))
    for sender in (RETURNS, "returns+t-abc@shop.example"):
        found = arrives(support, letter("收到，请勿回复", sender=sender))
        assert (found.state, found.reason) == ("quarantined", "own_address")
    assert not Ticket.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_mail_to_two_mailboxes_at_once_is_one_ticket_of_one_person() -> None:
    accounts = mailboxes()
    MailAccount.objects.update(takes_strangers=True)
    raw = letter("在吗", sender="周 <zhou@stranger.example>", message_id="<both@q.example>")
    kept = [
        keep_mail(each, raw, uid_validity=1, uid=number, received_at=clock.now(), actor=SYSTEM).pk
        for number in range(1, 4)
        for each in accounts
    ]
    start = threading.Barrier(len(kept))

    def attempt(pk: int) -> None:
        start.wait()
        try:
            _placed(pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(pk,)) for pk in kept]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["ignored"] * 5 + ["placed"]
    assert (Ticket.objects.count(), Person.objects.filter(source="mail").count()) == (1, 1)
