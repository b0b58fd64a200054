"""Hostile mails by the hundred: each on the right ticket, put aside, or in sight; none lost or doubled, whoever is killed."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import signal
import time
from typing import Any

import pytest
from django.db import connection, connections

from aftersales.kernel import clock
from aftersales.ledger.models import Timer
from aftersales.ledger.sweep import sweep
from aftersales.notices.message_ids import message_id_of
from aftersales.notices.models import Notice
from tests.mail import hostile
from tests.mail.conftest import an_account
from tests.mail.hostile import ASIDE, NEW, TICKET, WAITS, Post, Sender, Sent
from tests.mail.imap_double import ImapDouble
from tests.world import a_person, an_order, customer
from tickets.actions.mail.fetching import fetch_due
from tickets.actions.mail.keeping import PLACES
from tickets.actions.questions import ask_question
from tickets.models import Arrival, MailAccount, Message, Ticket

SEED = 4
MAILS = int(os.environ.get("HOSTILE_MAILS", "150"))  # 1,000 for the whole run; a tenth of a second each
TOKEN = re.compile(r"tok\d{5}x")


def people(count: int) -> list[Sender]:
    """Customers with a ticket each, and a mail of ours about it."""
    found = []
    for number in range(count):
        address = f"buyer{number}@customers.example"
        order = an_order(person=a_person(f"顾客{number}", f"+86138{number:08d}", address))
        ticket = ask_question(order.pk, text="在吗", actor=customer(order))
        notice = Notice.objects.create(
            key=f"hostile:{number}", channel="email", template="ticket.replied", locale="zh-hans",
            recipient_type="customers.person", recipient_id=order.person_id, about_type="tickets.ticket",
            about_id=ticket.pk, at=clock.now(), state="sent",
        )  # fmt: skip
        found.append(Sender(address, ticket.ref, message_id_of(notice.pk)))
    return found


def work() -> None:
    """Fetch and place until nothing is left.

    A line that broke is no end: the server is asked again. Neither is a mail whose placing failed, since a worker that
    was killed may have held its lock: it comes again after seconds, which nobody waits for here.
    """
    unplaced = Timer.objects.filter(kind=PLACES, status="pending")
    while True:
        MailAccount.objects.update(next_at=None, leased_until=None)
        unplaced.filter(due_at__gt=clock.now()).update(due_at=clock.now())
        busy = fetch_due(budget=20) + sweep("test", budget_seconds=20)
        if not (busy or unplaced.exists() or MailAccount.objects.exclude(last_error="").exists()):
            return


def killed_at_random(times: int, chance: random.Random) -> None:
    """The same work in processes that get SIGKILL, each wherever it happens to be; now and then two at once."""
    for _round in range(times):
        connection.close()
        children = []
        for _each in range(chance.choice([1, 1, 2])):
            pid = os.fork()
            if pid == 0:
                # With a browser open in this thread Django keeps two connections here, one for each side of its event
                # loop. `close` has met one; the child would meet the other and share its socket with all of us.
                connections["default"] = connections.create_connection("default")
                try:
                    work()
                finally:
                    os._exit(0)
            children.append(pid)
        time.sleep(chance.uniform(0.3, 2.0))
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        # What a dead worker had claimed is free when its lease is over; here nobody waits for that.
        Timer.objects.filter(status="pending").update(lease_until=None, abandoned=0)


def judge(sent: list[Sent], box: Any, senders: list[Sender]) -> None:
    """Each mail is one row, in the state it must be in, with its words on the one ticket they belong to and nowhere else."""
    rows = {arrival.uid: arrival for arrival in Arrival.objects.select_related("ticket__person", "message")}
    never = sorted(set(box.mails) - set(rows))
    assert never == [], (never, [box.mails[uid].raw[:300] for uid in never], MailAccount.objects.values().get())
    assert len(rows) == Arrival.objects.count() == len(sent)
    by_raw = {mail.raw: uid for uid, mail in box.mails.items()}
    refs = [sender.ref for sender in senders]
    states = {TICKET: "placed", NEW: "placed", WAITS: "quarantined", ASIDE: "ignored"}
    said: dict[str, list[str]] = {}
    for text, ref in Message.objects.values_list("text", "ticket__ref"):
        for token in TOKEN.findall(text):
            said.setdefault(token, []).append(ref)
    titled = list(Ticket.objects.filter(title__contains="tok").values_list("ref", "title"))
    wrong = []
    for each in sent:
        row = rows[by_raw[each.raw]]
        holders = said.get(each.token, [])
        titles = [ref for ref, title in titled if each.token and each.token in title]
        ok = row.state == states[each.end]
        if each.end == TICKET:
            ok = ok and holders == [refs[each.who]] and row.ticket is not None and row.ticket.ref == refs[each.who]
        elif each.end == NEW:
            address = f"buyer{each.who}@customers.example"
            person = row.ticket.person if row.ticket else None
            ok = ok and person is not None and person.contact_points.filter(value=address).exists()
            ok = ok and row.ticket is not None and row.ticket.ref not in refs and row.ticket.messages.count() == 1
            ok = ok and len(set(holders)) <= 1 and len(titles) <= 1
        else:
            ok = ok and not holders and row.message is None
        if not ok:
            due = Timer.objects.filter(kind=PLACES, subject_id=row.pk).values("status", "failures", "last_error")
            wrong.append((each.end, row.state, row.reason, row.remarks, list(due), each.raw[:200]))
    assert wrong == []
    placed = sum(each.end in (TICKET, NEW) for each in sent)
    assert Message.objects.filter(by="customer", channel="email").count() == placed
    assert Arrival.objects.filter(state="received").count() == 0
    assert all(mail.seen for mail in box.mails.values())


@pytest.mark.slow
def test_hostile_mails_after_two_days_of_outage(transactional_db: None, settings: Any) -> None:
    settings.MAIL_MAX_BYTES = hostile.LARGE
    chance = random.Random(SEED)
    with ImapDouble() as imap:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{imap.port}"]
        an_account(imap.port)
        MailAccount.objects.update(begins_at=clock.now() - dt.timedelta(days=5))
        senders = people(80)
        sweep("test", budget_seconds=120)
        sent = list(Post(senders, SEED).mails(MAILS))
        began = clock.now() - dt.timedelta(hours=48)
        for number, each in enumerate(sent):
            uid = imap.box.put(each.raw, at=began + dt.timedelta(seconds=170_000 * number / MAILS))
            if number % 97 == 0:
                imap.box.hangs_up_at.add(uid)
        if connection.vendor == "postgresql":
            killed_at_random(15, chance)
        work()
        work()
        judge(sent, imap.box, senders)
