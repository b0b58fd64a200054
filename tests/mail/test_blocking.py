"""Blocked senders: what they send is kept aside and makes no ticket, until the block is ended; ours and customers' are safe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections, transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.notices.message_ids import message_id_of
from aftersales.notices.models import Notice
from tests.mail.conftest import SERVICE, letter
from tests.mail.imap_double import Box
from tests.world import a_person, an_order, customer, staff
from tickets.actions.conversation import reply
from tickets.actions.mail import by_hand
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.blocking import block_sender, end_block
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.questions import ask_question
from tickets.models import Arrival, Block, MailAccount, Ticket

Collect = Callable[[], int]


def test_their_mail_is_kept_aside_until_the_block_is_ended(
    box: Box, collect: Collect, drain: Callable[[], int]
) -> None:
    MailAccount.objects.update(takes_strangers=True)
    order = an_order()
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    reply(ticket.pk, text="在", actor=staff())
    drain()
    ours = message_id_of(Notice.objects.filter(channel="email", about_id=ticket.pk).latest("pk").pk)
    lead = staff("lead")
    one = block_sender(" Offers@Spam.example ", reason="广告", actor=lead)
    assert block_sender("offers@spam.example", reason="广告", actor=staff("manager")) == one
    with pytest.raises(DoneOtherwise):
        block_sender("offers@spam.example", reason="又来", actor=staff("manager"))
    whole = block_sender("junk.example", reason="群发", actor=lead)
    blocked = ("offers@spam.example", "OFFERS+x@spam.example", "a@junk.example", "a@mail.junk.example")
    for number, sender in enumerate((*blocked, "info@spam.example", "a@notjunk.example")):
        box.put(letter(f"买吧 {number}", sender=sender, subject=f"{number}"))
    box.put(letter("回你们的信", sender="a@junk.example", In_Reply_To=ours))
    collect()
    found = {each.subject: (each.state, each.reason) for each in Arrival.objects.all()}
    assert [found[str(number)] for number in range(4)] == [("ignored", "blocked")] * 4
    assert [found[str(number)] for number in (4, 5)] == [("placed", "new")] * 2
    assert found["退款"] == ("ignored", "blocked"), "an answer to our mail, too"
    assert Ticket.objects.count() == 3
    for _twice in range(2):
        end_block(whole.pk, actor=lead)
    box.put(letter("又来了", sender="a@junk.example", subject="later"))
    collect()
    assert Arrival.objects.get(subject="later").reason == "new"
    by_hand.place_on(Arrival.objects.get(subject="退款").ref, ticket.ref, actor=staff())
    assert ticket.messages.filter(text="回你们的信").exists(), "nothing is lost"
    assert list(Event.objects.filter(name__startswith="block.").values_list("name", flat=True)) == [
        "block.added", "block.added", "block.ended",
    ]  # fmt: skip
    told = Event.objects.filter(name__startswith="block.").values_list("data", flat=True)
    assert not [data for data in told if "example" in str(data)], "events name nobody"


def test_what_waits_of_them_goes_aside_at_once_and_a_machines_report_is_still_heard(box: Box, collect: Collect) -> None:
    for sender in ("a@junk.example", "b@junk.example", "c@other.example", "news+1@shop.other.example"):
        box.put(letter(sender=sender))
    box.put(letter(sender="MAILER-DAEMON@junk.example", subject="Undelivered", References="<who@knows.example>"))
    collect()
    block_sender("@junk.example", reason="群发", actor=staff("lead"))
    assert sorted(Arrival.objects.values_list("state", "reason")) == [
        ("ignored", "blocked"), ("ignored", "blocked"), ("ignored", "blocked"), ("quarantined", "unknown_sender"),
        ("quarantined", "unknown_sender"),
    ]  # fmt: skip
    block_sender("news@shop.other.example", reason="群发", actor=staff("lead"))
    assert Arrival.objects.get(sender="news+1@shop.other.example").reason == "blocked"
    assert {each.settled_by for each in Arrival.objects.filter(state="ignored")} == {Block.objects.earliest("pk").by}
    box.put(letter(sender="MAILER-DAEMON@junk.example", subject="Undelivered", References="<who@knows.example>"))
    collect()
    assert Arrival.objects.latest("pk").reason == "stray_bounce"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SERVICE, "我们自己的地址"),
        (f"service+x@{SERVICE.partition('@')[2]}", "我们自己的地址"),
        ("shop.example", "我们自己的地址"),
        ("example.org", "有 1 位顾客"),
        ("com", "既不是"),
        ("spam..example", "既不是"),
        ("a@b", "既不是"),
        ("  ", "既不是"),
    ],
)
def test_ours_customers_and_nonsense_are_refused(account: MailAccount, text: str, words: str) -> None:
    a_person()
    with pytest.raises(BadInput, match=words):
        block_sender(text, reason="广告", actor=staff("lead"))
    assert not Block.objects.exists()


def test_it_takes_a_reason_and_a_lead(account: MailAccount) -> None:
    with pytest.raises(BadInput, match="原因"):
        block_sender("a@junk.example", reason=" ", actor=staff("lead"))
    with pytest.raises(NotPermitted):
        block_sender("a@junk.example", reason="广告", actor=staff("agent"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_once_it_is_blocked_nothing_slips_through() -> None:
    account = add_account(SERVICE, actor=staff("manager"), takes_strangers=True)
    kept = [
        keep_mail(account, letter(sender="a@junk.example", message_id=f"<{uid}@q.example>"), uid_validity=1, uid=uid,
                  received_at=clock.now(), actor=SYSTEM).pk
        for uid in range(1, 9)
    ]  # fmt: skip
    leads = [staff("lead", name) for name in ("an", "bo")]
    start = threading.Barrier(len(kept) + len(leads))
    blocked: list[tuple[int, int]] = []

    def attempt(do: Callable[[], object]) -> None:
        start.wait()
        try:
            do()
        finally:
            connections.close_all()

    def block(who: int) -> None:
        row = block_sender("junk.example", reason="群发", actor=leads[who])
        blocked.append((row.pk, Ticket.objects.count()))

    def put(pk: int) -> None:
        with transaction.atomic():
            place(pk, at=clock.now())

    doing = [*(partial(put, pk) for pk in kept), *(partial(block, who) for who in range(2))]
    threads = [threading.Thread(target=attempt, args=(each,)) for each in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({pk for pk, _tickets in blocked}) == Block.objects.count() == 1
    assert {tickets for _pk, tickets in blocked} == {Ticket.objects.count()}, "no ticket after the block"
    assert Arrival.objects.exclude(state__in=("placed", "ignored")).count() == 0
