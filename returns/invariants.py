"""What must hold of returns and their money. Looked at every hour by the self-check."""

from __future__ import annotations

import datetime as dt

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from aftersales.ledger.models import Event, Outbound
from aftersales.ledger.selfcheck import LOOK_BACK, Broken, must_hold
from customers.models import Order
from returns.models import Refund, Return

_TAKEN = (Refund.Status.SENDING, Refund.Status.PAID, Refund.Status.UNKNOWN)
_TRANSFERS = (Refund.Purpose.FREIGHT, Refund.Purpose.TOP_UP)
_DECISIONS = ("return.approved", "return.rejected", "refund.due", "refund.sending", "refund.paid", "exchange.shipped",
              "repair.begun", "repair.shipped")  # fmt: skip


@must_hold(
    "I3",
    _("Every payment the provider made is a refund that is paid, with the same amount, and no refund was paid twice."),
    _("Look the payment up at the provider before anything else; then settle the refund on its return."),
)
def paid_otherwise(now: dt.datetime) -> Broken:
    made = Outbound.objects.filter(channel="refund", status="done", subject_type="returns.refund")
    paid = Refund.objects.filter(pk=OuterRef("subject_id"), status=Refund.Status.PAID)
    lately = made.filter(done_at__gt=now - LOOK_BACK)
    amount = Cast(KT("payload__amount_minor"), BigIntegerField())
    same = paid.filter(total_minor=OuterRef("amount"))
    again = made.filter(subject_id=OuterRef("subject_id")).exclude(pk=OuterRef("pk"))
    return [lately.annotate(amount=amount).filter(~Exists(same) | Exists(again)).order_by("pk")]


@must_hold(
    "I4",
    _("What was refunded for an order is counted on the order, and is not more than was paid."),
    _(
        "Stop refunds to the payment provider on this page, and compare the refunds of the order with what the provider paid."
    ),
)
def miscounted(now: dt.datetime) -> Broken:
    """Of orders with a refund of late. One may come with refunds of its platform, so its count may be higher than ours."""
    since = now - LOOK_BACK
    lately = Refund.objects.filter(Q(created_at__gt=since) | Q(paid_at__gt=since)).values("of__order_id")
    ours = Refund.objects.filter(status__in=_TAKEN, of__order_id__in=lately).exclude(purpose__in=_TRANSFERS)
    sums = ours.values("of__order_id", "of__order__refunded_minor").annotate(sum=Sum("total_minor"))
    more = sums.filter(sum__gt=F("of__order__refunded_minor")).values("of__order_id")
    return [Order.objects.filter(pk__in=more).order_by("pk")]  # not more than was paid: the database holds it


@must_hold(
    "I6",
    _("Nothing was decided on a request after it was withdrawn."),
    _("Open the request: undo what followed the withdrawal, and tell the customer."),
)
def decided_after_withdrawal(now: dt.datetime) -> Broken:
    withdrawn = Event.objects.filter(
        name="return.withdrawn", subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"),
        pk__lt=OuterRef("pk"),
    )  # fmt: skip
    decisions = Event.objects.filter(name__in=_DECISIONS, at__gt=now - LOOK_BACK, subject_type="returns.return")
    after = decisions.filter(Exists(withdrawn)).values("subject_id")
    return [Return.objects.filter(pk__in=after).order_by("pk")]
