"""The office shows every version with what it changes, and each button is one deed of one person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from aftersales.kernel import clock
from returns.actions import rulebook
from returns.models import RuleVersion
from returns.rules.label import labelled
from returns.rules.pack import load_pack, read_pack
from tests.returns.rulebook.people import a_draft, approved, submitted
from tests.world import a_return, an_order, member, staff

pytestmark = pytest.mark.django_db
LIST = "/office/rules/cn/versions/"


def browser(role: str, name: str = "") -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(member(role, name))
    return client


def do(client: Client, version: RuleVersion, deed: str, **data: str) -> int:
    answer = client.post(reverse("admin:rule_deed", args=[version.pk, deed]), data)
    version.refresh_from_db()
    return answer.status_code


def test_the_list_says_what_holds_from_when_to_when() -> None:
    page = browser("auditor").get(LIST).content.decode()
    assert "cn@1" in page
    assert "in force" in page
    assert "Begin from" not in page  # an auditor looks and changes nothing


def test_a_version_goes_from_draft_to_published_by_three_people_pages() -> None:
    mia, leo = browser("manager", "mia"), browser("lead", "leo")
    assert mia.post("/office/rules/cn/versions/new/", {}).status_code == 302
    draft = RuleVersion.objects.get(number=2, rule_set="cn")
    files = {**draft.files, "pack.toml": draft.files["pack.toml"].replace('title_en = "', 'title_en = "Our ', 1)}
    rulebook.save_draft(draft.pk, files, revision=1, actor=staff("manager", "mia"))
    assert do(mia, draft, "submit") == 302
    assert do(mia, draft, "approve", sha256=draft.sha256) == 409
    assert do(leo, draft, "approve", sha256="0" * 64) == 409
    assert do(leo, draft, "approve", sha256=draft.sha256, comment="Good") == 302
    assert do(leo, draft, "publish", when="now") == 403
    assert do(mia, draft, "publish", when="later", effective_from="2020-01-01T00:00") == 400
    assert do(mia, draft, "publish", when="later", effective_from="2030-01-01T00:00") == 302
    assert draft.effective_from is not None
    assert draft.effective_from.isoformat() == "2029-12-31T16:00:00+00:00"
    page = mia.get(reverse("admin:rule_version", args=[draft.pk])).content.decode()
    for said in ("Only words, sources or names change.", "Rules cn@2 approved", "“Good”", "Retire this version"):
        assert said in page
    assert do(mia, draft, "retire") == 302
    assert draft.status == "retired"


def test_rules_that_reach_back_are_published_after_a_look_at_what_they_concern() -> None:
    ret, version, mia = a_return(an_order(days_ago=1)), approved(), browser("manager", "mia")
    begins = (clock.now() - dt.timedelta(days=5)).astimezone(clock.shop_zone())
    typed = {"when": "later", "effective_from": f"{begins:%Y-%m-%dT%H:%M}", "retroactive": "on"}
    page = mia.post(reverse("admin:rule_deed", args=[version.pk, "publish"]), typed)
    assert page.status_code == 409
    told = page.content.decode()
    for said in ("fall under these rules: 1.", ret.ref, "the same", 'name="seen" value="1"'):
        assert said in told
    assert RuleVersion.objects.get(pk=version.pk).status == "approved"
    assert do(mia, version, "publish", **typed, seen="2") == 409
    assert do(mia, version, "publish", **typed, seen="1") == 302
    assert version.status == "published"


def test_a_refused_submit_shows_every_finding() -> None:
    draft = a_draft()
    lines = draft.files["cause.csv"].splitlines(keepends=True)
    rulebook.save_draft(
        draft.pk, {**draft.files, "cause.csv": "".join(lines[:-1])}, revision=2, actor=staff("manager", "mia")
    )
    answer = browser("manager", "mia").post(reverse("admin:rule_deed", args=[draft.pk, "submit"]))
    assert answer.status_code == 409
    assert "GAP in table cause" in answer.content.decode()


def test_whoever_wrote_it_sees_no_button_to_approve() -> None:
    version = submitted()
    mine = browser("manager", "mia").get(reverse("admin:rule_version", args=[version.pk])).content.decode()
    theirs = browser("lead", "leo").get(reverse("admin:rule_version", args=[version.pk])).content.decode()
    assert ("Approve this text" in mine, "Approve this text" in theirs) == (False, True)


def test_two_versions_are_compared_and_two_sets_are_not() -> None:
    draft, first = a_draft(), RuleVersion.objects.get(rule_set="cn", number=1)
    page = browser("auditor").get(reverse("admin:rule_compare", args=[first.pk, draft.pk])).content.decode()
    assert "title_en" in page
    other = RuleVersion.objects.exclude(rule_set="cn").first()
    if other:
        assert browser("auditor").get(reverse("admin:rule_compare", args=[first.pk, other.pk])).status_code == 404


def test_a_release_with_other_rules_offers_them_once_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = read_pack(labelled(load_pack("cn").files, "2027.1"))
    manager = browser("manager", "mia")
    assert "The shipped pack has changed" not in manager.get(LIST).content.decode()
    for module in ("ruleversions", "ruledeeds"):
        monkeypatch.setattr(f"aftersales.office.{module}.load_pack", lambda _name: newer)
    assert "The shipped pack has changed" in manager.get(LIST).content.decode()
    manager.post("/office/rules/cn/versions/new/", {"shipped": "1"})
    draft = RuleVersion.objects.get(rule_set="cn", number=2)
    assert (draft.status, draft.shipped_sha256, draft.files) == ("draft", newer.sha256, newer.files)
    assert "Begin a draft from it" not in manager.get(LIST).content.decode()


def test_strange_addresses_do_not_exist_and_a_get_changes_nothing() -> None:
    manager, draft = browser("manager", "mia"), a_draft()
    assert manager.get("/office/rules/mars/versions/").status_code == 404
    assert manager.get("/office/rules/versions/999999/").status_code == 404
    assert manager.post(reverse("admin:rule_deed", args=[draft.pk, "explode"])).status_code == 404
    assert manager.post(reverse("admin:rule_deed", args=[999999, "submit"])).status_code == 404
    assert manager.get(reverse("admin:rule_deed", args=[draft.pk, "discard"])).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "draft"
