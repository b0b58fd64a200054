"""What the archive holds of people (`aftersales.kernel.personal`). Imported by `CustomersConfig.ready`."""

from __future__ import annotations

from django.db.models import Q

from aftersales.kernel.personal import NOTHING, Fades, Rows, Stays, holds
from aftersales.notices.models import Posted
from customers.actions.copying import forget_copies
from customers.models import ContactPoint, Note, Person, Referral

BOOKS, GROUNDS, KEYS, PROOF, PUBLIC, SHOP = (
    Stays.BOOKS, Stays.GROUNDS, Stays.KEYS, Stays.PROOF, Stays.PUBLIC, Stays.SHOP,
)  # fmt: skip


def _entries(person_id: int) -> Rows:
    """With those that were merged into it."""
    return Person.objects.filter(Q(pk=person_id) | Q(merged_into=person_id))


def _notes(person_id: int) -> Rows:
    return Note.objects.filter(Q(person=person_id) | Q(order__person=person_id))


def _referrals(person_id: int) -> Rows:
    """Who recommended them and whom they recommended: a row with one of two erased says nothing any more."""
    return Referral.objects.filter(Q(person=person_id) | Q(by=person_id))


def _posted(person_id: int) -> Rows:
    """In the demo's mailbox, which production refuses."""
    return Posted.objects.filter(to__in=ContactPoint.objects.filter(person=person_id).values("value"))


holds(
    "customers.Person",
    of=_entries,
    tells="ref name nick locale external_id source created_at",
    blanks={"name": "", "nick": "", "external_id": ""},
    stays={KEYS: "ref source locale"},
)
holds("customers.ContactPoint", of="person", tells="kind value verified_at created_at", untold="tail", gone=True)
holds(
    "customers.Address",
    of="person",
    tells="recipient phone country province city district line postcode is_masked",
    gone=True,
)
holds("customers.Birthday", of="person", tells="month day source given_at", gone=True)
holds("customers.Note", of=_notes, tells="text at", gone=True)
holds(
    "customers.Consent",
    of="person",
    tells="purpose given_at withdrawn_at proof withdrawal",
    blanks={"proof": "", "withdrawal": ""},
)
holds("customers.Referral", of=_referrals, tells="how source on", gone=True,
      told_if=lambda person_id: Referral.objects.filter(person=person_id))  # fmt: skip
holds(
    "customers.Testimonial",
    of="person",
    tells="text shown_as source state given_at place published_at ended_at",
    blanks={"text": "", "shown_as": "", "source": ""},
    stays={SHOP: "place"},
)
holds(
    "customers.Gift",
    of="person",
    tells="what why cost_minor currency way state asked_at sent_at",
    untold="dropped_why",
    blanks={"why": NOTHING, "dropped_why": ""},
    stays={BOOKS: "what currency"},
)
holds(
    "customers.Promise",
    of="person",
    tells="text terms made_at due_at kept_at broken_at",
    blanks={"text": NOTHING},
    stays={GROUNDS: "terms"},
)
holds(
    "customers.CareMessage", of="person", tells="goods day state why", untold="key", stays={KEYS: "key", BOOKS: "goods"}
)
holds("customers.Standing", of="person", tells="currency orders spent_minor first_order_on last_order_on",
      stays={BOOKS: "currency"})  # fmt: skip
holds("customers.Score", of="person", tells="recency frequency money orders last_order_on since")
holds("customers.Membership", of="person", tells="tier since")
holds(
    "customers.Review",
    of="person",
    tells="ref platform external_id order_number goods nick stars text photos state at",
    untold="key complaints passed_why passed_params",
    blanks={"nick": ""},
    stays={PUBLIC: "text complaints external_id order_number goods", KEYS: "ref key", SHOP: "passed_why passed_params"},
)
holds("customers.ReviewReply", of="review__person", tells="text at published_at", stays={PUBLIC: "text"})
holds(
    "customers.Order",
    of="person",
    tells="platform number status external_status currency goods_minor discount_minor freight_minor paid_minor"
          " refunded_minor payment_method buyer_message placed_at paid_at shipped_at delivered_at completed_at",
    untold="seller_memo claim_sha256 content_sha256",
    blanks={"buyer_message": "", "seller_memo": "", "claim_sha256": ""},
    stays={BOOKS: "platform number external_status currency payment_method", KEYS: "content_sha256"},
)  # fmt: skip
holds(
    "customers.OrderLine",
    of="order__person",
    tells="title variant quantity unit_price_minor discount_minor paid_minor",
    untold="number platform_refund",
    stays={BOOKS: "number title variant platform_refund"},
)
holds(
    "customers.Payment",
    of="order__person",
    tells="method instalments amount_minor reference captured_at",
    stays={BOOKS: "reference"},
)
holds("customers.Shipment", of="order__person", tells="carrier number status shipped_at signed_at",
      stays={BOOKS: "carrier number"})  # fmt: skip
holds("customers.TrackingEvent", of="shipment__order__person", tells="at status text", blanks={"text": ""})
holds(
    "customers.TrackingReport",
    of="shipments__order__person",
    tells="carrier number received_at",
    untold="source key body",
    blanks={"body": {}},
    stays={BOOKS: "carrier number", KEYS: "source key"},
    fades=Fades("tracking_reports", "received_at", ~Q(state="unplaced"), blanks={"body": {}}),
)
holds("customers.ProofCode", of="order__person", untold="code_hash", gone=True, fades=Fades("codes", "expires_at"))
holds("customers.ShopLink", of="order__person", untold="token_sha256", gone=True, fades=Fades("codes", "expires_at"))
holds("customers.ProofAttempt", of=None, untold="target_sha256 source kind", fades=Fades("proof_attempts", "at"))
holds("customers.PersonCopy", of="person", tells="status at expires_at", untold="language stored_name sha256",
      stays={KEYS: "language stored_name sha256"}, undo=forget_copies)  # fmt: skip
holds("customers.Erasure", of="person", tells="ground at")
# What it is for: so that a later import does not bring the person back.
holds("customers.ErasedKey", of="erasure__person", untold="sha256", stays={KEYS: "sha256"})
holds("customers.ImportRun", of=None, untold="source path report", stays={KEYS: "source", SHOP: "path"},
      fades=Fades("import_reports", "started_at", blanks={"report": {}}))  # fmt: skip
holds("notices.Posted", of=_posted, derived=True, untold="kind to subject text message_id", gone=True,
      fades=Fades("mailbox", "at"))  # fmt: skip
