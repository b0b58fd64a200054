"""A version holds from its day until the next begins; cases are judged by the version of their day, for ever."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from aftersales.kernel import clock
from aftersales.kernel.errors import NotPermitted, Refusal
from aftersales.ledger.models import Event
from customers.models import Order
from returns.actions import rulebook, verdicts
from returns.actions.rulebook.publishing import affected
from returns.actions.rulebook.refusals import (
    ConcernedUnseen,
    InstantTaken,
    NotBeforeNow,
    NotRetirable,
    Overtaken,
    SourceEnded,
)
from returns.gather import Ask
from returns.models import RuleVersion, Verdict
from returns.models.timeline import version_at
from returns.rules.explain import explain
from returns.rules.pack import load_pack
from tests.returns.rulebook.people import a_draft, approved
from tests.world import a_return, an_order, staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def number_at(at: dt.datetime) -> int:
    found = version_at("cn", at)
    assert found
    return found.number


def test_a_version_holds_from_its_instant_to_the_next_and_the_first_from_the_beginning() -> None:
    begins = clock.now() + HOUR
    version = rulebook.publish(approved().pk, begins, actor=staff("manager", "mia"))
    assert (version.status, version.effective_from) == ("published", begins)
    moment = dt.timedelta(microseconds=1)
    assert [number_at(at) for at in (begins - moment, begins, begins + 999 * HOUR)] == [1, 2, 2]
    assert number_at(dt.datetime(1600, 1, 1, tzinfo=dt.UTC)) == 1


def test_publishing_twice_changes_nothing_and_is_a_managers_business() -> None:
    version = approved()
    mia = staff("manager", "mia")
    with pytest.raises(NotPermitted):
        rulebook.publish(version.pk, None, actor=staff("lead", "leo"))
    first = rulebook.publish(version.pk, None, actor=mia)
    again = rulebook.publish(version.pk, clock.now() + HOUR, actor=mia)
    assert again.effective_from == first.effective_from
    assert Event.objects.filter(name="rules.published").count() == 1


def test_the_past_must_be_meant_and_lists_the_verdicts_it_concerns() -> None:
    old, new = an_order(days_ago=3), an_order(days_ago=1)
    a_return(old)
    ret = a_return(new)
    begins = new.placed_at - HOUR
    version = approved()
    mia = staff("manager", "mia")
    with pytest.raises(NotBeforeNow):
        rulebook.publish(version.pk, begins, actor=mia)
    for seen in (None, 0, 2):  # nobody has looked, or there are others by now
        with pytest.raises(ConcernedUnseen) as refusal:
            rulebook.publish(version.pk, begins, actor=mia, retroactive=True, seen=seen)
        assert (refusal.value.params["count"], refusal.value.params["since"]) == (1, begins.isoformat())
    rulebook.publish(version.pk, begins, actor=mia, retroactive=True, seen=1)
    told = Event.objects.get(name="rules.published").data
    verdict = Verdict.objects.get(line__of=ret)
    assert (told["retroactive"], told["affected"], told["verdicts"]) == (True, 1, [verdict.pk])
    assert verdict.version_id != version.pk  # what was said stands


def test_two_versions_never_begin_at_the_same_instant() -> None:
    begins = clock.now() + HOUR
    mia = staff("manager", "mia")
    one, other = approved("One "), approved("Other ")
    rulebook.publish(one.pk, begins, actor=mia)
    with pytest.raises(InstantTaken):
        rulebook.publish(other.pk, begins, actor=mia)


def test_what_was_compared_with_other_rules_is_not_published() -> None:
    mia = staff("manager", "mia")
    one, other = approved("One "), approved("Other ")
    rulebook.publish(one.pk, None, actor=mia)
    with pytest.raises(Overtaken):
        rulebook.publish(other.pk, None, actor=mia)
    rulebook.take_back(other.pk, actor=mia)
    other = rulebook.submit(other.pk, actor=mia)
    rulebook.approve(other.pk, other.sha256, actor=staff("lead", "leo"))
    assert rulebook.publish(other.pk, None, actor=mia).status == "published"


def test_a_row_on_a_source_that_has_ended_by_then_is_refused_with_its_place() -> None:
    draft = a_draft()
    mia = staff("manager", "mia")
    text = draft.files["sources.toml"]
    key = text.split("[", 1)[1].split("]", 1)[0]
    files = {**draft.files, "sources.toml": text.replace(f"[{key}]\n", f'[{key}]\nvalid_to = "2027-06-30"\n', 1)}
    rulebook.save_draft(draft.pk, files, revision=2, actor=mia)
    version = rulebook.submit(draft.pk, actor=mia)
    rulebook.approve(version.pk, version.sha256, actor=staff("lead", "leo"))
    with pytest.raises(SourceEnded) as refusal:
        rulebook.publish(version.pk, dt.datetime(2027, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai")), actor=mia)
    assert "column sources" in refusal.value.params["place"]
    assert rulebook.publish(version.pk, dt.datetime(2027, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai")), actor=mia)


def test_what_has_not_begun_retires_and_what_has_begun_stays() -> None:
    mia = staff("manager", "mia")
    later = rulebook.publish(approved().pk, clock.now() + HOUR, actor=mia)
    rulebook.retire(later.pk, actor=mia)
    assert rulebook.retire(later.pk, actor=mia).status == "retired"
    assert number_at(clock.now() + 2 * HOUR) == 1
    begun = rulebook.publish(approved("Again ").pk, None, actor=mia)
    with pytest.raises(NotRetirable):
        rulebook.retire(begun.pk, actor=mia)
    with pytest.raises(NotRetirable):
        rulebook.retire(RuleVersion.objects.get(rule_set="cn", number=1).pk, actor=mia)


def test_the_order_of_the_last_minute_is_judged_by_the_rules_of_its_minute() -> None:
    midnight = dt.datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    rulebook.publish(approved().pk, midnight, actor=staff("manager", "mia"))
    for minutes, number in ((-1, 1), (0, 2)):
        order = an_order()
        Order.objects.filter(pk=order.pk).update(placed_at=midnight + dt.timedelta(minutes=minutes))
        order.refresh_from_db()
        line = order.lines.get()
        ask = Ask(order_line=line, quantity=1, reason="preference", wish="return_refund")
        said = verdicts.preview(order, [ask], at=midnight + 48 * HOUR)[0]
        governing = version_at("cn", order.placed_at)
        assert governing
        assert (governing.number, said["sha256"]) == (number, governing.sha256)


def test_an_old_case_stays_under_its_version_and_the_next_request_is_judged_by_the_new_one() -> None:
    mia = staff("manager", "mia")
    ret = a_return(an_order(days_ago=1))
    begins = clock.now() - 24 * 30 * HOUR
    version = rulebook.publish(approved().pk, begins, actor=mia, retroactive=True, seen=1)
    again = verdicts.decide_found(ret, {}, {}, actor=staff("warehouse"), at=clock.now())[0]
    assert (again.version and again.version.number, again.pack_version) == (1, load_pack("cn").version)
    new = Verdict.objects.get(line__of=a_return(an_order(days_ago=1)))
    assert (new.version_id, new.pack_sha256, new.pack_version) == (version.pk, version.sha256, "2")
    assert explain(new.outcome, "en", "staff").version.endswith("2")
    assert affected(version, begins).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_publish_for_the_same_instant_one_wins() -> None:
    begins = clock.now() + HOUR
    mia = staff("manager", "mia")
    versions = [approved(f"No {number} ").pk for number in range(5)]

    def publish(number: int) -> str:
        try:
            rulebook.publish(versions[number % 5], begins, actor=mia)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "published"

    with ThreadPoolExecutor(max_workers=50) as pool:
        answers = list(pool.map(publish, range(50)))
    winners = RuleVersion.objects.published().filter(rule_set="cn", effective_from=begins)
    assert winners.count() == 1
    # The one version that won says so to everybody who asked for it; the four others are refused.
    assert (answers.count("published"), answers.count("instant_taken")) == (10, 40)
    assert connection.vendor == "postgresql"
