"""The office's pages of what was told to whom: notices, webhooks, photos, kept rule packs, and the alarm of a flood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftersales.accounts.models import Handover
from aftersales.files.actions.hiding import hide
from aftersales.kernel import clock
from aftersales.kernel.errors import TooMany
from aftersales.ledger import sweep
from aftersales.ledger.models import Due, Event, Outbound
from aftersales.notices.channels.webhook import secret_of
from aftersales.notices.models import Notice, Webhook
from customers.actions.proof import limits
from customers.models import ProofAttempt
from tests.faces.portal.test_road import a_photo
from tests.notices.http_double import Answer, HttpDouble
from tests.world import a_kept_pack, a_return, an_order, attach, member, staff

pytestmark = pytest.mark.django_db
ADD = "/office/notices/webhook/add/"


@pytest.fixture
def receiver(db: None, settings: Any) -> Iterator[HttpDouble]:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        yield double


def settle_everything() -> None:
    """Deliver what is due, as the workers would."""
    for _ in range(20):
        if not sweep.sweep("test"):
            return


class TestWebhooks:
    def form(self, client: Client, url: str, **fields: Any) -> dict[str, Any]:
        (token,) = re.findall(r'name="form_token" value="([^"]+)"', client.get(ADD).content.decode())
        return {"url": url, "events": ["return.submitted"], "form_token": token, **fields}

    def test_it_is_added_once_and_its_secret_is_shown_once(self, office: Any, receiver: HttpDouble) -> None:
        client = office()
        data = self.form(client, receiver.url)
        first, second = client.post(ADD, data), client.post(ADD, data)
        assert first["Location"] == second["Location"]
        webhook = Webhook.objects.get()
        assert Event.objects.filter(name="webhook.added").count() == 1
        assert client.get(first["Location"]).context["secret"] == secret_of(webhook)
        assert client.get(first["Location"]).context["secret"] is None
        assert not Handover.objects.exists()
        page = client.get(f"/office/notices/webhook/{webhook.pk}/change/").content.decode()
        assert secret_of(webhook) not in page

    def test_an_address_that_must_not_be_called_is_told_at_its_field(self, office: Any, db: None) -> None:
        client = office()
        page = client.post(ADD, self.form(client, "https://127.0.0.1/")).content.decode()
        assert "This address cannot be called" in page
        assert (
            "Choose at least one event."
            in client.post(ADD, self.form(client, "https://x.example/", events=[])).content.decode()
        )
        assert not Webhook.objects.exists()

    def test_its_calls_stand_on_its_page_with_state_and_last_error(self, office: Any, receiver: HttpDouble) -> None:
        client = office()
        client.post(ADD, self.form(client, f"{receiver.url}?password=hush"))
        receiver.answers = [Answer(410)]
        a_return(an_order())
        settle_everything()
        webhook = Webhook.objects.get()
        assert Outbound.objects.get(channel="webhook").status == Due.Status.FAILED
        page = client.get(f"/office/notices/webhook/{webhook.pk}/change/").content.decode()
        assert "The receiver answered 410." in page
        assert "hush" not in page
        listed = client.get("/office/notices/webhook/", headers={"Accept-Language": "zh-hans"}).content.decode()
        assert "接收方返回 410。" in listed

    def test_ending_it_is_for_managers_and_twice_is_once(self, office: Any, receiver: HttpDouble) -> None:
        client = office()
        client.post(ADD, self.form(client, receiver.url))
        webhook = Webhook.objects.get()
        chosen = {"action": "end", "_selected_action": [webhook.pk]}
        office("lead").post("/office/notices/webhook/", chosen)
        webhook.refresh_from_db()
        assert webhook.ended_at is None
        for _ in range(2):
            client.post("/office/notices/webhook/", chosen)
        assert Event.objects.filter(name="webhook.ended").count() == 1
        assert office("lead").get(ADD).status_code == 403


class TestNotices:
    def test_every_state_has_its_word_and_its_reason(self, office: Any) -> None:
        ret = a_return(an_order())
        settle_everything()
        notice = Notice.objects.filter(about_id=ret.pk).exclude(channel="inapp").first()
        assert notice is not None
        client = office("auditor")
        words = {"failed": "not sent", "unknown": "possibly sent", "sent": "sent", "capped": "held back"}
        for state, word in words.items():
            Notice.objects.filter(pk=notice.pk).update(state=state, error="550 no such mailbox")
            page = client.get(f"/office/notices/notice/?state__exact={state}").content.decode()
            assert word in page
            assert "550 no such mailbox" in page
            assert f"/office/returns/return/{ret.pk}/change/" in page

    def test_the_list_shows_every_state_there_is(self, office: Any) -> None:
        """A state without a tone would break the list of all of them."""
        ret = a_return(an_order())
        settle_everything()
        notice = Notice.objects.filter(about_id=ret.pk).exclude(channel="inapp").first()
        assert notice is not None
        client = office("auditor")
        for state in Notice.State:
            Notice.objects.filter(pk=notice.pk).update(state=state, outbound=None)
            answer = client.get("/office/notices/notice/")
            assert answer.status_code == 200, state
            badges = re.findall(r'<span class="badge badge--\w+">([^<]+)</span>', answer.content.decode())
            assert state.label in badges

    def test_what_nobody_has_tried_to_send_yet_is_queued(self, office: Any) -> None:
        a_return(an_order())
        event = Event.objects.get(name="return.submitted")
        for _ in range(3):
            sweep.sweep("test")
        Notice.objects.filter(event=event).update(state="pending")
        Outbound.objects.update(attempts=0)
        assert "queued" in office().get("/office/notices/notice/").content.decode()

    def test_its_page_says_it_again_and_shows_no_address(self, office: Any) -> None:
        ret = a_return(an_order())
        settle_everything()
        notice = Notice.objects.filter(about_id=ret.pk, channel="email").first()
        assert notice is not None
        page = office().get(f"/office/notices/notice/{notice.pk}/change/").content.decode()
        assert ret.ref in page
        assert "lin.mei@" not in page


class TestPhotos:
    def test_who_sees_it_is_said_and_a_hidden_one_is_marked(self, office: Any) -> None:
        ret = a_return(an_order())
        photo = attach(a_photo(), on=ret, actor=staff("agent"))
        client = office("auditor")
        assert "the customer of the order, and staff" in client.get("/office/files/attachment/").content.decode()
        page = client.get(f"/office/files/attachment/{photo.pk}/change/").content.decode()
        assert photo.thumb in page
        hide(photo.ref, why="somebody else's parcel", actor=staff("agent"))
        assert "hidden: staff only" in client.get("/office/files/attachment/").content.decode()

    def test_a_name_is_text(self, office: Any) -> None:
        upload = a_photo()
        photo = attach(
            SimpleUploadedFile("<script>x.jpg", upload.read()), on=a_return(an_order()), actor=staff("agent")
        )
        assert "<script>x" not in office().get(f"/office/files/attachment/{photo.pk}/change/").content.decode()


class TestKeptPacks:
    def test_text_hash_and_the_verdicts_that_used_it(self, office: Any) -> None:
        a_return(an_order())
        kept = a_kept_pack()
        client = office("auditor")
        page = client.get(f"/office/returns/keptpack/{kept.pk}/change/").content.decode()
        assert kept.sha256 in page
        assert "cause.csv" in page
        assert f"?pack_sha256={kept.sha256}" in page
        found = client.get(f"/office/returns/verdict/?pack_sha256={kept.sha256}")
        assert found.context["cl"].result_count == 1
        assert client.get("/office/returns/verdict/?pack_sha256=0").context["cl"].result_count == 0


class TestFlood:
    def flood(self, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        """One wrong proof too many."""
        monkeypatch.setattr(limits, "ALL_TOGETHER", limits.Limit(2, limits.ALL_TOGETHER.within))
        for number in range(3):
            ProofAttempt.objects.create(target_sha256=str(number), source=f"10.0.0.{number}", kind="card", at=at)
            ProofAttempt.objects.update(kind="claim")
        with pytest.raises(TooMany):
            limits.admit("claim", "t", "10.9.9.9", at)

    def test_leads_are_told_once_an_hour_and_the_dashboard_says_so_while_it_lasts(
        self, office: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead, agent = member("lead"), member("agent")
        client = office("manager")
        assert "on a large scale" not in client.get("/office/").content.decode()
        now = clock.now()
        for _ in range(2):
            self.flood(now, monkeypatch)
        settle_everything()
        told = Notice.objects.filter(template="proof.flooded")
        assert set(told.values_list("recipient_id", flat=True)) == {lead.pk, member("manager").pk}
        assert agent.pk not in set(told.values_list("recipient_id", flat=True))
        assert Event.objects.filter(name="proof.flooded").count() == 1
        assert "on a large scale" in client.get("/office/").content.decode()
        assert "wrong tries to open orders" in client.get("/desk/notices/").content.decode()
        with clock.fixed(now + dt.timedelta(minutes=61)):
            assert "on a large scale" not in client.get("/office/").content.decode()
            self.flood(clock.now(), monkeypatch)
        assert Event.objects.filter(name="proof.flooded").count() == 2
