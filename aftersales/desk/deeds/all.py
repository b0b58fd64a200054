"""The table of deeds, in the order in which their buttons stand. `urls.py` makes an address of each, the ticket page a button."""

from __future__ import annotations

from typing import Any

from aftersales.desk.deeds import (
    archive,
    batches,
    birthdays,
    checklists,
    claims,
    complaints,
    complaints_after,
    complaints_begun,
    consents,
    decisions,
    endings,
    files,
    gifts,
    handback,
    mail,
    merging,
    parcels,
    people,
    privacy,
    promises,
    referrals,
    refunds,
    repairs,
    reviews,
    testimonials,
    ticket_details,
    ticket_fields,
    ticket_relations,
    tickets,
    visits,
)
from aftersales.desk.deeds.deed import Deed

ON_RETURN: tuple[type[Deed[Any]], ...] = (
    decisions.Approval,
    decisions.ObjectionAnswer,
    decisions.ProofAnswer,
    parcels.Difference,
    repairs.Repaired,
    parcels.Reshipment,
    parcels.Delivery,
    handback.Sending,
    handback.Delivered,
    handback.CameBack,
    endings.Reopening,
    decisions.ProofRequest,
    parcels.Tracking,
    decisions.ChangeToRefund,
    repairs.BeyondRepair,
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
    tickets.Distribution,
    promises.OnTicket,
    ticket_details.Waiting,
    ticket_details.Resumption,
    ticket_details.Details,
    ticket_relations.Merging,
    ticket_relations.Unmerging,
    ticket_relations.Splitting,
    ticket_relations.Linking,
    batches.Batched,
    tickets.Closing,
    tickets.ClosingOtherwise,
    tickets.Reopening,
    complaints_begun.OnTicket,
)
ON_BATCH: tuple[type[Deed[Any]], ...] = (batches.ReplyToAll, batches.RootCause, batches.BatchClosing)
IN_BATCH: tuple[type[Deed[Any]], ...] = (batches.Unbatched,)
IN_FIELDS: tuple[type[Deed[Any]], ...] = (ticket_fields.FillingIn,)
IN_CHECKLISTS: tuple[type[Deed[Any]], ...] = (checklists.Adding,)
ON_CHECKLIST: tuple[type[Deed[Any]], ...] = (checklists.LeavingOut,)
ON_CHECK: tuple[type[Deed[Any]], ...] = (checklists.Ticking, checklists.Unticking)
ON_LINKS: tuple[type[Deed[Any]], ...] = (ticket_relations.Unlinking,)
ON_ORDER: tuple[type[Deed[Any]], ...] = (archive.OrderNote, promises.OnOrder, complaints_begun.OnOrder)
ON_PERSON: tuple[type[Deed[Any]], ...] = (
    people.PersonNoted,
    promises.InCall,
    complaints_begun.OnPerson,
    people.PersonChanged,
    people.ContactAdded,
    people.ChannelsChosen,
    consents.ConsentGiven,
    consents.ConsentWithdrawn,
    birthdays.BirthdayNoted,
    birthdays.BirthdayForgotten,
    gifts.GiftGiven,
    referrals.ReferralNoted,
    referrals.ReferralTakenBack,
    testimonials.TestimonialKept,
    merging.PersonMerging,
)
ON_CONTACT: tuple[type[Deed[Any]], ...] = (people.ContactRemoved,)
ON_FILE: tuple[type[Deed[Any]], ...] = (files.FileHidden, files.FileShown)
ON_OWN_DATA: tuple[type[Deed[Any]], ...] = (privacy.CopyAsked, privacy.PersonErased)
ON_TESTIMONIAL: tuple[type[Deed[Any]], ...] = (testimonials.TestimonialPublished, testimonials.TestimonialEnded)
ON_GIFT: tuple[type[Deed[Any]], ...] = (gifts.GiftApproved, gifts.GiftSent, gifts.GiftDropped)
ON_PROMISE: tuple[type[Deed[Any]], ...] = (promises.PromiseKept, promises.PromiseBroken)
ON_ARRIVAL: tuple[type[Deed[Any]], ...] = (mail.Placing, mail.NewTicket, mail.PuttingAside, mail.Blocking)
ON_BLOCK: tuple[type[Deed[Any]], ...] = (mail.BlockEnded,)
ON_REVIEW: tuple[type[Deed[Any]], ...] = (
    reviews.Publication,
    reviews.Resuming,
    reviews.Work,
    reviews.Passing,
    reviews.TakingBack,
)
# In the order of the steps: the first that is open is what comes next.
ON_COMPLAINT: tuple[type[Deed[Any]], ...] = (
    complaints.Apology,
    complaints.Hearing,
    complaints.Aim,
    complaints.Fault,
    complaints.Interim,
    complaints.Plan,
    complaints_after.Cause,
    complaints_after.Rating,
    complaints_after.Escalating,
    complaints_after.Pack,
    complaints.Classifying,
    complaints.Waiver,
)
ON_CLAIM: tuple[type[Deed[Any]], ...] = (claims.Answer, claims.AskedAgain)
ON_ESCALATION: tuple[type[Deed[Any]], ...] = (complaints_after.Outcome,)
ON_IMPROVEMENT: tuple[type[Deed[Any]], ...] = (complaints_after.Improved, complaints_after.ImprovementOwner)
ON_VISIT: tuple[type[Deed[Any]], ...] = (visits.TakingVisit, visits.VisitAssignee, visits.CallingOff)

DEEDS = (
    *ON_RETURN,
    *ON_REFUND,
    *ON_PARCEL,
    *ON_CLAIM,
    *ON_TICKET,
    *IN_FIELDS,
    *IN_CHECKLISTS,
    *ON_CHECKLIST,
    *ON_CHECK,
    *ON_LINKS,
    *ON_BATCH,
    *IN_BATCH,
    *ON_ORDER,
    *ON_PROMISE,
    *ON_ARRIVAL,
    *ON_BLOCK,
    *ON_REVIEW,
    *ON_PERSON,
    *ON_CONTACT,
    *ON_FILE,
    *ON_OWN_DATA,
    *ON_GIFT,
    *ON_TESTIMONIAL,
    *ON_COMPLAINT,
    *ON_ESCALATION,
    *ON_IMPROVEMENT,
    *ON_VISIT,
)
