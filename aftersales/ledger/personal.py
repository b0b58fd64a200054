"""What the ledger holds of people (`aftersales.kernel.personal`). Imported by `LedgerConfig.ready`."""

from __future__ import annotations

from aftersales.kernel.personal import Fades, Rows, Stays, about, holds
from aftersales.ledger.forgetting import forget_words
from aftersales.ledger.models import Event


def _events(person_id: int) -> Rows:
    return Event.objects.filter(about(person_id, "subject"))


# Never deleted: what happened is told by keys and codes, and by words of people only as long as they may be kept.
holds(
    "ledger.Event",
    of=_events,
    derived=True,
    tells="name at",
    untold="subject_type actor_kind actor_label data",
    stays={Stays.KEYS: "name subject_type actor_kind actor_label data"},
    undo=forget_words,
)
# The answer to a repeated request; whoever repeats it does so within minutes.
holds(
    "ledger.IdempotencyKey",
    of=None,
    untold="principal endpoint key request_sha256 response",
    stays={Stays.KEYS: "principal endpoint key request_sha256"},
    fades=Fades("answers", "created_at"),
)
holds(
    "ledger.Inbox",
    of=None,
    untold="source external_id payload result",
    stays={Stays.KEYS: "source external_id result"},
    fades=Fades("inbox", "received_at", blanks={"payload": {}}),
)
