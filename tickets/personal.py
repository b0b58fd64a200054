"""What the work with a customer holds of them (`aftersales.kernel.personal`). Imported by `TicketsConfig.ready`."""

from __future__ import annotations

from django.db.models import Q

from aftersales.kernel.personal import NOTHING, Fades, Rows, Stays, holds, holds_keys
from customers.gather import open_ends
from customers.models import ContactPoint
from tickets.actions.complaints.evidence import forget_packs
from tickets.actions.visits.calling_off import nobody_to_visit
from tickets.models import Arrival, ArrivalSource, Block, Cc, Message, Ticket

GROUNDS, KEYS, SHOP = Stays.GROUNDS, Stays.KEYS, Stays.SHOP
_OTHER = Message.By.OTHER


def _sent_by(person_id: int) -> Q:
    """From an address or a phone of theirs."""
    own = ContactPoint.objects.filter(person=person_id).values("value")
    return Q(channel__in=(Arrival.Channel.EMAIL, Arrival.Channel.SMS), sender__in=own)


def _arrivals(person_id: int) -> Rows:
    """Placed on their tickets; sent by them and on none, or on somebody else's ticket by them as one in Cc."""
    elsewhere = _sent_by(person_id) & (Q(ticket=None) | Q(message__by=_OTHER))
    return Arrival.objects.filter(Q(ticket__person=person_id) | elsewhere)


def _own_arrivals(person_id: int) -> Rows:
    """Not what others, who were in Cc, wrote on their tickets."""
    return _arrivals(person_id).filter(~Q(message__by=_OTHER) | _sent_by(person_id))


def _messages(person_id: int) -> Rows:
    """On their tickets, and as one in Cc on tickets of others."""
    return Message.objects.filter(Q(ticket__person=person_id) | Q(by=_OTHER, arrival__in=_arrivals(person_id)))


def _in_cc(person_id: int) -> Rows:
    """On their tickets whoever was in Cc, and themselves on tickets of others."""
    addresses = ContactPoint.objects.filter(person=person_id, kind=ContactPoint.Kind.EMAIL).values("value")
    return Cc.objects.filter(Q(message__ticket__person=person_id) | Q(address__in=addresses))


def _blocks(person_id: int) -> Rows:
    """Of their address; a domain names nobody."""
    addresses = ContactPoint.objects.filter(person=person_id, kind=ContactPoint.Kind.EMAIL).values("value")
    return Block.objects.filter(sender__in=addresses)


def _originals(person_id: int) -> Rows:
    """Of what they sent, and of mails of others that name them in Cc."""
    named = Q(arrival__message__ccs__in=_in_cc(person_id))
    return ArrivalSource.objects.filter(Q(arrival__in=_arrivals(person_id)) | named).distinct()


def open_tickets(person_id: int) -> list[str]:
    """References of what somebody works on for them."""
    return list(Ticket.objects.open().filter(person=person_id).order_by("pk").values_list("ref", flat=True))


open_ends.register(open_tickets)

holds(
    "tickets.Ticket",
    of="person",
    tells="ref kind title status channel opened_at closed_at",
    untold="custom waiting_why",
    blanks={"title": NOTHING, "custom": {}, "waiting_why": ""},
    stays={KEYS: "ref channel"},
)
holds("tickets.Message", of=_messages, tells="by channel text at", untold="writer",
      blanks={"text": NOTHING, "writer": ""}, told_if=Q(internal=False, sent=True) & ~Q(by=_OTHER))  # fmt: skip
holds("tickets.Cc", of=_in_cc, untold="address", gone=True)
holds("tickets.Draft", of="ticket__person", untold="text cc phrase steps", gone=True)
holds(
    "tickets.Arrival",
    of=_arrivals,
    tells="ref channel sender sender_name subject text received_at",
    untold="sha256 content_sha256 external_id quoted auth remarks",
    blanks={"sender": "", "sender_name": "", "subject": "", "text": "", "quoted": "", "auth": "", "remarks": []},
    stays={KEYS: "ref sha256 content_sha256 external_id"},
    told_if=_own_arrivals,
)
holds("tickets.Block", of=_blocks, tells="sender at ended_at", untold="reason", gone=True,
      fades=Fades("blocks", "ended_at"))  # fmt: skip
holds("tickets.ArrivalSource", of=_originals, untold="raw", gone=True)
holds(
    "tickets.Complaint",
    of="ticket__person",
    tells="statement aim interim plan cost_minor currency received_at answered_at",
    untold="real_problem fault_reason root_cause unapologetic_reason",
    blanks={
        "statement": NOTHING, "real_problem": "", "aim": "", "fault_reason": "", "interim": "", "plan": "",
        "unapologetic_reason": "",
    },
    stays={GROUNDS: "currency", SHOP: "root_cause"},
)  # fmt: skip
holds("tickets.Apology", of="complaint__ticket__person", tells="channel words at", blanks={"words": NOTHING},
      stays={KEYS: "channel"})  # fmt: skip
holds(
    "tickets.Escalation",
    of="complaint__ticket__person",
    tells="to at settled_at",
    untold="reason outcome",
    blanks={"reason": NOTHING, "outcome": ""},
)
holds("tickets.Improvement", of="complaint__ticket__person", untold="text", stays={SHOP: "text"})
holds("tickets.Satisfaction", of="complaint__ticket__person", tells="stage score channel at", stays={KEYS: "channel"})
holds("tickets.EvidencePack", of="complaint__ticket__person", untold="language stored_name sha256",
      stays={KEYS: "language stored_name sha256"}, undo=forget_packs)  # fmt: skip
holds(
    "tickets.Visit",
    of="person",
    tells="ref channel state due_at outcome satisfaction usage suggestion answers needs ended_at",
    untold="key why_words",
    blanks={"usage": "", "suggestion": "", "answers": [], "needs": "", "why_words": ""},
    stays={KEYS: "ref key"},
    undo=nobody_to_visit,
)
holds("tickets.VisitTry", of="visit__person", tells="at channel result next_at", untold="note", blanks={"note": ""})
holds(
    "tickets.BulkRow",
    of="ticket__person",
    untold="code sentence before after",
    blanks={"sentence": "", "before": {}, "after": {}},
    stays={KEYS: "code"},
)
holds("tickets.TicketChecklist", of="ticket__person", untold="title_zh title_en left_out_why",
      blanks={"left_out_why": ""}, stays={SHOP: "title_zh title_en"})  # fmt: skip
holds("tickets.TicketCheck", of="of__ticket__person", untold="text_zh text_en", stays={SHOP: "text_zh text_en"})
holds("tickets.ClockSegment", of="clock__ticket__person", untold="reason", stays={KEYS: "reason"})
holds("tickets.ClockNotice", of="clock__ticket__person", untold="kind", stays={KEYS: "kind"})
holds_keys("ticket__person", "tickets.Closure", "tickets.Reopening", "tickets.Clock", "tickets.BatchTicket",
           "tickets.ReviewTicket", "tickets.TicketPromise")  # fmt: skip
holds_keys("source__person", "tickets.Merge")
holds_keys("one__person", "tickets.Link")
