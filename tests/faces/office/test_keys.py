"""API keys in the office: one form makes one key, and its secret is seen once, by who made it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from aftersales.accounts.actions.handover import forget_untaken, take_secret
from aftersales.accounts.models import ApiKey, Handover
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.ledger.models import Event
from tests.world import member, staff

pytestmark = pytest.mark.django_db
ADD = "/office/accounts/apikey/add/"


def form(client: Client, **fields: str) -> dict[str, str]:
    """What a browser sends that has opened the page."""
    page = client.get(ADD).content.decode()
    (token,) = re.findall(r'name="form_token" value="([^"]+)"', page)
    return {"name": "ERP", "role": "agent", "form_token": token, **fields}


def shown(client: Client, answer: Any) -> str | None:
    """The secret on the page that the answer leads to."""
    assert answer.status_code == 302
    secret: str | None = client.get(answer["Location"]).context["secret"]
    return secret


def test_a_key_is_shown_once_and_only_its_hash_is_kept(office: Any) -> None:
    client = office()
    answer = client.post(ADD, form(client))
    page = client.get(answer["Location"])
    secret = page.context["secret"]
    assert secret in page.content.decode()
    key = ApiKey.objects.get()
    assert key.sha256 == ApiKey.hash(secret)
    again = client.get(answer["Location"]).content.decode()
    assert secret not in again
    assert "not shown again" in again
    assert secret not in client.get(f"/office/accounts/apikey/{key.pk}/change/").content.decode()
    assert not Handover.objects.exists()
    client.post("/office/accounts/apikey/", {"action": "revoke", "_selected_action": [key.pk]})
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert list(Event.objects.filter(name__startswith="key.").values_list("name", flat=True)) == [
        "key.made",
        "key.revoked",
    ]


def test_a_replayed_form_makes_one_key_and_leads_to_it(office: Any) -> None:
    client = office()
    data = form(client)
    first, second = client.post(ADD, data), client.post(ADD, data)
    assert first["Location"] == second["Location"]
    assert ApiKey.objects.count() == Event.objects.filter(name="key.made").count() == 1
    assert (shown(client, second) or "").startswith("ask_")
    assert shown(client, client.post(ADD, data)) is None
    assert ApiKey.objects.count() == 1


def test_the_same_form_with_another_role_is_refused(office: Any) -> None:
    client = office()
    data = form(client)
    client.post(ADD, data)
    told = client.post(ADD, {**data, "role": "manager"}, follow=True).content.decode()
    assert "has made something already" in told
    assert ApiKey.objects.get().role == "agent"


def test_two_showings_of_the_form_make_two_keys(office: Any) -> None:
    client = office()
    for _ in range(2):
        client.post(ADD, form(client))
    assert ApiKey.objects.count() == 2


def test_a_form_without_its_token_makes_nothing(office: Any) -> None:
    answer = office().post(ADD, {"name": "ERP", "role": "agent"})
    assert "Open the page anew" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_nobody_else_sees_it_and_it_waits_ten_minutes_only(office: Any) -> None:
    client = office()
    where = client.post(ADD, form(client))["Location"]
    key = ApiKey.objects.get()
    other = Actor(kind="staff", id=member("lead").pk, role=staff("manager").role)
    assert take_secret(key, actor=other) is None
    assert office("lead").get(where).status_code == 403
    with clock.fixed(clock.now() + dt.timedelta(minutes=11)):
        assert client.get(where).context["secret"] is None
        assert forget_untaken(clock.now()) == 1
        assert forget_untaken(clock.now()) == 0


def test_the_waiting_secret_is_sealed(office: Any) -> None:
    client = office()
    answer = client.post(ADD, form(client))
    stored = Handover.objects.get().sealed
    secret = shown(client, answer) or ""
    assert secret
    assert secret not in stored


def test_no_other_request_than_the_pages_own_takes_it(office: Any) -> None:
    client = office()
    answer = client.post(ADD, form(client))
    client.head(answer["Location"])
    assert (shown(client, answer) or "").startswith("ask_")
