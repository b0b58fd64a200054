from tickets.models.calendar import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.message import Draft, Message
from tickets.models.ticket import Queue, Ticket

__all__ = ["CalendarVersion", "Draft", "Message", "Queue", "Ticket", "WorkCalendar", "WorkingDay"]
