"""The addresses of version 1. Nouns only: a change of state is made by posting one."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from aftersales.api.views import (
    attachments,
    changes,
    complaints,
    messages,
    orders,
    refunds,
    returns,
    rules,
    ticket_changes,
    tickets,
    verdicts,
)
from aftersales.api.views.docs import docs

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    # Archive
    path("orders/", orders.Orders.as_view(), name="orders"),
    path("orders/<int:order_id>/", orders.OneOrder.as_view(), name="order"),
    # What the rules say
    path("verdicts/", verdicts.Preview.as_view(), name="verdicts"),
    path("verdicts/<int:verdict_id>/", verdicts.OneVerdict.as_view(), name="verdict"),
    path("rules/<slug:rule_set>/versions/", rules.RuleVersions.as_view(), name="rule_versions"),
    path("rules/<slug:rule_set>/versions/<int:number>/", rules.OneRuleVersion.as_view(), name="rule_version"),
    # Tickets
    path("tickets/", tickets.Tickets.as_view(), name="tickets"),
    path("tickets/<str:ref>/", tickets.OneTicket.as_view(), name="ticket"),
    path("tickets/<str:ref>/messages/", messages.Messages.as_view(), name="messages"),
    path("tickets/<str:ref>/notes/", messages.NoteNoun.as_view(), name="notes"),
    path("tickets/<str:ref>/assignee/", ticket_changes.AssigneeNoun.as_view(), name="assignee"),
    path("tickets/<str:ref>/waiting/", ticket_changes.WaitingNoun.as_view(), name="waiting"),
    path("tickets/<str:ref>/closing/", ticket_changes.TicketClosingNoun.as_view(), name="ticket_closing"),
    path("tickets/<str:ref>/reopening/", ticket_changes.TicketReopeningNoun.as_view(), name="ticket_reopening"),
    path("complaints/", complaints.Complaints.as_view(), name="complaints"),
    path("complaints/<str:ref>/", complaints.OneComplaint.as_view(), name="complaint"),
    # Returns
    path("returns/", returns.Returns.as_view(), name="returns"),
    path("returns/<str:ref>/", returns.OneReturn.as_view(), name="return"),
    path("returns/<str:ref>/verdicts/", verdicts.ReturnVerdicts.as_view(), name="return_verdicts"),
    path("returns/<str:ref>/attachments/", attachments.Attachments.as_view(), name="attachments"),
    # Deciding
    path("returns/<str:ref>/approval/", changes.ApprovalNoun.as_view(), name="approval"),
    path("returns/<str:ref>/rejection/", changes.RejectionNoun.as_view(), name="rejection"),
    path("returns/<str:ref>/info-requests/", changes.InfoRequestNoun.as_view(), name="info_requests"),
    path("returns/<str:ref>/info-answer/", changes.InfoAnswerNoun.as_view(), name="info_answer"),
    path("returns/<str:ref>/contest/", changes.ContestNoun.as_view(), name="contest"),
    path("returns/<str:ref>/contest/settlement/", changes.ContestSettlementNoun.as_view(), name="contest_settlement"),
    # Goods
    path("returns/<str:ref>/parcels/", changes.ParcelsNoun.as_view(), name="parcels"),
    path("returns/<str:ref>/parcels/<int:parcel_id>/arrival/", changes.ArrivalNoun.as_view(), name="parcel_arrival"),
    path("returns/<str:ref>/receipts/", changes.ReceiptsNoun.as_view(), name="receipts"),
    path("returns/<str:ref>/inspection/", changes.InspectionNoun.as_view(), name="inspection"),
    # Exchange
    path("returns/<str:ref>/difference/", changes.DifferenceNoun.as_view(), name="difference"),
    path("returns/<str:ref>/replacement/", changes.ReplacementNoun.as_view(), name="replacement"),
    path(
        "returns/<str:ref>/replacement/arrival/", changes.ReplacementArrivalNoun.as_view(), name="replacement_arrival"
    ),
    path("returns/<str:ref>/refund-instead/", changes.RefundInsteadNoun.as_view(), name="refund_instead"),
    # Ending
    path("returns/<str:ref>/withdrawal/", changes.WithdrawalNoun.as_view(), name="withdrawal"),
    path("returns/<str:ref>/reopening/", changes.ReopeningNoun.as_view(), name="reopening"),
    path("returns/<str:ref>/closing/", changes.ClosingNoun.as_view(), name="closing"),
    # Money
    path("refunds/<str:ref>/", refunds.OneRefund.as_view(), name="refund"),
    path("refunds/<str:ref>/release/", refunds.ReleaseNoun.as_view(), name="refund_release"),
    path("refunds/<str:ref>/payment/", refunds.PaymentNoun.as_view(), name="refund_payment"),
    path("refunds/<str:ref>/looked-up/", refunds.LookedUpNoun.as_view(), name="refund_looked_up"),
    path("refunds/<str:ref>/retry/", refunds.RetryNoun.as_view(), name="refund_retry"),
]
