"""What the ledger holds of people (`aftersales.kernel.personal`). Imported by `LedgerConfig.ready`."""

from __future__ import annotations

from aftersales.kernel.personal import Fades, Rows, Stays, about, holds
from aftersales.ledger.models import Event


def _events(person_id: int) -> Rows:
    return Event.objects.filter(about(person_id, "subject"))


# Never changed, never deleted: what happened is told by keys and codes, so that nobody is named by it for long.
holds(
    "ledger.Event",
    of=_events,
    derived=True,
    tells="name at",
    untold="subject_type actor_kind actor_label data",
    stays={Stays.KEYS: "name subject_type actor_kind actor_label data"},
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
