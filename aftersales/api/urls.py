"""The addresses of version 1. Nouns only: a change of state is made by posting one."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from aftersales.api.views import (
    attachments,
    changes,
    complaint_changes,
    complaints,
    messages,
    orders,
    refunds,
    returns,
    rules,
    ticket_changes,
    tickets,
    verdicts,
    visits,
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
    path("tickets/<str:ref>/details/", ticket_changes.DetailsNoun.as_view(), name="ticket_details"),
    path("tickets/<str:ref>/fields/", ticket_changes.OwnFieldsNoun.as_view(), name="ticket_fields"),
    path("tickets/<str:ref>/merging/", ticket_changes.MergingNoun.as_view(), name="ticket_merging"),
    path("tickets/<str:ref>/closing/", ticket_changes.TicketClosingNoun.as_view(), name="ticket_closing"),
    path("tickets/<str:ref>/reopening/", ticket_changes.TicketReopeningNoun.as_view(), name="ticket_reopening"),
    path("complaints/", complaints.Complaints.as_view(), name="complaints"),
    path("complaints/<str:ref>/", complaints.OneComplaint.as_view(), name="complaint"),
    path("complaints/<str:ref>/apology/", complaint_changes.ApologyNoun.as_view(), name="complaint_apology"),
    path("complaints/<str:ref>/apology-waiver/", complaint_changes.ApologyWaiverNoun.as_view(), name="apology_waiver"),
    path("complaints/<str:ref>/hearing/", complaint_changes.HearingNoun.as_view(), name="complaint_hearing"),
    path("complaints/<str:ref>/aim/", complaint_changes.AimNoun.as_view(), name="complaint_aim"),
    path("complaints/<str:ref>/class/", complaint_changes.ClassNoun.as_view(), name="complaint_class"),
    path("complaints/<str:ref>/fault/", complaint_changes.FaultNoun.as_view(), name="complaint_fault"),
    path("complaints/<str:ref>/interim/", complaint_changes.InterimNoun.as_view(), name="complaint_interim"),
    path("complaints/<str:ref>/plan/", complaint_changes.PlanNoun.as_view(), name="complaint_plan"),
    path("complaints/<str:ref>/promise/", complaint_changes.PromiseNoun.as_view(), name="complaint_promise"),
    path("complaints/<str:ref>/satisfaction/", complaint_changes.SatisfactionNoun.as_view(), name="satisfaction"),
    path("complaints/<str:ref>/cause/", complaint_changes.CauseNoun.as_view(), name="complaint_cause"),
    path(
        "complaints/<str:ref>/improvements/<int:improvement_id>/finish/",
        complaint_changes.ImprovementNoun.as_view(),
        name="improvement_finish",
    ),
    path("complaints/<str:ref>/escalations/", complaint_changes.EscalationsNoun.as_view(), name="escalations"),
    path(
        "complaints/<str:ref>/escalations/<int:escalation_id>/outcome/",
        complaint_changes.OutcomeNoun.as_view(),
        name="escalation_outcome",
    ),
    # Visits
    path("visits/", visits.Visits.as_view(), name="visits"),
    path("visits/<str:ref>/", visits.OneVisit.as_view(), name="visit"),
    path("visits/<str:ref>/outcome/", visits.VisitOutcomeNoun.as_view(), name="visit_outcome"),
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
    # Repair
    path("returns/<str:ref>/repair/", changes.RepairNoun.as_view(), name="repair"),
    path("returns/<str:ref>/repair/end/", changes.RepairEndNoun.as_view(), name="repair_end"),
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
