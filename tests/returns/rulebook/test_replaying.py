"""Every night a sample of verdicts is decided again; what came out otherwise is a work item that a person finds."""

from __future__ import annotations

import pytest

from aftersales.kernel import clock
from aftersales.ledger import daily
from aftersales.ledger.models import DailyRun, Event
from returns.actions.rulebook.replaying import ReplayDiffered, replay_sample
from returns.models import Verdict
from tests.world import a_return, an_order

pytestmark = pytest.mark.django_db


def test_what_still_holds_is_silent() -> None:
    a_return(an_order())
    assert replay_sample(clock.now()) == 1
    assert not Event.objects.filter(name="rules.replay_differed").exists()


def test_a_changed_record_fails_the_nightly_run_and_is_told_once() -> None:
    a_return(an_order())
    verdict = Verdict.objects.get()
    Verdict.objects.update(outcome={**verdict.outcome, "fault": "carrier"})
    now = clock.now()
    run = DailyRun.objects.create(job="returns.replay", day=clock.shop_date(now), due_at=now)
    daily.run(run)
    run.refresh_from_db()
    assert "1 of 1 verdicts differ" in run.last_error
    with pytest.raises(ReplayDiffered):
        replay_sample(now)
    event = Event.objects.get(name="rules.replay_differed")
    assert (event.subject_id, "fault" in event.data["what"][0]) == (verdict.pk, True)
