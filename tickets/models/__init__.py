from tickets.models.arrival import Arrival, ArrivalSource
from tickets.models.calendar import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.closure import Closure, Reopening
from tickets.models.mail_account import MailAccount
from tickets.models.message import Draft, Message
from tickets.models.saved_view import SavedView
from tickets.models.ticket import Queue, Tag, Ticket

__all__ = [
    "Arrival",
    "ArrivalSource",
    "CalendarVersion",
    "Closure",
    "Draft",
    "MailAccount",
    "Message",
    "Queue",
    "Reopening",
    "SavedView",
    "Tag",
    "Ticket",
    "WorkCalendar",
    "WorkingDay",
]
