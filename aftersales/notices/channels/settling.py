"""What follows when a notice's message is settled: the notice says so, who waits hears, and the outbox forgets the words."""

from __future__ import annotations

from aftersales.ledger import outbox
from aftersales.ledger.models import Due, Outbound
from aftersales.notices.actions.undelivered import let_know
from aftersales.notices.models import Notice

_STATE = {
    Due.Status.DONE: Notice.State.SENT,
    Due.Status.FAILED: Notice.State.FAILED,
    Due.Status.UNKNOWN: Notice.State.UNKNOWN,
    Due.Status.QUARANTINED: Notice.State.FAILED,
    Due.Status.EXPIRED: Notice.State.EXPIRED,
}
_NOT_OUT = (Notice.State.FAILED, Notice.State.EXPIRED, Notice.State.STOPPED)


def settle(item: Outbound, *, shown: bool = False) -> None:
    """Write the outcome to the notice. Address and words are blanked once they are of no use any more.

    Template and parameters stay with the notice, so it can be said what was told. What a person may still send again is
    kept, except a code, which is worth nothing by then.
    """
    state = Notice.State.SHOWN if shown else _STATE[Due.Status(item.status)]
    if item.is_taken_back and item.status == Due.Status.FAILED:  # one in doubt stays so: they may have it
        state = Notice.State.STOPPED
    sent_at = item.done_at if item.status == Due.Status.DONE else None
    notice = Notice.objects.filter(pk=item.subject_id)
    notice.update(state=state, error=item.last_error[:300], why=item.why, sent_at=sent_at)
    if state in _NOT_OUT and (found := notice.first()) is not None:
        let_know(found)
    is_code = notice.filter(template="proof.code").exists()
    if is_code or item.status in (Due.Status.DONE, Due.Status.FAILED, Due.Status.EXPIRED):
        outbox.forget_words(item)
