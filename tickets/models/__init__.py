from tickets.models.arrival import Arrival, ArrivalSource
from tickets.models.batch import BatchProblem, BatchReply, BatchTicket
from tickets.models.block import Block
from tickets.models.bulk import BulkRow, BulkRun
from tickets.models.calendar import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.chat_source import ChatSource
from tickets.models.checklist import Checklist, TicketCheck, TicketChecklist
from tickets.models.clock import Clock, ClockNotice, ClockSegment
from tickets.models.closure import Closure, Reopening
from tickets.models.complaint import Apology, Complaint, ComplaintClass
from tickets.models.complaint_followup import Escalation, Improvement, Satisfaction
from tickets.models.evidence import EvidencePack
from tickets.models.field import TicketField
from tickets.models.mail_account import MailAccount
from tickets.models.message import Cc, Draft, Message
from tickets.models.phrase import Phrase, WordingTerm
from tickets.models.policy_move import PolicyMove
from tickets.models.promised import TicketPromise
from tickets.models.relation import Link, Merge
from tickets.models.review_ticket import ReviewTicket
from tickets.models.saved_view import SavedView
from tickets.models.sla_policy import PolicyVersion, SlaPolicy
from tickets.models.staffing import Absence, Skill
from tickets.models.ticket import Queue, Tag, Ticket
from tickets.models.visit import Visit, VisitTry
from tickets.models.visit_plan import VisitPlan, VisitQuestion, VisitStep

__all__ = [
    "Absence",
    "Apology",
    "Arrival",
    "ArrivalSource",
    "BatchProblem",
    "BatchReply",
    "BatchTicket",
    "Block",
    "BulkRow",
    "BulkRun",
    "CalendarVersion",
    "Cc",
    "ChatSource",
    "Checklist",
    "Clock",
    "ClockNotice",
    "ClockSegment",
    "Closure",
    "Complaint",
    "ComplaintClass",
    "Draft",
    "Escalation",
    "EvidencePack",
    "Improvement",
    "Link",
    "MailAccount",
    "Merge",
    "Message",
    "Phrase",
    "PolicyMove",
    "PolicyVersion",
    "Queue",
    "Reopening",
    "ReviewTicket",
    "Satisfaction",
    "SavedView",
    "Skill",
    "SlaPolicy",
    "Tag",
    "Ticket",
    "TicketCheck",
    "TicketChecklist",
    "TicketField",
    "TicketPromise",
    "Visit",
    "VisitPlan",
    "VisitQuestion",
    "VisitStep",
    "VisitTry",
    "WordingTerm",
    "WorkCalendar",
    "WorkingDay",
]
