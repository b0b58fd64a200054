"""Links that act for a customer leave with the message and stay nowhere: who reads it again cannot act as the customer."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection

from aftersales.kernel import clock
from aftersales.notices import tell
from aftersales.notices.envelope import Envelope
from aftersales.notices.models import Notice
from aftersales.notices.opening import Opens
from customers.actions.consents_by_link import standing_of, way_out
from customers.models import ContactPoint, Person, Purpose
from tests.tickets.visits import at
from tests.world import an_order
from tests.world import token_of as consent_token_of
from tickets.actions.visits.inviting import PAGE, invite, ref_of, token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.models import Visit

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture(autouse=True)
def really_sent_by_day(settings: Any) -> Iterator[None]:
    settings.MAILBOX = False
    with clock.fixed(at(2)):
        yield


def a_greeting(person: Person) -> Notice:
    """A message of the shop's own accord, with the way out of the consent."""
    out = way_out(person, Purpose.OCCASIONS)
    params = {"subject": "生日快乐", "text": "祝您生日快乐", "unsubscribe_url": out}
    headers = {"List-Unsubscribe": f"<{out.address()}>"}
    (notice,) = tell(person, "care.message", params, key="once", envelope=Envelope(headers=headers))
    return notice


def an_invitation(drain: Drain) -> tuple[Visit, Notice]:
    order = an_order(days_ago=0)
    plan_after_signing(order.pk, at=clock.now())
    visit = Visit.objects.get()
    invite(visit, at=clock.now())
    drain()
    return visit, Notice.objects.get(template="visit.invited")


def test_the_answer_to_a_visit_leaves_in_the_mail_and_the_notice_holds_no_link(drain: Drain, office: Any) -> None:
    visit, notice = an_invitation(drain)
    drain()
    (link,) = re.findall(r"/v/(\S+)/", str(mail.outbox[-1].body))
    page = office("auditor").get(f"/office/notices/notice/{notice.pk}/change/").content.decode()
    assert ref_of(link) == visit.ref
    assert link not in json.dumps(notice.params)
    assert link not in page
    assert "/v/" not in page
    assert "…" in page
    assert "ten days" in page or "十天" in page, "the rest of the message is said as it was"


def test_the_way_out_of_a_consent_leaves_in_the_mail_and_the_notice_holds_no_link(drain: Drain, office: Any) -> None:
    person = an_order().person
    notice = a_greeting(person)
    drain()
    (sent,) = [each for each in mail.outbox if each.subject == "生日快乐"]
    (token,) = re.findall(r"/messages/(\S+)/", str(sent.body))
    assert sent.extra_headers["List-Unsubscribe"].endswith(f"/messages/{token}/>")
    assert standing_of(token)[:2] == (person, Purpose.OCCASIONS)
    notice.refresh_from_db()
    assert token not in json.dumps(notice.params)
    for role in ("auditor", "manager"):
        page = office(role).get(f"/office/notices/notice/{notice.pk}/change/").content.decode()
        assert "祝您生日快乐" in page
        assert "/messages/" not in page


def test_who_is_told_by_another_way_gets_a_link_that_opens(drain: Drain) -> None:
    order = an_order()
    params = {"ref": "V-7K2MQX94D", "order_number": "", "status_url": Opens(PAGE, "V-7K2MQX94D"), "goods": ""}
    tell(order.person, "visit.invited", params, key="once")
    ContactPoint.objects.filter(kind="email").update(value="new@example.org")
    drain()
    drain()
    (sent,) = [each for each in mail.outbox if each.to == ["new@example.org"]]
    (link,) = re.findall(r"/v/(\S+)/", str(sent.body))
    assert ref_of(link) == "V-7K2MQX94D"


def test_what_was_kept_with_its_seal_loses_it_and_can_still_be_sent(drain: Drain) -> None:
    visit, asked = an_invitation(drain)
    greeted = a_greeting(visit.person)
    sealed = consent_token_of(visit.person, Purpose.OCCASIONS)
    asked.params["status_url"] = f"https://desk.example/v/{token_of(visit)}/"
    greeted.params["unsubscribe_url"] = f"https://desk.example/messages/{sealed}/"
    for each in (asked, greeted):
        each.save(update_fields=["params"])
    moved = importlib.import_module("aftersales.notices.migrations._sealed_links")
    for _twice in range(2):
        with connection.schema_editor() as editor:
            moved.take_out(apps, editor)
    asked.refresh_from_db()
    greeted.refresh_from_db()
    assert asked.params["status_url"] == {"opens": "visit", "of": visit.ref}
    assert greeted.params["unsubscribe_url"] == {"opens": "consents", "of": f"{visit.person.ref}:occasions"}
