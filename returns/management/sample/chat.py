"""A buyer of the sample who writes in the platform's chat, with a file. A manager gives the source its secret in the office."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from returns.management.sample.case import Case, Step
from returns.management.sample.orders import SOURCE
from tickets.actions.chat.receiving import Said, keep_chat
from tickets.actions.mail.placing import place
from tickets.mail.letter import Part
from tickets.models import ChatSource

_KEY = "qianniu"


def make_chat_source() -> ChatSource:
    """Without a secret no call is accepted, and without an address replies stay on the page."""
    source, _made = ChatSource.objects.get_or_create(key=_KEY, defaults={"name": "千牛", "platform": SOURCE})
    return source


def chats(text: str, *, file: str = "", holds: str = "") -> Step:
    """The customer writes by chat; the first message opens the ticket. `file` is a text's name, `holds` what is in it."""

    def step(case: Case) -> None:
        source, now, person = ChatSource.objects.get(key=_KEY), clock.now(), case.order.person
        said = Said(
            id=f"{case.order.number}-{now:%Y%m%d%H%M%S}", buyer=person.nick, text=text, at=now, buyer_name=person.name,
            order_number=case.order.number, files=(Part(file, "text/plain", holds.encode()),) if file else (),
        )  # fmt: skip
        kept = keep_chat(source, said, actor=SYSTEM)
        assert kept is not None
        with transaction.atomic():
            case.ticket = place(kept.pk, at=now).ticket

    return step
