"""Sets of tickets, and who may see them."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from aftersales.accounts.teams import closed_to, sees_all, within_teams
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may


class MessageQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> MessageQuerySet:
        """Staff read all of the tickets they see; a customer what was sent on tickets of proven orders, never a note."""
        if actor.is_system or (actor.is_staff and may(actor, "ticket.view")):
            return within_teams(self, actor, "ticket__team")
        return self.public().filter(ticket__order_id__in=actor.orders)

    def public(self) -> MessageQuerySet:
        """What the customer may read: no note, no reply that can still be undone, and no word of somebody in Cc."""
        return self.filter(internal=False, sent=True).exclude(by="other")

    def in_conversation(self, ticket: int) -> MessageQuerySet:
        """All that was said on the ticket (primary key) and on those merged into it."""
        return self.filter(ticket__in=_places_of(self, ticket))


class AbsenceQuerySet(models.QuerySet[Any]):
    def not_over(self, at: dt.datetime) -> AbsenceQuerySet:
        """Those that run at `at` (UTC) and those planned for later."""
        return self.exclude(until__lte=at)

    def running(self, at: dt.datetime) -> AbsenceQuerySet:
        """Those because of which somebody is off duty at `at` (UTC)."""
        return self.not_over(at).filter(since__lte=at)


class PhraseQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PhraseQuerySet:
        """Everybody's, those of one's team, and one's own; whoever sets up the shop sees all but those of single people."""
        if not actor.is_staff:
            return self.none()
        mine = Q(owner_id=actor.id) if actor.kind == "staff" else Q(pk=None)
        if may(actor, "phrase.manage"):
            return self.filter(mine | Q(owner=None))
        team = get_user_model().objects.filter(pk=actor.id or 0).values("team") if actor.kind == "staff" else None
        of_team = Q(team__in=team) if team is not None else Q(pk=None)
        return self.filter(mine | Q(owner=None) & (Q(team=None) | of_team))

    def offered(self, kind: str) -> PhraseQuerySet:
        """Those in use on tickets of this kind, the most used first."""
        rows = self.filter(retired_at=None).order_by("-uses", "key")
        fitting = [row.pk for row in rows if not row.kinds or kind in row.kinds]
        return rows.filter(pk__in=fitting)

    def for_reviews(self) -> PhraseQuerySet:
        """Those written for public replies, the most used first. What is for all tickets may name the customer."""
        rows = self.filter(retired_at=None).order_by("-uses", "key")
        return rows.filter(pk__in=[row.pk for row in rows if self.model.FOR_REVIEWS in row.kinds])


class QueueQuerySet(models.QuerySet[Any]):
    def offered(self, beside: int | None = None) -> QueueQuerySet:
        """Those into which something may be put; `beside` (primary key) is chosen already and stays."""
        return self.filter(Q(retired_at=None) | Q(pk=beside))


class TicketQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TicketQuerySet:
        """Staff with the verb see every ticket but those of teams closed to them; a customer those of proven orders."""
        if actor.is_system or (actor.is_staff and may(actor, "ticket.view")):
            return within_teams(self, actor)
        return self.filter(order_id__in=actor.orders)

    def conversations(self) -> TicketQuerySet:
        """What its customer reads as a conversation: questions, and of what else the shop opened that on which they wrote or
        were written to, or on what was merged into it. Requests and complaints have pages of more than that, tasks have none.
        """
        public = self.model._meta.get_field("messages").related_model.objects.public()
        said = Exists(public.filter(ticket=OuterRef("pk"))) | Exists(public.filter(ticket__merged_into=OuterRef("pk")))
        opened = Q(kind__in=("repair", "visit", "praise"), goods_return=None)  # a repair may be a request
        return self.filter(Q(kind="question") | opened & said)

    def open(self) -> TicketQuerySet:
        return self.exclude(status="closed")

    def of_batch(self, problem: int) -> TicketQuerySet:
        """Where the conversations of a batch problem (primary key) go on: on its tickets, and of one that was merged on the
        ticket it was merged into, which need not be one of them. A subquery and no join, so that each is there once.
        """
        members = self.model._base_manager.filter(batch__problem=problem)
        place = Coalesce("merged_into", "pk", output_field=models.BigIntegerField())
        return self.filter(pk__in=members.values_list(place))

    def overdue(self, now: dt.datetime) -> TicketQuerySet:
        return self.open().filter(due_at__lt=now)

    def with_own(self, key: str, value: str) -> TicketQuerySet:
        """Those whose own field of that key holds the value: on PostgreSQL by its index (`migrations/_own_fields.py`)."""
        if connections[self.db].features.supports_json_field_contains:
            return self.filter(custom__contains={key: value})
        with_it: TicketQuerySet = self.alias(own=KeyTransform(key, "custom"))
        return with_it.filter(own=value)

    def by_due(self) -> TicketQuerySet:
        """Most urgent first; what waits for somebody else last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")

    def preloaded(self) -> TicketQuerySet:
        """With what a list row shows."""
        return self.select_related("queue", "person", "order", "assignee")


class CalendarQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CalendarQuerySet:
        return self if may(actor, "calendar.view") else self.none()


class CalendarVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> CalendarVersionQuerySet:
        return self if may(actor, "calendar.view") else self.none()

    def newest(self) -> CalendarVersionQuerySet:
        """The newest version of each calendar with its calendar, in the order of the calendars."""
        later = self.model._base_manager.filter(calendar=OuterRef("calendar"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later)).select_related("calendar").order_by("calendar_id")


class WorkingDayQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> WorkingDayQuerySet:
        return self if may(actor, "calendar.view") else self.none()

    def of(self, country: str) -> dict[dt.date, bool]:
        """The days that differ from Monday to Friday, and whether they are worked."""
        return dict(self.filter(country=country).values_list("day", "is_working"))


class SavedViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> SavedViewQuerySet:
        """One's own, and those shared with one's team. Whoever manages people sees every shared one."""
        if actor.is_system:
            return self
        if not actor.is_staff or actor.kind != "staff":
            return self.none()
        team = get_user_model().objects.filter(pk=actor.id or 0).values("team_id")
        shared = Q(team__isnull=False) if may(actor, "view.share") else Q(team_id__in=team)
        return self.filter(Q(owner_id=actor.id) | shared)


class ArrivalQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ArrivalQuerySet:
        """Staff who place mail see it, but not what is, or seems, about a ticket of a team closed to them, nor what waits in
        the mailbox of such a team; nobody else any.
        """
        if not (actor.is_system or may(actor, "mail.view")):
            return self.none()
        if sees_all(actor):
            return self
        # Asked row by row and not joined, so that the rows can be locked.
        tickets = self.model._meta.get_field("ticket").related_model._base_manager
        mailboxes = self.model._meta.get_field("account").related_model._base_manager
        about = Q(pk=OuterRef("ticket_id")) | Q(pk=OuterRef("suggested_id"))
        theirs = mailboxes.filter(pk=OuterRef("account_id"), queue__team__in=closed_to(actor))
        return self.exclude(Exists(tickets.filter(about, team__in=closed_to(actor)))).exclude(
            Q(ticket=None) & Exists(theirs)
        )

    def in_conversation(self, ticket: int) -> ArrivalQuerySet:
        """What came in on the ticket (primary key) and on those merged into it."""
        return self.filter(ticket__in=_places_of(self, ticket))

    def going_on(self) -> ArrivalQuerySet:
        """Those whose conversation is open: on an open ticket, or on one that was merged into an open one."""
        is_open = ("open", "waiting")
        return self.filter(Q(ticket__status__in=is_open) | Q(ticket__merged_into__status__in=is_open))

    def to_be_placed(self) -> ArrivalQuerySet:
        """What needs a person, and what the worker has not got to yet: the work list."""
        return self.filter(state__in=("received", "quarantined"))


class ComplaintQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ComplaintQuerySet:
        """As their tickets: staff with the verb but for closed teams, a customer those of the orders proven just now."""
        if actor.is_system or (actor.is_staff and may(actor, "ticket.view")):
            return within_teams(self, actor, "ticket__team")
        return self.filter(ticket__order_id__in=actor.orders)

    def preloaded(self) -> ComplaintQuerySet:
        """With what a page or a guard reads of one complaint."""
        return self.select_related(
            "ticket__person", "ticket__order__shop", "classification", "promise", "line", "about"
        )


class OfComplaintQuerySet(models.QuerySet[Any]):
    """Rows that hang on a complaint; for staff only."""

    def visible_to(self, actor: Actor) -> OfComplaintQuerySet:
        if not (actor.is_system or (actor.is_staff and may(actor, "ticket.view"))):
            return self.none()
        return within_teams(self, actor, "complaint__ticket__team")


class PackQuerySet(OfComplaintQuerySet):
    def visible_to(self, actor: Actor) -> PackQuerySet:
        """Where the reader sees the complaint and every case that is in the pack."""
        seen = cast(PackQuerySet, super().visible_to(actor))
        if sees_all(actor):
            return seen
        cases = self.model._meta.get_field("cases").remote_field.through._base_manager
        return seen.exclude(Exists(cases.filter(evidencepack=OuterRef("pk"), ticket__team__in=closed_to(actor))))


class OfTicketQuerySet(models.QuerySet[Any]):
    """Rows that hang on a ticket; for staff only. What belongs to one of them is reached through `of`."""

    def visible_to(self, actor: Actor) -> OfTicketQuerySet:
        if not (actor.is_system or (actor.is_staff and may(actor, "ticket.view"))):
            return self.none()
        hangs = any(field.name == "ticket" for field in self.model._meta.get_fields())
        return within_teams(self, actor, "ticket__team" if hangs else "of__ticket__team")


class BatchQuerySet(models.QuerySet[Any]):
    """Batch problems; for staff only."""

    def visible_to(self, actor: Actor) -> BatchQuerySet:
        """Those with a ticket that is not closed to the actor, and those without any; a title names its customers' trouble."""
        if not (actor.is_system or (actor.is_staff and may(actor, "ticket.view"))):
            return self.none()
        if sees_all(actor):
            return self
        tickets = apps.get_model("tickets", "Ticket").objects.filter(batch__problem=OuterRef("pk"))
        return self.filter(Exists(within_teams(tickets, actor)) | ~Exists(tickets))


class LinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> LinkQuerySet:
        """Links between tickets of which none is closed to the actor; for staff only."""
        if not (actor.is_system or (actor.is_staff and may(actor, "ticket.view"))):
            return self.none()
        return within_teams(within_teams(self, actor, "one__team"), actor, "other__team")


class BulkRunQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> BulkRunQuerySet:
        """One's own; whoever may share views sees those of colleagues too."""
        if actor.is_system or may(actor, "view.share"):
            return self
        return self.filter(by_id=actor.id) if actor.kind == "staff" else self.none()


class PolicyQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PolicyQuerySet:
        return self if may(actor, "sla.view") else self.none()


class PolicyMoveQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PolicyMoveQuerySet:
        return self if may(actor, "sla.view") else self.none()


class PolicyVersionQuerySet(models.QuerySet[Any]):
    def newest(self) -> PolicyVersionQuerySet:
        """The newest version of each policy with its policy, in the order in which they are asked."""
        later = self.model._base_manager.filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later)).select_related("policy").order_by("policy__position", "policy_id")


_OF_CALENDAR = ("calendar_version__settings", "calendar_version__hours")


class ClockQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ClockQuerySet:
        """Staff who see a ticket see its clocks; customers are told what is due, not how we count."""
        if not (actor.is_system or (actor.is_staff and may(actor, "ticket.view"))):
            return self.none()
        return within_teams(self, actor, "ticket__team")

    def open(self) -> ClockQuerySet:
        return self.filter(state__in=("running", "paused"))

    def told(self) -> ClockQuerySet:
        """With all that counting needs. What a version says is read once in a process, and not with each clock again."""
        told = self.model._meta.get_field("segments").related_model._default_manager.told()
        clocks = self.select_related("policy_version__policy", "calendar_version")
        return clocks.defer("policy_version__settings", *_OF_CALENDAR).prefetch_related(
            models.Prefetch("segments", told)
        )


class SegmentQuerySet(models.QuerySet[Any]):
    def told(self) -> SegmentQuerySet:
        """With all that counting needs, as `ClockQuerySet.told` has it."""
        return self.select_related("calendar_version").defer(*_OF_CALENDAR)


class VisitQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> VisitQuerySet:
        """Staff who make or read visits see all but those of teams closed to them; nobody else any."""
        if not (actor.is_system or (actor.is_staff and may(actor, "visit.view"))):
            return self.none()
        return within_teams(self, actor)

    def open(self) -> VisitQuerySet:
        """Planned, or asked in writing and not answered yet."""
        return self.filter(state__in=("planned", "invited"))

    def to_make(self) -> VisitQuerySet:
        """Calls and home visits, for which one colleague has the work. Letters wait to be printed; messages go by themselves."""
        return self.filter(state="planned", channel__in=("call", "home"))

    def to_print(self, now: dt.datetime) -> VisitQuerySet:
        """Letters whose time has come and that are not in the post yet."""
        return self.filter(state="planned", channel="letter", due_at__lte=now)

    def in_hands_of_others(self, actor: Actor) -> VisitQuerySet:
        """Letters that a colleague has printed and not said to be in the post."""
        mine = Q(printed_by=actor.id) if actor.kind == "staff" else Q(pk=None)
        return self.exclude(printed_at=None).exclude(mine)

    def late(self, now: dt.datetime) -> VisitQuerySet:
        """What somebody had to make, or to print and post, before now (UTC)."""
        return (self.to_make() | self.to_print(now)).filter(due_at__lt=now)

    def preloaded(self) -> VisitQuerySet:
        """With what a list row shows."""
        return self.select_related("plan", "person", "order__address", "assignee")

    def with_cases(self, actor: Actor) -> VisitQuerySet:
        """With the tickets it names as far as the reader may see them; `after` and `help_ticket` are None else."""
        seen = self.model.after.field.related_model.objects.visible_to(actor)
        return self.prefetch_related(models.Prefetch("after", seen), models.Prefetch("help_ticket", seen))


def _places_of(rows: models.QuerySet[Any], ticket: int) -> models.QuerySet[Any]:
    """The tickets on which one conversation lies, as a subquery: a join would have PostgreSQL read all there is."""
    tickets = rows.model._meta.get_field("ticket").related_model._base_manager
    places: models.QuerySet[Any] = tickets.filter(Q(pk=ticket) | Q(merged_into_id=ticket)).order_by().values("pk")
    return places
