"""The steps of a complaint up to its plan: apologise, hear, aim, fault, help in the meantime, plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import ComplaintDeed
from aftersales.desk.forms.complaint import class_choices, today_and
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day
from aftersales.kernel.days import DayField
from aftersales.kernel.money import Money
from tickets.actions.complaints import apologising, deciding, hearing
from tickets.models import Complaint, Ticket


def runs(target: Complaint) -> bool:
    """Whether it is not settled yet."""
    return target.ticket.status != Ticket.Status.CLOSED


def said_sorry(target: Complaint) -> bool:
    """Whether somebody apologised; no query where the page has read the apologies along."""
    return bool(target.apologies.all())


class Apology(ComplaintDeed):
    noun, verb, icon = "apology", "complaint.handle", "heart"
    label = pgettext_lazy("deed", "Enter an apology")
    done = _("Noted. It says nothing of whose fault it was.")
    explains = _(
        "For one on the phone or in a chat. In writing, say sorry in the reply itself. An apology admits nothing."
    )

    channel = forms.ChoiceField(label=_("Where"), choices=(("phone", _("phone")), ("chat", _("chat"))))
    words = forms.CharField(label=_("In which words"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and not said_sorry(target) and not target.unapologetic_reason

    def act(self) -> object:
        return apologising.apologise(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Waiver(ComplaintDeed):
    noun, verb, icon, tone = "apology-waiver", "complaint.handle", "cross", "danger"
    label = pgettext_lazy("deed", "Answer without an apology…")
    done = _("Noted. The reason stays on record.")
    warning = _(
        "Apologise first, whatever the cause: it calms and admits nothing. Leave it out only for a good reason."
    )

    reason = forms.CharField(label=_("Why nobody apologises"), max_length=300)

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return Apology.is_open(target, actor)

    def act(self) -> object:
        return apologising.waive_apology(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Hearing(ComplaintDeed):
    noun, verb, icon = "hearing", "complaint.handle", "chat"
    label = pgettext_lazy("deed", "Hear them out")
    done = _("The statement is complete.")
    explains = _(
        "Everything they have to say, in their words. Do not interrupt, do not contradict; nothing is decided before."
    )

    statement = forms.CharField(
        label=_("All the customer has to say"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].initial = self.target.statement

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.planned_at is None

    def act(self) -> object:
        return hearing.hear_out(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Aim(ComplaintDeed):
    noun, verb, icon = "aim", "complaint.handle", "question"
    label = pgettext_lazy("deed", "Problem and aim")
    done = _("Written down.")
    explains = _(
        "What lies behind the words, and what they really want: money, a working article, or to be taken seriously."
    )

    real_problem = forms.CharField(
        label=_("The real problem, as the customer sees it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    aim = forms.CharField(
        label=_("What the customer really wants"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["real_problem"].initial = self.target.real_problem
        self.fields["aim"].initial = self.target.aim

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.heard_at is not None and target.planned_at is None

    def act(self) -> object:
        return hearing.understand(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Fault(ComplaintDeed):
    noun, verb, icon = "fault", "complaint.handle", "scan"
    label = pgettext_lazy("deed", "Decide the fault")
    done = _("Decided. The apology stands, whatever was decided.")
    explains = _("For the shop’s own use; the customer is not told. Where the carrier is at fault the customer is helped today:"
                 " the claim against the carrier is our business.")  # fmt: skip

    fault = forms.ChoiceField(
        label=_("Whose fault it was"), choices=Complaint.Fault.choices[1:], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("What shows it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target.fault != Complaint.Fault.OPEN:
            self.fields["fault"].initial, self.fields["reason"].initial = self.target.fault, self.target.fault_reason

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.heard_at is not None

    def act(self) -> object:
        return deciding.decide_fault(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Interim(ComplaintDeed):
    noun, verb, icon = "interim", "complaint.handle", "parcel"
    label = pgettext_lazy("deed", "Interim solution")
    done = _("Noted. Tell the customer in a reply.")
    explains = _("What helps until the plan is carried out, such as a spare or money in advance.")

    text = forms.CharField(label=_("What helps now"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.interim_at is None

    def act(self) -> object:
        return deciding.give_interim(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Plan(ComplaintDeed):
    noun, verb, icon = "plan", "complaint.handle", "calendar"
    label = pgettext_lazy("deed", "Make a plan")
    done = _("Planned and promised. Tell the customer in a reply.")

    text = forms.CharField(label=_("What we do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    promise = forms.CharField(
        label=_("What the customer is promised"), max_length=300, required=False,
        help_text=_("In the customer’s words; the plan itself by default."),
    )  # fmt: skip
    due_on = DayField(label=_("By the end of"))
    cost = forms.CharField(label=_("Cost of goodwill"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = today_and(2)
        limit = Money(deciding.goodwill_limit(self.target), self.target.currency)
        self.fields["cost"].help_text = _(
            "What it costs beyond what the rules grant. An agent may give %(limit)s; above it a lead plans."
        ) % {"limit": limit}

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.understood_at is not None and target.open_promise is None

    def cautions(self) -> Words:
        """A plan that stands is replaced, never forgotten: its promise stays on record."""
        return _("There is a plan already. Its promise stays on record.") if self.target.planned_at else ""

    def act(self) -> object:
        said = self.cleaned_data
        cost = Money.parse(said["cost"] or "0", self.target.currency)
        return deciding.make_plan(
            self.target.ticket_id, text=said["text"], promise=said["promise"],
            due_at=end_of_shop_day(said["due_on"]), cost_minor=cost.minor, actor=self.actor,
        )  # fmt: skip


class Classifying(ComplaintDeed):
    noun, verb, icon = "class", "complaint.handle", "tag"
    label = pgettext_lazy("deed", "Change the class")
    done = _("Classified anew.")

    code = forms.ChoiceField(label=_("What it is about"), choices=class_choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].initial = self.target.classification.code

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return True

    def act(self) -> object:
        return hearing.classify(self.target.ticket_id, actor=self.actor, **self.cleaned_data)
