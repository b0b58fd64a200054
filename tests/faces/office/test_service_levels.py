"""The office's pages of service levels: a policy in words, a change looked at, saved as a version, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event
from tests.world import an_order, customer, staff
from tickets.actions.questions import ask_question
from tickets.actions.sla_policies import create_policy, place_policy, put_in_use
from tickets.models import Clock, PolicyVersion, SlaPolicy

pytestmark = pytest.mark.django_db
ONE = "/office/service-levels/default/"
Office = Callable[..., Client]


def policy() -> SlaPolicy:
    return SlaPolicy.objects.get(key="default")


def typed(client: Client, **changes: object) -> dict[str, object]:
    """The form as a browser would send it back untouched, changed."""
    form = client.get(ONE).context["form"]
    sent: dict[str, object] = {"seen": str(policy().current().number)}
    for each in (form, form.targets.management_form, form.steps.management_form, *form.targets, *form.steps):
        for field in each:
            value = field.value()
            if value not in (None, False):
                sent[field.html_name] = value
    return {**sent, **changes}


def flat(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_a_policy_is_told_in_words(office: Office, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = office("lead")
    assert "Shop service levels" in client.get("/office/service-levels/").content.decode()
    with django_assert_max_num_queries(12):
        page = flat(client.get(ONE).content)
    for said in (
        "first response · Question 15 min, counted by Shop hours",
        "answer to the complaint · Complaint the same day, counted by Around the clock",
        "next response · Question · customers: regular 30 min",
        "resolution stands still waits for the customer",
        "50% used, 80% used, 30 min before the end",
        "resolution was missed 4 h after it: tell a manager",
    ):
        assert said in page
    assert "Save as a new version" not in page, "a lead looks"
    assert client.post(ONE, {}).status_code == 403


def test_more_policies_ask_no_more(office: Office, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client, version = office("lead"), policy().current()
    for number in range(3):
        other = SlaPolicy.objects.create(key=f"other-{number}", name_zh="另一个", name_en="Another", in_use=False)
        for each in (1, 2):
            PolicyVersion.objects.create(
                policy=other, number=each, settings=version.settings, created_at=version.created_at
            )
    client.get("/office/service-levels/")
    with django_assert_max_num_queries(6):
        page = flat(client.get("/office/service-levels/").content)
    assert page.count("Another not in use 2 ") == 3


def test_a_trial_counts_what_keeps_its_version_and_saves_nothing(office: Office) -> None:
    order, client = an_order(), office()
    ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
    page = flat(client.post(ONE, typed(client, **{"targets-0-target": "20m", "try": "1"})).content)
    assert "Until now first response · Question 15 min" in page
    assert "Afterwards first response · Question 20 min" in page
    assert "1 open ticket has clocks that keep the version they began with. Nothing is saved yet." in page
    assert policy().current().number == 1


def test_a_save_is_a_version_for_what_begins_and_running_clocks_keep_theirs(office: Office) -> None:
    order, client = an_order(), office()
    old = ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
    assert client.post(ONE, typed(client, note="双十一", **{"targets-0-target": "20m"})).status_code == 302
    other = an_order()
    new = ask_question(other.pk, text="And this one?", actor=customer(other))
    targets = {ticket.pk: Clock.objects.get(ticket=ticket, metric="first_response").target_s for ticket in (old, new)}
    assert targets == {old.pk: 900, new.pk: 1200}
    assert Event.objects.get(name="policy.saved").data == {"version": "default@2", "note": "双十一"}
    assert "双十一" in client.get(ONE).content.decode()
    assert "first response · Question 15 min" in flat(client.get(f"{ONE}?version=1").content)
    client.post(ONE, typed(client))
    assert PolicyVersion.objects.count() == 2, "the same again is no version"


def test_what_is_left_out_need_not_be_mended(office: Office) -> None:
    client = office()
    sent = typed(client, **{"targets-1-target": "", "targets-1-DELETE": "on", "try": "1"})
    answer = client.post(ONE, sent)
    assert (answer.status_code, answer.context["wrong"]) == (200, [])
    assert client.post(ONE, {**sent, "targets-0-target": "0"}).context["cells"] == 1


def test_a_row_is_added_moved_and_left_out(office: Office) -> None:
    client = office()
    rows = len(policy().current().settings["targets"])
    new = {
        "metric": "first_response",
        "kind": "repair",
        "priority": "1",
        "target": "10m",
        "calendar": "shop",
        "ORDER": "1",
    }
    sent = {f"targets-{rows}-{name}": value for name, value in new.items()}
    assert client.post(ONE, typed(client, **sent, **{"targets-2-DELETE": "on"})).status_code == 302
    saved = policy().current().settings["targets"]
    added = {"metric": "first_response", "kind": "repair", "priority": 1, "target": "10m", "calendar": "shop"}
    assert added in saved[:2]
    assert not [row for row in saved if row["metric"] == "answer"]


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"targets-0-target": "0m"}, "targets", "A target must be at least one minute"),
        ({"targets-0-target": "soon"}, "targets", "is no length of time: write 45m or 9h"),
        ({"targets-0-calendar": ""}, "targets", "Each target needs a calendar to count by"),
        ({"targets-0-kind": "wish"}, "targets", "“wish” is not offered here"),
        ({"warnings_first_response": "50%, 20m"}, "warnings_first_response", "lies beyond the target of 15m"),
        ({"warnings_resolution": "120%"}, "warnings_resolution", "is no length of time"),
        ({"continue_within": "a while"}, "continue_within", "is no length of time"),
        ({"steps-0-after": "x"}, "steps", "is no length of time"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(
    office: Office, change: dict[str, object], field: str, said: str
) -> None:
    client = office()
    for trial in ({}, {"try": "1"}):
        answer = client.post(ONE, typed(client, **change, **trial))
        assert answer.status_code == 400
        form = answer.context["form"]
        places = getattr(form, field).errors if field in ("targets", "steps") else form.errors[field]
        assert said in str(places).replace("&quot;", '"')
    assert policy().current().number == 1


def test_a_summary_above_all_says_how_many_cells_need_mending_and_leads_to_each(office: Office) -> None:
    client = office()
    wrong = {"targets-0-target": "0", "targets-2-ORDER": "x", "steps-0-after": "x"}
    page = client.post(ONE, typed(client, **wrong, **{"try": "1"})).content.decode()
    begins = page.index("error-summary")
    summary = page[begins : page.index("</ul>", begins)]
    assert "3 cells need mending. Nothing is saved." in summary
    cells = re.findall(r'<a href="#([^"]+)">([^<]+?):', summary)
    assert cells == [
        ("id_targets-0-target", "Targets, row 1"), ("id_targets-2-ORDER", "Targets, row 3"),
        ("id_steps-0-after", "After a missed deadline, row 1"),
    ]  # fmt: skip
    assert all(f'id="{cell}"' in page for cell, _where in cells)
    assert begins < page.index("in words</h2>")
    assert "error-summary" not in client.get(ONE).content.decode()


def test_who_saved_later_is_told(office: Office) -> None:
    client = office()
    late = typed(client, **{"targets-0-target": "25m"})
    client.post(ONE, typed(client, **{"targets-0-target": "20m"}))
    answer = client.post(ONE, late)
    assert answer.status_code == 400
    assert "default@2 was saved in the meantime" in answer.content.decode()


def test_strange_addresses_show_what_holds_or_nothing(office: Office) -> None:
    client = office()
    assert client.get(f"{ONE}?version=99").status_code == 200
    assert client.get(f"{ONE}?version=x").status_code == 200
    assert client.get("/office/service-levels/moon/").status_code == 404
    assert "第 1 版" in client.get(ONE, headers={"Accept-Language": "zh-CN"}).content.decode()


LIST = "/office/service-levels/"
NIGHT = {"key": "night", "name_zh": "夜间", "name_en": "Night"}


def test_a_manager_adds_a_policy_puts_it_in_use_and_says_when_it_is_asked(office: Office) -> None:
    client = office()
    assert client.post(LIST, NIGHT).headers["Location"] == f"{LIST}night/"
    night = SlaPolicy.objects.get(key="night")
    assert (night.in_use, night.position, night.current().settings) == (False, 1, policy().current().settings)
    assert "2 Night not in use 1" in flat(client.get(LIST).content)
    first = an_order()
    ask_question(first.pk, text="?", actor=customer(first))
    assert not Clock.objects.filter(policy_version__policy=night).exists(), "it is not in use"
    for _ in range(2):
        client.post(f"{LIST}night/use/", {"in_use": "1"})
        client.post(f"{LIST}night/place/", {"place": "1"})
    assert [each.key for each in SlaPolicy.objects.all()] == ["night", "default"]
    order = an_order()
    ticket = ask_question(order.pk, text="?", actor=customer(order))
    assert {each.policy_version.policy for each in ticket.clocks.all()} == {night}
    page = flat(client.get(LIST).content)
    assert "1 Night 1" in page
    assert "Night: put in use" not in client.get(LIST).content.decode()
    told = Event.objects.filter(name__startswith="policy.", subject_id=night.pk).order_by("pk")
    assert [(each.name, each.actor_kind) for each in told] == [
        ("policy.created", "staff"), ("policy.used", "staff"), ("policy.placed", "staff"),
    ]  # fmt: skip
    assert Event.objects.get(name="policy.placed").data == {"policy": "night", "was": 2, "place": 1}


def test_what_cannot_be_done_to_policies_is_said(office: Office) -> None:
    client = office()
    page = flat(client.post(f"{LIST}default/use/", {"in_use": "0"}, follow=True).content)
    assert "One policy stays in use, or no ticket would have a deadline." in page
    assert policy().in_use
    answer = client.post(LIST, {**NIGHT, "key": "default"})
    assert answer.status_code == 400
    assert "There is a policy with the key default already." in flat(answer.content)
    assert client.post(LIST, {**NIGHT, "name_en": " "}).status_code == 400
    page = flat(client.post(f"{LIST}default/place/", {"place": "7"}, follow=True).content)
    assert "There are places 1 to 1." in page
    with pytest.raises(BadInput):
        create_policy("x", name_zh="夜", name_en=" ", actor=staff("manager"))
    assert SlaPolicy.objects.count() == 1
    client.post(LIST, NIGHT)
    client.post(f"{LIST}night/use/", {"in_use": "1"})
    client.post(f"{LIST}default/use/", {"in_use": "0"})
    assert [(each.key, each.in_use) for each in SlaPolicy.objects.order_by("pk")] == [
        ("default", False),
        ("night", True),
    ]
    assert client.post(f"{LIST}moon/use/", {"in_use": "1"}).status_code == 404


def test_a_lead_looks_at_the_policies_and_changes_none(office: Office) -> None:
    lead = office("lead")
    assert "New policy" not in lead.get(LIST).content.decode()
    for address, sent in ((LIST, NIGHT), (f"{ONE}use/", {"in_use": "0"}), (f"{ONE}place/", {"place": "1"})):
        assert lead.post(address, sent).status_code == 403
    for act in (
        lambda: create_policy("x", name_zh="夜", name_en="Night", actor=staff("lead")),
        lambda: put_in_use(policy().pk, False, actor=staff("lead")),
        lambda: place_policy(policy().pk, 1, actor=staff("lead")),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not Event.objects.filter(name__startswith="policy.").exists()


def test_clocks_that_run_keep_the_policy_they_began_with(office: Office) -> None:
    order, client = an_order(), office()
    ticket = ask_question(order.pk, text="?", actor=customer(order))
    before = list(Clock.objects.filter(ticket=ticket).order_by("pk").values())
    client.post(LIST, NIGHT)
    client.post(f"{LIST}night/use/", {"in_use": "1"})
    client.post(f"{LIST}default/use/", {"in_use": "0"})
    assert list(Clock.objects.filter(ticket=ticket).order_by("pk").values()) == before
    assert "1 Shop service levels not in use 1" in flat(client.get(LIST).content)


@pytest.mark.parametrize("written", ["当天", "same day", "same_day"])
def test_the_same_day_is_a_word_in_the_grid_and_a_code_in_the_policy(office: Office, written: str) -> None:
    client = office()
    targets = policy().current().settings["targets"]
    row = next(number for number, each in enumerate(targets) if each["target"] == "same_day")
    shown = client.get(ONE)
    assert shown.context["form"].targets.forms[row]["target"].value() == "same day"
    sent = typed(client, note="again", **{f"targets-{row}-target": written, "targets-0-target": "20m"})
    assert client.post(ONE, sent).status_code == 302
    saved = policy().current().settings["targets"]
    assert (saved[row]["target"], saved[0]["target"]) == ("same_day", "20m")
