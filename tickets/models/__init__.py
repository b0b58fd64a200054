from tickets.models.calendar import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.message import Draft, Message
from tickets.models.saved_view import SavedView
from tickets.models.ticket import Queue, Ticket

__all__ = [
    "CalendarVersion",
    "Draft",
    "Message",
    "Queue",
    "SavedView",
    "Ticket",
    "WorkCalendar",
    "WorkingDay",
]
