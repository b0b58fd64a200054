"""A shop with two closed teams, and one case each: of one's own, of a colleague in the team, of the other team, of nobody.

All are about the same customer, so that everything about that customer is where another team's case could show. What
belongs to a case bears its marks: references, numbers and words that stand nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from aftersales.accounts.actions.keys import make_key
from aftersales.accounts.models import Team, User
from aftersales.desk.packlinks import address_of
from aftersales.files.actions.attaching import attach_all
from aftersales.kernel import clock
from aftersales.kernel.refs import new_ref
from aftersales.ledger import lease
from aftersales.ledger.deliveries import deliver
from aftersales.ledger.models import Delivery
from returns.actions.decision import approve_return
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.shipping import enter_tracking
from returns.models import Return
from tests.faces.api.test_callers import a_photo
from tests.whole.cast import World
from tests.world import a_claim, a_complaint, a_person, a_return, an_order, customer, member, staff
from tickets.actions.complaints.evidence import ask_pack, build_pack
from tickets.actions.complaints.hearing import hear_out
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.linking import link_tickets
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.actions.splitting import split_ticket
from tickets.actions.visits.planning import plan_after_signing
from tickets.models import Arrival, Ticket, Visit
from tickets.models.arrival import ArrivalSource

WHOSE = ("own", "team", "other", "nobody")
# Who asks, and whether the other team's case is closed to them.
ASKERS = {"agent": True, "program": True, "warehouse": False, "lead": False, "manager": False, "auditor": False}
_WORDS = {"own": "紫水晶", "team": "绿松石", "other": "黑曜石", "nobody": "月光石"}


@dataclass(frozen=True, slots=True)
class Case:
    """A question and a return with everything that hangs on it."""

    question: Ticket
    ret: Return
    refund: str
    names: dict[str, str]
    marks: frozenset[str]


class TeamWorld(World):
    """Behind the same doors, with `names` of one case at a time (`show`)."""

    def __init__(self) -> None:
        super().__init__()
        self.teams = {name: Team.objects.create(name=name, is_closed=True) for name in ("甲组", "乙组")}
        for name, team in (("agent", "甲组"), ("colleague", "甲组"), ("foreigner", "乙组"), ("lead", "乙组")):
            user = member("lead" if name == "lead" else "agent", name)
            User.objects.filter(pk=user.pk).update(team=self.teams[team])
        self.person = a_person(name="顾北辰", phone="+8613655554444", email="gu@example.org")
        self.cases = {whose: self._case(whose) for whose in WHOSE}
        link_tickets(self.cases["own"].question.pk, self.cases["other"].question.pk, "related", actor=staff("manager"))
        self._merge_the_other_teams_into_ones_own()
        while (heard := lease.claim(Delivery, clock.now())) is not None:  # so that there are notices of every case
            deliver(heard)
        self._plain = dict(self.names)

    def _merge_the_other_teams_into_ones_own(self) -> None:
        """What was said on a ticket of a closed team is not opened by a lead who merges it into another."""
        order, words = self.cases["other"].ret.order, _WORDS["other"]
        closed = ask_question(order.pk, text=f"{words}并", actor=customer(order))
        note(closed.pk, text=f"{words}密", actor=staff("manager"))
        merge_tickets(closed.pk, self.cases["own"].question.pk, actor=staff("manager"))
        Ticket.objects.filter(pk=closed.pk).update(team=self.teams["乙组"])

    def show(self, whose: str) -> None:
        """Let the addresses be those of this case."""
        self.names = {**self._plain, **self.cases[whose].names}

    def enter(self, who: str) -> tuple[Client, dict[str, str]]:
        if who != "program":
            return super().enter(who)
        _key, secret = make_key(name="团队", role="agent", owner=member("manager"), actor=staff("manager"))
        return Client(), {"Accept-Language": "en", "Authorization": f"Bearer {secret}"}

    def another_of_the_other_team(self) -> None:
        """One more case of everything, with which nothing that is counted for others may change."""
        self._case("other")

    def _case(self, whose: str) -> Case:
        team = {"own": "甲组", "team": "甲组", "other": "乙组"}.get(whose)
        assignee = {"own": "agent", "team": "colleague", "other": "foreigner"}.get(whose)
        words, manager = _WORDS[whose], staff("manager")
        order = an_order(person=self.person)
        question = ask_question(order.pk, text=f"{words}问", actor=customer(order))
        receive_message(question.pk, text=f"{words}信", actor=customer(order))
        reply(question.pk, text=f"{words}答", actor=manager)
        note(question.pk, text=f"{words}注", actor=manager)
        ret = a_return(order)
        approve_return(ret.pk, actor=manager)
        number = f"SF99{order.pk:09d}"
        enter_tracking(ret.pk, carrier="SF", number=number, actor=customer(order))
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 1}, key=whose, actor=staff("warehouse"))
        inspect_goods(
            ret.pk, [Finding(line.pk, 1, True, "intact", "restock", note=f"{words}验")], actor=staff("warehouse")
        )
        photo = attach_all([a_photo()], on=ret, actor=manager)[0]
        ret.refresh_from_db()
        Ticket.objects.filter(pk__in=(question.pk, ret.ticket_id)).update(
            team=self.teams[team] if team else None, assignee=member("agent", assignee) if assignee else None
        )
        refund, parcel, ticket = ret.refunds.get(), ret.parcels.get(), ret.ticket
        claim = a_claim(ret, number=number)
        mail = Arrival.objects.create(
            ref=new_ref("M"), received_at=clock.now(), kept_at=clock.now(), state="placed", reason="answer",
            sender="gu@example.org", subject=f"{words}邮", text=f"{words}邮件", ticket=question,
        )  # fmt: skip
        ArrivalSource.objects.create(arrival=mail, raw=f"Subject: {words}".encode())
        complaint = a_complaint(order)
        hear_out(complaint.ticket_id, statement=f"{words}诉", actor=manager)
        Ticket.objects.filter(pk=complaint.ticket_id).update(
            team=self.teams[team] if team else None, assignee=member("agent", assignee) if assignee else None
        )
        question.refresh_from_db()
        moved = question.messages.get(text=f"{words}信")
        split = split_ticket(question.pk, [moved.pk], title=f"{words}分", actor=manager)
        taken = open_complaint(code="quality", statement=f"{words}怨", about_id=question.pk, actor=manager)
        pack = build_pack(ask_pack(complaint.ticket_id, names_masked=True, actor=manager).pk, at=clock.now())
        plan_after_signing(an_order(days_ago=0, person=self.person).pk, at=clock.now())
        visit = Visit.objects.latest("pk")
        Visit.objects.filter(pk=visit.pk).update(
            team=self.teams[team] if team else None, assignee=member("agent", assignee) if assignee else None
        )
        names = {
            **dict.fromkeys(("desk/visits/ ref", "desk/visits/ key", "api/v1/visits/ ref"), visit.ref),
            "desk/complaints/ key": complaint.ticket.ref,
            "desk/complaints/packs/ token": address_of(pack).rstrip("/").rsplit("/", 1)[-1],
            "desk/escalations/ key": str(complaint.escalations.get().pk),
            "desk/improvements/ key": str(complaint.improvements.get().pk),
            **dict.fromkeys(("desk/mail/ ref", "desk/mail/ key"), mail.ref),
            "desk/tickets/ ref": question.ref,
            "desk/tickets/ key": question.ref,
            "desk/returns/ ref": ret.ref,
            "desk/returns/ key": ret.ref,
            "desk/refunds/ key": refund.ref,
            "desk/parcels/ key": str(parcel.pk),
            "desk/claims/ key": str(claim.pk),
            "desk/files/ key": photo.ref,
            "desk/orders/ pk": str(order.pk),
            "desk/people/ ref": self.person.ref,
            "api/v1/orders/ order_id": str(order.pk),
            "api/v1/tickets/ ref": question.ref,
            "api/v1/complaints/ ref": complaint.ticket.ref,
            "api/v1/complaints/ escalation_id": str(complaint.escalations.get().pk),
            "api/v1/complaints/ improvement_id": str(complaint.improvements.get().pk),
            "api/v1/returns/ ref": ret.ref,
            "api/v1/refunds/ ref": refund.ref,
            "api/v1/verdicts/ verdict_id": str(line.verdicts.order_by("pk")[0].pk),
            "api/v1/returns/<str:ref>/parcels/<int:parcel_id>/arrival/": (
                f"/api/v1/returns/{ret.ref}/parcels/{parcel.pk}/arrival/"
            ),
            "office/tickets/ticket/ object_id": str(question.pk),
            "office/returns/return/ object_id": str(ret.pk),
            r"files/^(?P<ref>A-[0-9A-Z]{9})/(?P<token>[0-9a-f]{1,12}-[\w-]{43})/(?P<size>full|thumb)/$": photo.thumb,
        }
        marks = {
            question.ref,
            ticket.ref,
            ret.ref,
            refund.ref,
            photo.ref,
            mail.ref,
            number,
            words,
            complaint.ticket.ref,
            split.ref,
            taken.ticket.ref,
            visit.ref,
        }
        return Case(question, ret, refund.ref, names, frozenset(marks))
