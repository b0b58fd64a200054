"""The outbox channel that pays refunds. Registered in `apps`; the sweep calls it."""

from __future__ import annotations

from aftersales.ledger import outbox
from aftersales.ledger.models import Outbound
from returns.actions import payment
from returns.models import Refund, Return
from returns.providers import PROVIDERS, Payment


class RefundChannel:
    name = "refund"
    repeatable = True  # the key makes a repeated payment the same payment

    def send(self, item: Outbound) -> str:
        provider = PROVIDERS.get(item.payload["provider"])
        if provider is None:
            raise outbox.Permanent(f"There is no payment provider {item.payload['provider']}.")
        return provider.pay(
            Payment(item.key, item.payload["order"], item.payload["amount_minor"], item.payload["currency"])
        )

    def settled(self, item: Outbound) -> None:
        refund = Refund.objects.get(pk=item.subject_id)
        ret: Return = Return.objects.lock(refund.of_id)
        refund.refresh_from_db()
        if refund.status not in (Refund.Status.SENDING, Refund.Status.UNKNOWN):
            return
        if item.status == Outbound.Status.DONE:
            payment.mark_paid(refund, ret, provider_ref=item.provider_ref)
        elif item.status == Outbound.Status.FAILED:
            payment.mark_failed(refund, ret, why=item.last_error)
        else:
            payment.mark_unknown(refund, ret, why=item.last_error)
