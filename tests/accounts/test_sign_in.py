"""Signing in as staff: the door, the limits, the second factor with real codes, and how a session ends."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from aftersales.accounts.actions import people
from aftersales.accounts.models import ApiKey, User
from aftersales.accounts.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event
from tests.world import member, staff

pytestmark = pytest.mark.django_db
PASSWORD = "a long and quiet password"
EMAIL = "agent@shop.example"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def agent(db: None) -> User:
    user = member("agent")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def code(secret: str) -> str:
    """What an authenticator app shows now. Near the end of its thirty seconds it waits for the next, as people do."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up(client: Client) -> str:
    """Go the whole way of setting up a second factor as the pages lead; returns the secret in the app."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)
    assert found, "the page shows the key for typing"
    answer = client.post("/account/2fa/totp/activate/", {"code": code(found[1])})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return found[1]


class TestTheDoor:
    def test_a_good_password_opens_the_desk(self, agent: User, client: Client) -> None:
        assert sign_in(client)["Location"] == "/desk/"
        assert client.get("/desk/").status_code == 200

    def test_the_address_is_not_told_apart_from_the_password(self, agent: User, client: Client) -> None:
        wrong = sign_in(client, "not the password").content.decode()
        unknown = sign_in(client, "not the password", "nobody@shop.example").content.decode()

        def said(page: str) -> list[str]:
            return re.findall(r'class="(?:errors|field__error)[^"]*"[^>]*>(.*?)</', page, re.DOTALL)

        assert said(wrong) == said(unknown)

    @pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "confirm-email/x/", "signup/passkey/"])
    def test_there_is_no_other_way_in(self, client: Client, path: str) -> None:
        assert client.get(f"/account/{path}").status_code == 404

    def test_five_wrong_passwords_close_it_for_a_while_even_for_the_right_one(
        self, agent: User, client: Client
    ) -> None:
        for _ in range(5):
            sign_in(client, "wrong")
        assert sign_in(client).status_code in (200, 429)
        assert client.get("/desk/").status_code == 302

    def test_it_leads_nowhere_else(self, agent: User, client: Client) -> None:
        answer = client.post("/account/login/?next=https://evil.example/", {"login": EMAIL, "password": PASSWORD})
        assert answer["Location"] == "/desk/"


class TestTheSecondFactor:
    def test_whoever_must_have_one_is_led_there_and_nowhere_else(
        self, agent: User, client: Client, settings: Any
    ) -> None:
        settings.STAFF_TOTP_REQUIRED = True
        sign_in(client)
        for path in (
            "/desk/",
            "/office/",
            "/account/2fa/",
            "/account/2fa/recovery-codes/",
            "/account/password/change/",
        ):
            assert client.get(path)["Location"] == "/account/2fa/totp/activate/", path
        fragment = client.get("/desk/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == "/account/2fa/totp/activate/"
        api = client.get("/api/v1/returns/")
        assert (api.status_code, api.json()["code"]) == (403, "second_factor")
        set_up(client)
        assert client.get("/desk/").status_code == 200

    def test_from_then_on_the_password_alone_opens_nothing(self, agent: User, client: Client, settings: Any) -> None:
        settings.STAFF_TOTP_REQUIRED = True
        sign_in(client)
        secret = set_up(client)
        other = Client()
        assert sign_in(other)["Location"].startswith("/account/2fa/authenticate/")
        assert other.get("/desk/").status_code == 302
        other.post("/account/2fa/authenticate/", {"code": "000000"})
        assert other.get("/desk/").status_code == 302
        other.post("/account/2fa/authenticate/", {"code": code(secret)})
        assert other.get("/desk/").status_code == 200

    def test_a_code_opens_once(self, agent: User, client: Client) -> None:
        sign_in(client)
        secret = set_up(client)
        shown = code(secret)
        for expected in (200, 302):
            other = Client()
            sign_in(other)
            other.post("/account/2fa/authenticate/", {"code": shown})
            assert other.get("/desk/").status_code == expected

    def test_a_session_from_before_does_not_profit(self, agent: User, client: Client, settings: Any) -> None:
        """Somebody with the password alone waited at the set-up page; the owner sets it up elsewhere."""
        settings.STAFF_TOTP_REQUIRED = True
        waiting = Client()
        sign_in(waiting)
        sign_in(client)
        set_up(client)
        assert waiting.get("/desk/")["Location"].startswith("/account/login/")
        assert waiting.get("/desk/")["Location"].startswith("/account/login/")

    def test_where_it_is_not_asked_for_one_may_still_have_it(self, agent: User, client: Client) -> None:
        sign_in(client)
        assert client.get("/desk/").status_code == 200
        set_up(client)
        assert "/account/2fa/authenticate/" in sign_in(Client())["Location"]

    def test_nobody_switches_it_off_where_it_is_asked_for(self, agent: User, client: Client, settings: Any) -> None:
        settings.STAFF_TOTP_REQUIRED = True
        sign_in(client)
        set_up(client)
        client.post("/account/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=agent, type="totp").exists()

    def test_its_secret_is_not_in_the_database(self, agent: User, client: Client) -> None:
        sign_in(client)
        secret = set_up(client)
        assert secret not in str(Authenticator.objects.values_list("data", flat=True))

    def test_a_rotated_key_still_reads_it(self, agent: User, client: Client, settings: Any) -> None:
        sign_in(client)
        secret = set_up(client)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
        other = Client()
        sign_in(other)
        other.post("/account/2fa/authenticate/", {"code": code(secret)})
        assert other.get("/desk/").status_code == 200

    def test_a_manager_removes_it_for_somebody_who_lost_the_phone(self, agent: User, client: Client) -> None:
        sign_in(client)
        set_up(client)
        people.forget_second_factor(agent.pk, actor=staff("manager"))
        assert sign_in(Client())["Location"] == "/desk/"
        people.forget_second_factor(agent.pk, actor=staff("manager"))
        assert Event.objects.filter(name="user.second_factor_forgotten").count() == 1


class TestTheEndOfASession:
    def shift(self, client: Client, name: str, seconds: int) -> None:
        session = client.session
        session[name] -= seconds
        session.save()

    def test_half_an_hour_without_a_click_ends_it(self, agent: User, client: Client) -> None:
        sign_in(client)
        client.get("/desk/")
        self.shift(client, "staff_seen", IDLE_SECONDS - 5)
        assert client.get("/desk/").status_code == 200
        self.shift(client, "staff_seen", IDLE_SECONDS)
        assert client.get("/desk/").status_code == 302

    def test_ten_hours_end_it_whatever_one_does(self, agent: User, client: Client) -> None:
        sign_in(client)
        client.get("/desk/")
        self.shift(client, "staff_since", ABSOLUTE_SECONDS)
        assert client.get("/desk/").status_code == 302

    def test_locking_somebody_out_ends_sessions_sign_in_and_keys(self, agent: User, client: Client) -> None:
        sign_in(client)
        assert client.get("/desk/").status_code == 200
        key = ApiKey.objects.create(name="k", prefix="ask_", sha256="0" * 64, created_by=agent)
        people.lock_out(agent.pk, actor=staff("manager"))
        assert client.get("/desk/").status_code == 302
        assert sign_in(Client()).status_code == 200
        key.refresh_from_db()
        assert key.revoked_at is not None
        people.lock_out(agent.pk, actor=staff("manager"))
        assert Event.objects.filter(name="user.locked_out").count() == 1

    def test_letting_them_in_again_wakes_no_old_session(self, agent: User, client: Client) -> None:
        sign_in(client)
        client.get("/desk/")
        people.lock_out(agent.pk, actor=staff("manager"))
        people.let_in(agent.pk, actor=staff("manager"))
        assert client.get("/desk/").status_code == 302

    def test_a_new_password_ends_the_sessions_of_the_old(self, agent: User, client: Client) -> None:
        sign_in(client)
        people.set_password(agent.pk, password="another quiet password", actor=staff("manager"))
        assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("role", ["agent", "warehouse", "lead", "auditor"])
def test_only_managers_look_after_people(db: None, role: str) -> None:
    with pytest.raises(NotPermitted):
        people.make_user(email="x@shop.example", name="x", role="manager", password=None, actor=staff(role))
    assert not User.objects.filter(email="x@shop.example").exists()
