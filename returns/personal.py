"""What requests about goods hold of people (`aftersales.kernel.personal`). Imported by `ReturnsConfig.ready`."""

from __future__ import annotations

from aftersales.kernel.personal import NOTHING, Fades, Stays, holds
from customers.gather import open_ends
from returns.actions.drafts import forget_drafts
from returns.models import Refund, Return

BOOKS, GROUNDS, KEYS, SHOP = Stays.BOOKS, Stays.GROUNDS, Stays.KEYS, Stays.SHOP


def open_requests(person_id: int) -> list[str]:
    """References of what is not settled with them: requests, and money that is not on its way for good."""
    requests = Return.objects.open().filter(person=person_id).order_by("pk").values_list("ref", flat=True)
    owed = (Refund.Status.DUE, Refund.Status.SENDING, Refund.Status.FAILED, Refund.Status.UNKNOWN)
    refunds = Refund.objects.filter(of__person=person_id, status__in=owed).order_by("pk").values_list("ref", flat=True)
    return [*requests, *refunds]


open_ends.register(open_requests)

holds("returns.Return", of="person", tells="ref kind status channel submitted_at closed_at",
      stays={KEYS: "ref channel"})  # fmt: skip
holds(
    "returns.ReturnLine",
    of="of__person",
    tells="quantity reason found_reason story received_quantity accepted_quantity",
    blanks={"story": ""},
    stays={GROUNDS: "reason found_reason"},
)
holds("returns.ReturnDraft", of="order__person", tells="data started_at saved_at", untold="key", gone=True,
      undo=forget_drafts, fades=Fades("return_drafts", "saved_at"))  # fmt: skip
holds("returns.Approval", of="of__person", tells="at recipient phone address most_minor",
      stays={SHOP: "recipient phone address"})  # fmt: skip
holds(
    "returns.Rejection",
    of="of__person",
    tells="at stage reason clause alternative lifted_at final_at",
    blanks={"reason": NOTHING, "alternative": ""},
    stays={GROUNDS: "stage clause"},
)
holds(
    "returns.Contest",
    of="rejection__of__person",
    tells="story at settled_at upheld answer",
    blanks={"story": NOTHING, "answer": ""},
)
holds(
    "returns.InfoRequest",
    of="of__person",
    tells="at question answered_at answer",
    blanks={"question": NOTHING, "answer": ""},
)
holds("returns.Inspection", of="line__of__person", tells="quantity accepted grade disposition at", untold="note",
      blanks={"note": ""})  # fmt: skip
holds("returns.Receipt", of="line__of__person", tells="quantity at", untold="key", stays={KEYS: "key"})
holds("returns.ReturnParcel", of="of__person", tells="carrier number entered_at signed_at",
      stays={BOOKS: "carrier number"})  # fmt: skip
holds("returns.Reshipment", of="of__person", tells="carrier number shipped_at delivered_at",
      stays={BOOKS: "carrier number"})  # fmt: skip
holds("returns.Handback", of="of__person", tells="carrier number sent_at outcome ended_at",
      stays={BOOKS: "carrier number"})  # fmt: skip
holds(
    "returns.Repair", of="of__person", tells="came_in_at fault parts outcome ended_at", stays={GROUNDS: "fault parts"}
)
holds(
    "returns.Exchange",
    of="of__person",
    tells="difference_minor currency difference_status payment_ref settled_at",
    stays={BOOKS: "currency payment_ref difference_status"},
)
holds(
    "returns.Refund",
    of="of__person",
    tells="ref purpose status total_minor currency paid_at provider_ref",
    untold="provider failure",
    stays={BOOKS: "ref currency provider provider_ref failure"},
)
holds("returns.RefundComponent", of="refund__of__person", tells="kind quantity amount_minor")
holds("returns.FreightEntry", of="of__person", tells="leg payer amount_minor", stays={BOOKS: "payer"})
holds("returns.CarrierClaim", of="of__person", untold="carrier number reason currency answer",
      blanks={"answer": ""}, stays={BOOKS: "carrier number reason currency"})  # fmt: skip
holds(
    "returns.Verdict",
    of="line__of__person",
    tells="stage facts outcome decided_at",
    untold="pack pack_version pack_sha256 semantics",
    stays={GROUNDS: "facts outcome pack pack_version pack_sha256 semantics"},
)
holds("returns.CodedCase", of="line__of__person", untold="pack currency facts", stays={GROUNDS: "pack currency facts"})
