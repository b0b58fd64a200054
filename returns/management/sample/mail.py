"""The sample shop's mailbox: threads that came by mail, mail and an SMS that wait for somebody. Lived through by the actions."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from customers.models import Order
from returns.management.sample.case import Case, Step
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.sms.receiving import Reply, take_reply
from tickets.models import Arrival, MailAccount

ADDRESS = "service@sample.example"


def make_mailbox(*, manager: Actor, since: dt.datetime) -> MailAccount:
    """The address customers write to. Nothing is fetched for it: the demo's mailbox page writes to it."""
    return add_account(ADDRESS, actor=manager, begins_at=since)


def writes(subject: str, text: str, *, goes_on: bool = False) -> Step:
    """The customer of the case sends a mail; the first one opens the ticket."""

    def step(case: Case) -> None:
        address = case.order.person.contact_points.filter(kind="email").values_list("value", flat=True).first() or ""
        ids = case.ticket.arrivals.values_list("external_id", flat=True) if goes_on and case.ticket else ()
        arrival = arrives(
            str(case.order.person), address, subject, text.format(number=case.order.number), answers=next(iter(ids), "")
        )
        case.ticket = case.ticket or arrival.ticket

    return step


def arrives(name: str, address: str, subject: str, text: str, *, answers: str = "", **headers: str) -> Arrival:
    """A mail of anybody comes in now and is placed by the rules."""
    account, now = MailAccount.objects.get(address=ADDRESS), clock.now()
    uid = 1 + Arrival.objects.filter(account=account).count()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{address}>", ADDRESS, subject
    mail["Message-ID"] = f"<{uid:06d}@mail.example>"
    if answers:
        mail["In-Reply-To"] = answers
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(text)
    kept = keep_mail(account, mail.as_bytes(), uid_validity=1, uid=uid, received_at=now, actor=SYSTEM)
    with transaction.atomic():
        return place(kept.pk, at=now)


def strays(orders: list[Order], now: dt.datetime) -> None:
    """What waits in the mailroom, and what machines wrote."""
    for hours, name, address, subject, text in _STRAYS:
        with clock.fixed(now - dt.timedelta(hours=hours)):
            arrives(name, address, subject.format(ref=_some_ref(orders)), text)
    with clock.fixed(now - dt.timedelta(hours=7)):
        arrives(
            "吴静",
            "wujing@mail.example",
            "自动回复：您的申请",
            "我正在休假，12 月 2 日回来。",
            Auto_Submitted="auto-replied",
        )
    with clock.fixed(now - dt.timedelta(hours=3)):
        said = Reply("sample:1", "+8613000099001", "我是门卫，你们的包裹放我这三天了，没人来拿", clock.now())
        arrival = take_reply(said, actor=SYSTEM)
    if arrival is not None:
        with transaction.atomic():
            place(arrival.pk, at=now)


def _some_ref(orders: list[Order]) -> str:
    ticket = orders[0].tickets.first()
    return ticket.ref if ticket else ""


_STRAYS = (
    (
        9, "钱女士", "qian@family.example", "替我妈问一下 {ref}",
        "我妈妈在你们店买的衬衫，申请是她提的，快递单号应该填在哪里？她不太会用手机。",
    ),
    (
        5, "采购部 孙", "sun@factory.example", "询价：保温壶 200 只",
        "你好，我们公司想订 200 只保温壶作年会礼品，能开专票吗？请报价。",
    ),
    (
        2, "Emma Wilson", "emma@abroad.example", "Wrong size received",
        "Hello, I was given a shirt from your shop as a present and the size is wrong. What can I do?",
    ),
)  # fmt: skip
