"""How content the customer is, asked twice: with what happened, and with what was done about it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.ledger.record import record
from tickets.actions.complaints.guards import lock_any
from tickets.models import Satisfaction

Stage = Satisfaction.Stage
SCORES = range(1, 6)
CHANNELS = ("portal", "phone", "chat", "email")


class NothingToRate(Conflict):
    code = "nothing_to_rate"
    sentence = _("There is no plan yet that the customer could judge. Ask again when something was done.")


class AnsweredBefore(Conflict):
    code = "answered_before"
    sentence = _("This was asked before, and the first answer counts: %(score)s of 5.")


@transaction.atomic
def rate(ticket_id: int, *, stage: str, score: int, channel: str, actor: Actor) -> Satisfaction:
    """Keep the customer's answer, 1 to 5. The same again changes nothing.

    The first answer of a stage stands: another score is refused (`AnsweredBefore`).
    """
    complaint = lock_any(ticket_id, actor, "complaint.rate")
    if stage not in Stage or score not in SCORES or channel not in CHANNELS:
        raise BadInput(_("Choose one of the five answers."), field="score", code="score_unknown")
    known: Satisfaction | None = complaint.ratings.filter(stage=stage).first()
    if known is not None:
        if known.score != score:
            raise AnsweredBefore(score=known.score)
        return known
    if stage == Stage.AFTER and complaint.planned_at is None:
        raise NothingToRate
    at = clock.now()
    row: Satisfaction = complaint.ratings.create(stage=stage, score=score, channel=channel, at=at)
    record("complaint.rated", on=complaint.ticket, actor=actor, at=at, stage=stage, stage_words=stage, score=score)
    return row
