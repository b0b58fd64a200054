"""Who knocks at the doors, and a small shop behind them with one thing of every kind, so that no door fails for want of one."""

from __future__ import annotations

import time
from typing import Any

from django.db.models import Model
from django.test import Client

from aftersales.accounts.actions.keys import make_key
from aftersales.accounts.models import ApiKey, Team, User
from aftersales.desk.packlinks import address_of
from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import outbox
from aftersales.ledger.models import DailyRun, Delivery, Event, Outbound, Stop, SweepRun, Timer
from aftersales.ledger.record import record
from aftersales.notices.models import Notice, Webhook
from customers.actions.copying import build_copy, export_person
from customers.models import (
    CareMessage,
    CarePlan,
    Category,
    Gift,
    ImportRun,
    Membership,
    Order,
    Person,
    Product,
    Promise,
    Purpose,
    Referral,
    Score,
    Segment,
    Shop,
    Sku,
    Testimonial,
    Tier,
    TrackingReport,
)
from returns.actions.decision import approve_return
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.rulebook import start_draft
from returns.actions.rulebook.backtesting import start_backtest
from returns.actions.shipping import enter_tracking
from returns.models import CarrierClaim, Inspection, KeptPack, Refund, Return, RuleVersion, Verdict
from tests.faces.api.test_callers import a_photo
from tests.world import (
    a_claim,
    a_complaint,
    a_kept_pack,
    a_return,
    a_review,
    an_order,
    customer,
    member,
    staff,
    token_of,
)
from tickets.actions.batches import open_batch
from tickets.actions.bulk.running import start_bulk
from tickets.actions.calendars import save_calendar
from tickets.actions.complaints.evidence import ask_pack, build_pack
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.blocking import block_sender
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.opening import open_ticket
from tickets.actions.policy_moves.moving import start_calendar_move, start_move
from tickets.actions.saved_views import save_view
from tickets.actions.sla_policies import save_policy
from tickets.actions.visits.inviting import invite
from tickets.actions.visits.inviting import token_of as visit_token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.actions.visits.recording import record_missed
from tickets.models import (
    Arrival,
    ChatSource,
    Checklist,
    Complaint,
    ComplaintClass,
    Improvement,
    MailAccount,
    Phrase,
    Queue,
    Skill,
    SlaPolicy,
    Tag,
    Ticket,
    TicketCheck,
    TicketChecklist,
    TicketField,
    Visit,
    VisitPlan,
    VisitQuestion,
    VisitStep,
    WordingTerm,
    WorkCalendar,
)

CAST = ("anonymous", "customer", "stranger", "agent", "warehouse", "lead", "manager", "auditor", "program")
STAFF = ("agent", "warehouse", "lead", "manager", "auditor")


class World:
    """The shop behind the doors. `names` says what stands for each parameter of each route."""

    def __init__(self) -> None:
        self.order, self.other = an_order(), an_order()
        self.ret = a_return(self.order)
        settled = self._settled()
        photo = attach_all([a_photo()], on=self.ret, actor=staff("agent"))[0]
        Checklist.objects.create(title_zh="验机", title_en="Testing", items="通电", kinds=["question"])
        promise = Promise.objects.create(
            person=self.order.person, order=self.order, text="周五前补发", made_at=clock.now()
        )
        question = open_ticket(
            kind="question", title="?", person=self.order.person, order=self.order, actor=customer(self.order)
        )
        complaint = a_complaint(self.order)
        words = Testimonial.objects.create(
            person=self.order.person, text="好用", shown_as="林女士", source="电话", given_at=clock.now()
        )
        present = Gift.objects.create(
            person=self.order.person,
            what="茶",
            why="久等",
            way="parcel",
            state="asked",
            asked_at=clock.now(),
            cost_minor=1,
        )
        tried = start_backtest(start_draft("cn", actor=staff("lead")).pk, actor=staff("lead"))
        self._one_of_each()
        a_kept_pack()
        refund = settled.refunds.first()
        parcel = settled.parcels.first()
        contact = self.order.person.contact_points.first()
        line = self.order.lines.first()
        first_rules = RuleVersion.objects.get(rule_set="cn", number=1)
        assert refund
        assert parcel
        assert contact
        assert line
        batch = open_batch(question.pk, title="面料起球", about="lot", actor=staff("agent"))
        self.names = {
            "l/ token": "x" * 43,
            "messages/ token": token_of(self.order.person, Purpose.NEWS),
            "orders/ pk": str(self.order.pk),
            "orders/ line_id": str(line.pk),
            "orders/ group_code": "quality",
            "orders/ ref": photo.ref,
            "orders/ code": "quality",
            "orders/ group": "goods",
            "complaints/ ref": complaint.ticket.ref,
            "returns/ ref": self.ret.ref,
            "questions/ ref": question.ref,
            "api/v1/returns/<str:ref>/parcels/<int:parcel_id>/arrival/": (
                f"/api/v1/returns/{settled.ref}/parcels/{parcel.pk}/arrival/"
            ),
            "desk/tickets/ ref": self.ret.ticket.ref,
            "desk/tickets/ key": self.ret.ticket.ref,
            "desk/phrases/ pk": _some(Phrase),
            "desk/tickets/ pk": "0",  # a message that is gone already
            "desk/returns/ ref": self.ret.ref,
            "desk/returns/ key": self.ret.ref,
            "desk/refunds/ key": refund.ref,
            "desk/parcels/ key": str(parcel.pk),
            "desk/claims/ key": _some(CarrierClaim),
            **dict.fromkeys(("desk/batches/ ref", "desk/batches/ key"), batch.ref),
            **dict.fromkeys(("desk/reviews/ ref", "desk/reviews/ key"), a_review(self.order).ref),
            "desk/orders/ pk": str(self.order.pk),
            "desk/orders/ key": str(self.order.pk),
            "desk/promises/ key": str(promise.pk),
            "desk/contacts/ key": str(contact.pk),
            "desk/files/ key": photo.ref,
            "desk/gifts/ key": str(present.pk),
            "desk/testimonials/ key": str(words.pk),
            "desk/people/ ref": self.order.person.ref,
            "desk/people/ key": self.order.person.ref,
            "desk/complaints/ token": _pack_of(complaint),
            "desk/people/ token": _copy_of(self.order.person),
            "desk/complaints/ key": complaint.ticket.ref,
            "desk/escalations/ key": str(complaint.escalations.get().pk),
            "desk/improvements/ key": str(complaint.improvements.get().pk),
            "desk/people/ pk": str(contact.pk),
            "desk/checks/ key": _some(TicketCheck),
            "desk/checklists/ key": _some(TicketChecklist),
            "desk/notices/ pk": "1",
            "desk/bulk/ pk": str(start_bulk("close", {}, [question.pk], key="doors", actor=staff("agent")).pk),
            "hooks/sms/ carrier": "aliyun",
            "hooks/sms/ secret": "s" * 40,
            "hooks/chat/ key": ChatSource.objects.create(key="qianniu", name="千牛", platform="taobao").key,
            "desk/views/ pk": str(save_view(name="二组的活", query="status=waiting", actor=staff("agent")).pk),
            **dict.fromkeys(("desk/mail/ ref", "desk/mail/ key"), self._mail().ref),
            "desk/blocks/ key": str(block_sender("spam.example", reason="广告", actor=staff("lead")).pk),
            **dict.fromkeys(("desk/visits/ ref", "desk/visits/ key", "api/v1/visits/ ref"), self._visit().ref),
            "v/ token": self._asked_in_writing(),
            "api/v1/orders/ order_id": str(self.order.pk),
            "api/v1/verdicts/ verdict_id": str(self.ret.lines.get().verdicts.get().pk),
            "api/v1/tickets/ ref": question.ref,
            "api/v1/complaints/ ref": complaint.ticket.ref,
            "api/v1/complaints/ escalation_id": str(complaint.escalations.get().pk),
            "api/v1/complaints/ improvement_id": str(complaint.improvements.get().pk),
            "api/v1/returns/ ref": self.ret.ref,
            "api/v1/refunds/ ref": refund.ref,
            "office/accounts/apikey/ pk": _some(ApiKey),
            "office/backtests/ pk": str(tried.pk),
            "office/calendars/ key": "shop",
            "office/calendars/ pk": _a_calendar_move(),
            "office/templates/ kind": "return.received",
            "office/templates/ channel": "email",
            "office/templates/ locale": "en",
            "office/operations/stops/ pk": _some(Stop),
            "office/operations/work/ kind": "outbound",
            "office/operations/work/ pk": _some(Outbound),
            "office/operations/work/ deed": "retry",
            "office/service-levels/ key": "default",
            "office/service-levels/ pk": _a_move(),
            "office/working-days/ country": "CN",
            "office/working-days/ year": "2027",
            "office/notices/webhook/ pk": _some(Webhook),
            "office/rules/ name": "cn",
            "office/rules/ table": "cause",
            "office/rules/drafts/ version": str(start_draft("cn", actor=staff("manager")).pk),
            **dict.fromkeys(("office/rules/ pk", "office/rules/ one", "office/rules/ other"), str(first_rules.pk)),
            "office/rules/ deed": "retire",
            "api/v1/rules/ rule_set": "cn",
            "api/v1/rules/ number": "1",
            **{f"office/{_label(model)}/ object_id": _some(model) for model in _MODELS},
            r"files/^(?P<ref>A-[0-9A-Z]{9})/(?P<token>[0-9a-f]{1,12}-[\w-]{43})/(?P<size>full|thumb)/$": photo.thumb,
            r"office/^(?P<app_label>ledger|accounts|files|notices|customers|tickets|returns)/$": "/office/returns/",
        }

    def _settled(self) -> Return:
        """A return of the same customer whose goods came back and whose refund is due."""
        order = an_order(person=self.order.person)
        ret = a_return(order)
        approve_return(ret.pk, actor=staff("agent"))
        enter_tracking(ret.pk, carrier="SF", number="SF1234567890", actor=customer(order))
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 1}, key="1", actor=staff("warehouse"))
        inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
        self.settled_order = order
        ret.refresh_from_db()
        return ret

    def _mail(self) -> Arrival:
        """A mail of somebody unknown, which waits."""
        account = add_account("service@shop.example", actor=staff("manager"))
        raw = b"From: eve@stranger.example\r\nSubject: ?\r\n\r\nhello"
        arrival = keep_mail(account, raw, uid_validity=1, uid=1, received_at=clock.now(), actor=SYSTEM)
        return place(arrival.pk, at=clock.now())

    def _visit(self) -> Visit:
        """A call about an order that was signed for just now, with a try in vain."""
        plan_after_signing(an_order(days_ago=0, person=self.order.person).pk, at=clock.now())
        visit = Visit.objects.earliest("pk")
        record_missed(visit.pk, number=1, actor=staff("agent"))
        return visit

    def _asked_in_writing(self) -> str:
        """The link of a message about how the goods are."""
        plan_after_signing(an_order(days_ago=0, person=self.order.person).pk, at=clock.now())
        visit = Visit.objects.latest("pk")
        invite(visit, at=clock.now())
        return visit_token_of(visit)

    def _one_of_each(self) -> None:
        """Rows that nothing else here makes, for the office's pages about them."""
        now = clock.now()
        manager = staff("manager")
        Team.objects.create(name="一组")
        Tag.objects.create(name="易碎")
        TicketField.objects.create(key="serial", label_zh="序列号", label_en="Serial number", kind="text")
        Skill.objects.create(user=member("agent"), about="language", value="en")
        event = record("orders.imported", on=self.order, actor=manager, source="generic", created=0, changed=0)
        Delivery.objects.get_or_create(event=event, listener="nobody", defaults={"due_at": now})
        outbox.put(channel="email", key="doors", on=self.order, payload={"to": "x"}, due_at=now)
        DailyRun.objects.create(job="doors", day=now.date(), due_at=now)
        SweepRun.objects.create(trigger="doors", at=now)
        Stop.objects.create(what="channel:sms", reason="doors", at=now, ended_at=now)
        TrackingReport.objects.create(
            source="doors", key="doors", number="SF1", received_at=now, body={}, state="unplaced"
        )
        ImportRun.objects.create(source="generic", path="orders.csv", started_at=now)
        a_claim(self.ret)
        make_key(name="ERP", role="agent", owner=member("manager"), actor=manager)
        Webhook.objects.create(
            ref="W-0000000AA", url="https://erp.shop.example/", events=["return.closed"], added_at=now
        )
        words = dict.fromkeys(("subject_zh", "text_zh", "subject_en", "text_en"), "{name}")
        plan = CarePlan.objects.create(name="生日问候", occasion="birthday", days=0, **words)
        CareMessage.objects.create(plan=plan, person=self.order.person, key="2026", day=now.date(), planned_at=now)
        Score.objects.create(
            person=self.order.person, recency=5, frequency=1, money=1, orders=1, last_order_on=now.date(), since=now.date(),
            counted_at=now,
        )  # fmt: skip
        Referral.objects.create(
            person=self.other.person, by=self.order.person, how="word", source="电话", on=now.date()
        )
        Membership.objects.create(person=self.order.person, tier=Tier.objects.get(), since=now.date(), counted_at=now)
        Notice.objects.create(
            key="doors", channel="inapp", template="ticket.assigned", locale="en", recipient_type="accounts.user",
            recipient_id=member("agent").pk, at=now,
        )  # fmt: skip

    def orders_of(self, who: str) -> list[Order]:
        """What a customer of the cast has proven: their own order, or somebody else's."""
        return {"customer": [self.order, self.settled_order], "stranger": [self.other]}.get(who, [])

    def enter(self, who: str) -> tuple[Client, dict[str, str]]:
        """A browser (or program) of that member of the cast, and the headers it sends."""
        client = Client()
        headers = {"Accept-Language": "en"}
        now = int(time.time())
        if who in STAFF:
            client.force_login(member(who))
            session = client.session
            session["staff_since"] = session["staff_seen"] = now  # or else each request would write it anew
            session.save()
        elif orders := self.orders_of(who):
            session = client.session
            session["proven_orders"] = {str(order.pk): {"since": now, "seen": now} for order in orders}
            session.save()
        elif who == "program":
            manager = staff("manager")
            owner = member("manager")
            _key, secret = make_key(name="a program", role="agent", owner=owner, actor=manager)
            headers["Authorization"] = f"Bearer {secret}"
        return client, headers


_MODELS: tuple[type[Model], ...] = (
    Event, Timer, Delivery, Outbound, DailyRun, SweepRun, User, Team, ApiKey, Attachment, Notice, Webhook, KeptPack,
    Order, Person, Promise, CarePlan, CareMessage, Gift, Referral, Testimonial, Segment, Score, Tier, Membership, Shop, Category,
    Product, Sku, ImportRun, TrackingReport, Complaint, ComplaintClass, Improvement, Ticket, Queue, Tag, TicketField,
    Checklist, Skill, Visit, VisitPlan, VisitQuestion, VisitStep,
    MailAccount, ChatSource, Phrase, WordingTerm, Return, Refund, CarrierClaim, Verdict, Inspection,
)  # fmt: skip


def _pack_of(complaint: Complaint) -> str:
    """The token of a pack that is ready."""
    pack = ask_pack(complaint.ticket_id, names_masked=True, actor=staff("agent"))
    return address_of(build_pack(pack.pk, at=clock.now())).rstrip("/").rsplit("/", 1)[-1]


def _copy_of(person: Person) -> str:
    """The token of a copy that is ready."""
    copy = export_person(person.pk, actor=staff("lead"))
    return address_of(build_copy(copy.pk, at=clock.now())).rstrip("/").rsplit("/", 1)[-1]


def _a_move() -> str:
    """A move of open clocks to a version of their policy that was just saved; nothing else here wants another target."""
    policy = SlaPolicy.objects.get(key="default")
    save_policy(policy.pk, policy.current().settings | {"continue_within": "59m"}, actor=staff("manager"))
    return str(start_move(policy.pk, actor=staff("manager")).pk)


def _a_calendar_move() -> str:
    """The same to a version of the calendar in which a day of the past is closed."""
    calendar = WorkCalendar.objects.get(key="shop")
    settings = calendar.current().settings
    save_calendar(calendar.pk, settings | {"own": {"2020-01-02": {"hours": []}}}, actor=staff("manager"))
    return str(start_calendar_move(calendar.pk, actor=staff("manager")).pk)


def _label(model: type[Model]) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}"


def _some(model: type[Model]) -> str:
    row: Any = model._base_manager.order_by("pk").first()
    assert row is not None, f"tests/whole/cast.py makes no {model.__name__}"
    return str(row.pk)
