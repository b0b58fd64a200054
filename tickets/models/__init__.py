from tickets.models.message import Draft, Message
from tickets.models.ticket import Queue, Ticket

__all__ = ["Draft", "Message", "Queue", "Ticket"]
