"""Whoever refused does not answer the objection, and no program of theirs does: a key acts for its owner."""

from __future__ import annotations

import pytest

from aftersales.accounts.actions.keys import make_key
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.ledger.otherwise import DoneOtherwise
from returns.actions.decision import reject_return
from returns.actions.objections import contest_rejection, settle_contest
from returns.actions.payment import SecondPersonNeeded, release_refund
from returns.models import Contest, Rejection, Return
from tests.returns.test_return_road import inspected, sent_back
from tests.world import a_return, a_shop, a_sku, an_order, customer, member, staff

pytestmark = pytest.mark.django_db


def key_of(owner: str, role: str = "lead") -> Actor:
    """A program with that role, made for that member of staff."""
    key, _secret = make_key(name="ERP", role=role, owner=member("manager", owner), actor=staff("manager"))
    return key.as_actor()


def contested(by: Actor) -> Return:
    order = an_order()
    ret = a_return(order)
    reject_return(ret.pk, reason="标签已剪", clause="办法第八条", actor=by)
    contest_rejection(ret.pk, story="不是我剪的", actor=customer(order))
    return ret


def test_a_key_decides_in_the_name_of_its_owner() -> None:
    ret = contested(key_of("Ma"))
    assert Rejection.objects.get(of=ret).by == member("manager", "Ma")


@pytest.mark.parametrize(("refuses", "settles"), [("person", "key"), ("key", "person"), ("key", "key")])
def test_the_owner_of_a_key_and_the_key_are_the_same_eyes(refuses: str, settles: str) -> None:
    person = staff("manager", "Ma")
    actors = {"person": person, "key": key_of("Ma")}
    ret = contested(actors[refuses])
    with pytest.raises(Conflict) as refusal:
        settle_contest(ret.pk, upheld=True, answer="照片可见剪口", actor=actors[settles])
    assert refusal.value.code == "same_person"
    assert Contest.objects.get().settled_at is None


def test_the_key_of_another_may_settle_and_it_is_known_whose_it_is() -> None:
    ret = contested(staff("manager", "Ma"))
    settle_contest(ret.pk, upheld=True, answer="照片可见剪口", actor=key_of("Zhao"))
    with pytest.raises(DoneOtherwise):
        settle_contest(ret.pk, upheld=False, answer="another answer", actor=key_of("Zhao"))
    contest = Contest.objects.get()
    assert (contest.upheld, contest.settled_by) == (True, member("manager", "Zhao"))


@pytest.mark.parametrize("first", [True, False])
def test_no_program_is_one_of_the_two_people_of_a_large_refund(first: bool) -> None:
    ret = inspected(sent_back(an_order(shop=a_shop(), skus=[(a_sku(price=80_000), 1)])), accepted=1)
    refund = ret.refunds.get()
    if not first:
        release_refund(refund.pk, actor=staff())
    with pytest.raises(SecondPersonNeeded):
        release_refund(refund.pk, actor=key_of("Ma"))
    refund.refresh_from_db()
    assert (refund.status, refund.second_by_id) == ("due", None)
