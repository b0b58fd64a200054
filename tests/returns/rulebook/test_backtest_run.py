"""A back-test asked for in the office: begun, run piece by piece, cancelled, kept as evidence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event, Timer
from returns import history
from returns.actions.rulebook import save_draft, start_draft
from returns.actions.rulebook.backtesting import (
    NothingToTry,
    cancel_backtest,
    continue_backtest,
    start_backtest,
)
from returns.models import BacktestRun, CodedCase, RuleEvidence, RuleVersion
from returns.models.timeline import pack_of
from tests.world import a_return, an_order, customer, staff

pytestmark = pytest.mark.django_db


def a_draft() -> RuleVersion:
    """A draft of cn under which a wrong size is the shop's cause."""
    lead = staff("lead")
    draft = start_draft("cn", actor=lead)
    text = draft.files["cause.csv"]
    text = text.replace("no_reason|price|size,*,*,*,*,*,*,buyer", "no_reason|price,*,*,*,*,*,*,buyer")
    text = text.replace("C20,2,*,wrong,", "C20,2,*,size|wrong,")
    return save_draft(draft.pk, {**draft.files, "cause.csv": text}, revision=draft.revision, actor=lead)


def test_it_runs_in_pieces_and_its_result_is_evidence(
    drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PIECE", 2)
    for reason in ("preference", "wrong_choice.size", "flaw", "wrong_choice.size", "preference"):
        a_return(an_order(), reason=reason)
    draft, lead = a_draft(), staff("lead")

    run = start_backtest(draft.pk, actor=lead, fee_minor=1200)
    continue_backtest(run.pk, at=clock.now())
    run.refresh_from_db()
    assert (run.status, run.counted, run.total, run.percent) == ("running", 2, 5, 40)
    drain()

    run.refresh_from_db()
    assert (run.status, run.counted, run.state) == ("done", 5, {})
    assert run.evidence is not None
    assert (run.evidence.kind, run.evidence.verdict, run.evidence.sha256) == ("backtest", "pass", draft.sha256)
    report = run.evidence.report
    assert (report["cases"], report["changed"], report["against"]) == (5, 2, "cn@1")
    assert report["fees"]["assumed_minor"]["return"] == 1200
    assert report["domain"]["tables"][0]["table"] == "cause"
    example = report["transitions"][0]["examples"][0]
    assert example["ref"].startswith("R-")
    assert Event.objects.filter(name="rules.backtested").count() == 1
    assert not Timer.objects.pending().filter(kind="rules.backtest").exists()

    continue_backtest(run.pk, at=clock.now())  # a late turn changes nothing
    assert RuleEvidence.objects.filter(kind="backtest").count() == 1


def test_asking_again_while_it_runs_gives_the_same_run() -> None:
    draft, lead = a_draft(), staff("lead")
    run = start_backtest(draft.pk, actor=lead)
    assert start_backtest(draft.pk, actor=lead) == run
    assert Event.objects.filter(name="rules.backtest_begun").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        BacktestRun.objects.create(
            version=draft, sha256="x", against=run.against, against_sha256="y", fee_minor=1, by=run.by,
            begun_at=clock.now(),
        )  # fmt: skip


def test_it_can_be_cancelled_and_twice_is_once(drain: Callable[[], int]) -> None:
    a_return(an_order())
    draft, lead = a_draft(), staff("lead")
    run = start_backtest(draft.pk, actor=lead)

    cancel_backtest(run.pk, actor=lead)
    cancel_backtest(run.pk, actor=lead)
    drain()

    run.refresh_from_db()
    assert (run.status, run.evidence) == ("cancelled", None)
    assert Event.objects.filter(name="rules.backtest_cancelled").count() == 1
    assert start_backtest(draft.pk, actor=lead) != run


def test_a_draft_that_changes_meanwhile_ends_the_run(drain: Callable[[], int]) -> None:
    a_return(an_order())
    draft, lead = a_draft(), staff("lead")
    run = start_backtest(draft.pk, actor=lead)
    text = draft.files["cause.csv"].replace("C20,2,*,size|wrong,", "C20,2,*,wrong|size|loss,")
    save_draft(draft.pk, {**draft.files, "cause.csv": text}, revision=draft.revision, actor=lead)
    drain()

    run.refresh_from_db()
    assert run.status == "failed"
    assert "changed while" in run.trouble


def test_older_verdicts_are_coded_on_the_way(drain: Callable[[], int]) -> None:
    a_return(an_order())
    CodedCase.objects.all().delete()
    run = start_backtest(a_draft().pk, actor=staff("lead"))
    drain()
    run.refresh_from_db()
    assert (run.status, run.counted) == ("done", 1)


def test_who_may_not_and_what_cannot_be_tried() -> None:
    draft = a_draft()
    with pytest.raises(NotPermitted):
        start_backtest(draft.pk, actor=staff("agent"))
    with pytest.raises(NotFound):
        start_backtest(draft.pk, actor=customer())
    with pytest.raises(NothingToTry):
        start_backtest(draft.pk, actor=staff("lead"), against_id=draft.pk)
    with pytest.raises(NothingToTry):
        start_backtest(RuleVersion.objects.get(rule_set="cn", number=1).pk, actor=staff("lead"))
    with pytest.raises(BadInput):
        start_backtest(draft.pk, actor=staff("lead"), fee_minor=-1)
    run = start_backtest(draft.pk, actor=staff("lead"))
    with pytest.raises(NotPermitted):
        cancel_backtest(run.pk, actor=staff("auditor"))
    assert pack_of(draft).sha256 == draft.sha256
