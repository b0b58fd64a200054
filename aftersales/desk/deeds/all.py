"""The table of deeds, in the order in which their buttons stand. `urls.py` makes an address of each, the ticket page a button."""

from __future__ import annotations

from typing import Any

from aftersales.desk.deeds import (
    archive,
    decisions,
    endings,
    handback,
    mail,
    parcels,
    refunds,
    ticket_details,
    tickets,
)
from aftersales.desk.deeds.deed import Deed

ON_RETURN: tuple[type[Deed[Any]], ...] = (
    decisions.Approval,
    decisions.ObjectionAnswer,
    decisions.ProofAnswer,
    parcels.Difference,
    parcels.Reshipment,
    parcels.Delivery,
    handback.Sending,
    handback.Delivered,
    handback.CameBack,
    endings.Reopening,
    decisions.ProofRequest,
    parcels.Tracking,
    decisions.ChangeToRefund,
    decisions.Objection,
    decisions.Refusal,
    endings.Withdrawal,
    endings.FinalRefusal,
    handback.Unclaimed,
)
ON_REFUND: tuple[type[Deed[Any]], ...] = (refunds.Release, refunds.PaymentProof, refunds.Finding, refunds.Retry)
ON_PARCEL: tuple[type[Deed[Any]], ...] = (parcels.Arrival,)
ON_TICKET: tuple[type[Deed[Any]], ...] = (
    tickets.Taking,
    tickets.Assignee,
    ticket_details.Waiting,
    ticket_details.Resumption,
    ticket_details.Details,
    tickets.Closing,
    tickets.Reopening,
)
ON_ORDER: tuple[type[Deed[Any]], ...] = (archive.OrderNote, archive.PromiseMade)
ON_PROMISE: tuple[type[Deed[Any]], ...] = (archive.PromiseKept, archive.PromiseBroken)
ON_ARRIVAL: tuple[type[Deed[Any]], ...] = (mail.Placing, mail.NewTicket, mail.PuttingAside)

DEEDS = (*ON_RETURN, *ON_REFUND, *ON_PARCEL, *ON_TICKET, *ON_ORDER, *ON_PROMISE, *ON_ARRIVAL)
