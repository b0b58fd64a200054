"""Try a version of the rules on the stored cases: begin, go on piece by piece, cancel. Called by the office and by the
clock.

A run is a row with a due timer. Each turn of the timer decides one piece of the cases, keeps what was counted and sets
the timer again, so that a run of any length shows its progress, survives a crash and can be cancelled.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from aftersales.ledger.timers import cancel, set_timer
from returns.actions.coding import code_missing
from returns.actions.rulebook.drafting import person
from returns.history import Place, count_cases, name_cases, read_cases
from returns.models import BacktestRun, RuleEvidence, RuleVersion
from returns.models.timeline import TamperedRules, pack_of
from returns.rules.arrays import NoNumPy
from returns.rules.backtest import Tally
from returns.rules.backtest_report import with_refs
from returns.rules.costs import ASSUMED_FEE
from returns.rules.text import PackError
from returns.rules.verdict import LEGS

TIMER = "rules.backtest"
MOST_FEE = 10_000_000  # minor units; what a leg could cost and no more
S = BacktestRun.Status


class NothingToTry(BadInput):
    """A draft that cannot be read, or a version against itself."""

    code = "nothing_to_try"
    sentence = _("Version %(version)s cannot be tried: %(why)s")


@transaction.atomic
def start_backtest(
    version_id: int,
    *,
    actor: Actor,
    against_id: int | None = None,
    since: dt.date | None = None,
    fee_minor: int = ASSUMED_FEE,
) -> BacktestRun:
    """Begin to try a version on the cases decided since a day (all by default), against another one (by default the
    one it was begun from). While a run of the version is under way, asking again gives that one.

    `fee_minor` is in minor units. Raises `NotFound`, `NotPermitted` and `NothingToTry`.
    """
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.backtest")
    running = BacktestRun.objects.filter(version=version, status=S.RUNNING).first()
    if running is not None:
        return running
    against = _against(version, against_id, actor)
    if not version.sha256:
        raise NothingToTry(version=str(version), why=_("its text cannot be read yet"))
    if not 0 <= fee_minor <= MOST_FEE:
        raise BadInput(_("The assumed freight of a leg is too large or negative."), field="fee")
    now = clock.now()
    run = BacktestRun.objects.create(
        version=version, sha256=version.sha256, against=against, against_sha256=against.sha256, since=since,
        fee_minor=fee_minor, by_id=person(actor), begun_at=now, total=count_cases(version.rule_set, since),
    )  # fmt: skip
    set_timer(TIMER, on=run, due_at=now, at=now)
    record("rules.backtest_begun", on=version, actor=actor, at=now, version=str(version), against=str(against))
    return run


@transaction.atomic
def cancel_backtest(run_id: int, *, actor: Actor) -> BacktestRun:
    """Stop a run; what it has counted is dropped. Cancelling one that has ended changes nothing."""
    run: BacktestRun = BacktestRun.objects.visible_to(actor).lock(run_id)
    check(actor, "rules.backtest")
    if not run.is_running:
        return run
    _end(run, S.CANCELLED, at=clock.now())
    record("rules.backtest_cancelled", on=run.version, actor=actor, version=str(run.version))
    return run


@transaction.atomic
def continue_backtest(run_id: int, *, at: dt.datetime) -> BacktestRun:
    """One turn: code older verdicts, or decide one piece, or finish. A run that has ended stays as it is."""
    run: BacktestRun = BacktestRun.objects.lock(run_id)
    if not run.is_running:
        return run
    try:
        _turn(run, at)
    except (PackError, TamperedRules, NoNumPy) as error:
        _end(run, S.FAILED, at=at, trouble=str(error)[:500])
    return run


def _turn(run: BacktestRun, at: dt.datetime) -> None:
    if (run.version.sha256, run.against.sha256) != (run.sha256, run.against_sha256):
        _end(run, S.FAILED, at=at, trouble=gettext_noop("The draft was changed while it was being tried. Begin again."))
        return
    coded = code_missing(actor=SYSTEM)
    tally = Tally(pack_of(run.against), pack_of(run.version), dict.fromkeys(LEGS, run.fee_minor))
    tally.state = run.state.get("tally") or tally.state
    if not coded:
        place = Place(*run.state.get("place", (0, 0)))
        piece = next(read_cases(run.version.rule_set, run.since, place), None)
        if piece is None:
            _finish(run, tally, at)
            return
        place, cases = piece
        tally.add(cases)
        run.state = {"tally": tally.state, "place": [place.coding, place.line]}
    run.total = count_cases(run.version.rule_set, run.since)
    run.counted = tally.state["cases"]
    run.save(update_fields=["state", "total", "counted"])
    set_timer(TIMER, on=run, due_at=at, at=at)


def _finish(run: BacktestRun, tally: Tally, at: dt.datetime) -> None:
    report = tally.report().as_dict()
    with_refs(report, name_cases)
    report["against"] = str(run.against)
    report["since"] = run.since.isoformat() if run.since else ""
    run.evidence = RuleEvidence.objects.create(
        version=run.version, sha256=run.sha256, kind=RuleEvidence.Kind.BACKTEST, verdict=RuleEvidence.Verdict.PASS,
        report=report, made_at=at,
    )  # fmt: skip
    run.counted = run.total = report["cases"]
    _end(run, S.DONE, at=at)
    record(
        "rules.backtested", on=run.version, actor=SYSTEM, at=at, version=str(run.version), cases=report["cases"],
        changed=report["changed"],
    )  # fmt: skip


def _end(run: BacktestRun, status: BacktestRun.Status, *, at: dt.datetime, trouble: str = "") -> None:
    run.status, run.ended_at, run.trouble, run.state = status, at, trouble, {}
    run.save(update_fields=["status", "ended_at", "trouble", "state", "counted", "total", "evidence"])
    cancel(TIMER, on=run)


def _against(version: RuleVersion, against_id: int | None, actor: Actor) -> RuleVersion:
    """The version to compare with: the one that is named, else the one it was begun from."""
    wanted = against_id or version.base_id
    seen = RuleVersion.objects.visible_to(actor).filter(rule_set=version.rule_set)
    found: RuleVersion | None = seen.filter(pk=wanted).first()
    if found is None or found.pk == version.pk or not found.sha256:
        raise NothingToTry(version=str(version), why=_("choose another version of the same rules to compare with"))
    return found
