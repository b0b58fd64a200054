"""The outbox channel that asks kuaidi100 where a parcel is, and hands the answer to the action that takes in a push."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Outbound
from aftersales.ledger.outbox import Permanent, Temporary
from aftersales.notices import outbound
from customers.actions import enquiries
from customers.actions.tracking import report
from customers.carriers import BadReport, enquiry
from customers.models import Shipment

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_AGAIN = 31 * 60.0  # seconds: kuaidi100 locks a number that is asked for twice within half an hour


class EnquiryChannel:
    name = enquiries.SOURCE
    repeatable = True  # a question changes nothing there, and its answer is taken in once

    def send(self, item: Outbound) -> str:
        shipment = Shipment.objects.select_related("order__address", "order__person").filter(pk=item.subject_id).first()
        if shipment is None or shipment.status in enquiries.SETTLED or shipment.number != item.payload["number"]:
            return self._not_asked(item, "it has arrived meanwhile, or has another number")
        if enquiries.lacks_phone(shipment):
            return self._not_asked(item, "this carrier tells only who names the receiver's phone, and it is gone")
        if not enquiries.counted(clock.now()):
            return self._not_asked(item, "the questions of the day are used up")
        try:
            told = self._ask(shipment)
            kept = report(enquiries.SOURCE, told, actor=SYSTEM) if told is not None else None
        except BadReport as error:
            enquiries.failed(str(error), clock.now())
            raise Permanent(f"The answer cannot be read: {error}") from error
        except (Temporary, Permanent) as failure:
            enquiries.failed(str(failure), clock.now())
            raise
        enquiries.answered(clock.now())
        return f"report {kept.pk}" if kept is not None else "no scan yet"

    def settled(self, item: Outbound) -> None:
        """The report is kept by then; a parcel that was not answered for is chosen again when its time comes."""

    def _not_asked(self, item: Outbound, why: str) -> str:
        """Nothing was said, so nothing is known of the service: its breaker stays as it is."""
        item.is_unasked = True
        return f"not asked: {why}"

    def _ask(self, shipment: Shipment) -> dict[str, object] | None:
        """Raises Permanent, or Temporary with the time after which the number may be asked for again."""
        form = enquiry.question(
            shipment.carrier, shipment.number, enquiries.phone_of(shipment),
            customer=settings.TRACKING_ASK_CUSTOMER, key=settings.TRACKING_ASK_KEY,
        )  # fmt: skip
        try:
            answer = outbound.post(settings.TRACKING_ASK_URL, urlencode(form).encode(), _FORM)
        except outbound.Refused as refusal:
            raise Permanent(f"TRACKING_ASK_URL is not called: {refusal}") from refusal
        except outbound.NotReached as absence:
            raise Temporary(str(absence), retry_after=_AGAIN) from absence
        except outbound.Lost as loss:
            # Nothing is in doubt that matters: a question changes nothing there.
            raise Temporary(str(loss), retry_after=_AGAIN) from loss
        if answer.status != 200:
            raise Temporary(f"kuaidi100 answered {answer.status}.", retry_after=max(_AGAIN, answer.retry_after or 0))
        try:
            told = enquiry.understood(answer.body, shipment.number)
        except enquiry.NotAskable as refusal:
            raise Permanent(str(refusal)) from refusal
        except enquiry.NotAnswered as silence:
            raise Temporary(str(silence), retry_after=_AGAIN) from silence
        return dict(told) if told is not None else None
