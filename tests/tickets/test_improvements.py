"""Who sees to an improvement after a complaint: somebody who can see and finish it, told, and never left without anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.notices.models import Notice
from tests.world import a_complaint, an_order, member, staff
from tickets.actions.complaints.owning import ImprovementDone, give_improvement, who_may
from tickets.actions.complaints.preventing import finish_improvement, write_cause
from tickets.actions.details import change_ticket
from tickets.actions.leaving import hand_over
from tickets.models import Complaint, Improvement, Ticket

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def complaint() -> Complaint:
    return a_complaint(an_order())


def written(complaint: Complaint, owner: User, day: int = 3) -> Improvement:
    write_cause(
        complaint.ticket_id, root_cause="没有抽检", improvement="包装加一层气泡膜", owner_id=owner.pk,
        due_on=clock.shop_date(clock.now()) + dt.timedelta(days=day), actor=staff("agent"),
    )  # fmt: skip
    return Improvement.objects.get(text="包装加一层气泡膜")


def told() -> list[int]:
    rows = Notice.objects.filter(template="improvement.given", params__text="包装加一层气泡膜")
    return list(rows.order_by("pk").values_list("recipient_id", flat=True))


def closed_team(complaint: Complaint, *people: User) -> Team:
    team = Team.objects.create(name="甲组", is_closed=True)
    User.objects.filter(pk__in=[each.pk for each in people]).update(team=team)
    Ticket.objects.filter(pk=complaint.ticket_id).update(team=team)
    complaint.ticket.refresh_from_db()
    return team


def test_only_who_handles_complaints_and_sees_it_may_have_one(complaint: Complaint) -> None:
    agent, lead, manager = member("agent"), member("lead"), member("manager")
    outside, gone = member("agent", "outside"), member("agent", "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    unfit = [member("warehouse"), member("auditor"), gone]
    assert set(who_may(complaint.ticket)) == {agent, lead, manager, outside}
    closed_team(complaint, agent)
    assert set(who_may(complaint.ticket)) == {agent, lead, manager}
    for each in (*unfit, outside):
        with pytest.raises(BadInput) as refused:
            write_cause(
                complaint.ticket_id, root_cause="a", improvement="b", owner_id=each.pk,
                due_on=clock.shop_date(clock.now()), actor=staff("lead"),
            )  # fmt: skip
        assert (refused.value.field, refused.value.code) == ("owner", "owner_unknown")


def test_who_gets_one_is_told_once_and_nobody_of_what_they_took_on(complaint: Complaint, drain: Drain) -> None:
    other = member("agent", "other")
    for _ in range(2):
        written(complaint, other)
        drain()
    with pytest.raises(DoneOtherwise):
        written(complaint, other, day=5)
    assert told() == [other.pk]
    write_cause(
        complaint.ticket_id, root_cause="没有抽检", improvement="mine", owner_id=member("agent").pk,
        due_on=clock.shop_date(clock.now()), actor=staff("agent"),
    )  # fmt: skip
    drain()
    assert not Notice.objects.filter(template="improvement.given", params__text="mine").exists()


def test_it_is_given_to_somebody_else_until_it_is_done(complaint: Complaint, drain: Drain) -> None:
    one, other = member("agent", "one"), member("agent", "other")
    row = written(complaint, one)
    for _ in range(2):
        assert give_improvement(row.pk, user_id=other.pk, actor=staff("agent")).owner == other
    drain()
    assert told() == [other.pk], "who has given it on before they heard of it hears nothing"
    with pytest.raises(BadInput):
        give_improvement(row.pk, user_id=member("warehouse").pk, actor=staff("agent"))
    with pytest.raises(NotPermitted):
        give_improvement(row.pk, user_id=one.pk, actor=staff("auditor"))
    finish_improvement(row.pk, actor=staff("agent"))
    assert give_improvement(row.pk, user_id=other.pk, actor=staff("agent")).owner == other
    with pytest.raises(ImprovementDone):
        give_improvement(row.pk, user_id=one.pk, actor=staff("agent"))
    closed_team(complaint)
    with pytest.raises(NotFound):
        give_improvement(row.pk, user_id=one.pk, actor=staff("agent"))


def test_what_somebody_leaves_goes_to_the_lead_with_the_fewest(complaint: Complaint, drain: Drain) -> None:
    goes = member("agent", "goes")
    busy, free = member("lead"), member("lead", "free")  # the complaint of the test is the first one's already
    row = written(complaint, goes)
    hand_over(goes.pk, at=clock.now())
    row.refresh_from_db()
    assert row.owner == goes, "who was let in again keeps what is theirs"
    User.objects.filter(pk=goes.pk).update(is_active=False)
    for _ in range(2):
        hand_over(goes.pk, at=clock.now())
    drain()
    row.refresh_from_db()
    assert (row.owner, told()) == (free, [free.pk])
    assert set(Improvement.objects.exclude(pk=row.pk).values_list("owner", flat=True)) == {busy.pk}


def test_what_was_done_stays_theirs_and_without_any_lead_a_manager_has_it(complaint: Complaint) -> None:
    goes, manager = member("agent", "goes"), member("manager")
    done, row = finish_improvement(Improvement.objects.get().pk, actor=staff("lead")), written(complaint, goes)
    User.objects.filter(role__in=("agent", "lead"), pk__in=[goes.pk, done.owner_id]).update(is_active=False)
    for user in (goes.pk, done.owner_id):
        hand_over(user, at=clock.now())
    done.refresh_from_db()
    row.refresh_from_db()
    assert (done.owner, row.owner) == (member("lead"), manager)


def test_a_complaint_that_goes_to_a_closed_team_leaves_none_with_who_does_not_see_it(complaint: Complaint) -> None:
    outside, inside, lead = member("agent", "outside"), member("agent", "inside"), member("lead", "theirs")
    team = Team.objects.create(name="甲组", is_closed=True)
    User.objects.filter(pk__in=[inside.pk, lead.pk]).update(team=team)
    row = written(complaint, outside)
    write_cause(
        complaint.ticket_id, root_cause="没有抽检", improvement="stays", owner_id=inside.pk,
        due_on=clock.shop_date(clock.now()), actor=staff("agent"),
    )  # fmt: skip
    change_ticket(complaint.ticket_id, team_id=team.pk, actor=staff("agent"))
    row.refresh_from_db()
    assert row.owner == lead
    assert Improvement.objects.get(text="stays").owner == inside
    assert Event.objects.filter(name="improvement.given", data__owner=lead.pk).count() == 1
