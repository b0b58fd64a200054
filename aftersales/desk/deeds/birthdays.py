"""A birthday as the customer gave it, with where; and forgotten when they wish so."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import PersonDeed
from aftersales.kernel.actor import Actor
from customers.actions import birthdays
from customers.models import Person


class BirthdayNoted(PersonDeed):
    noun, verb, icon = "birthday", "person.change", "calendar"
    label = pgettext_lazy("deed", "Note the birthday…")
    done = _("Written down.")
    explains = _("Only the day the customer told us themselves, never one from a form of somebody else or from a register."
                 " A greeting is sent only with their consent.")  # fmt: skip

    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)
    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    source = forms.CharField(label=_("Where they said it"), max_length=300)

    def act(self) -> object:
        return birthdays.note_birthday(self.target.pk, **self.cleaned_data, actor=self.actor)


class BirthdayForgotten(PersonDeed):
    noun, verb, icon, tone = "birthday-deletion", "person.change", "cross", "danger"
    label = pgettext_lazy("deed", "Delete the birthday…")
    done = _("Deleted.")
    warning = _(
        "The day and where it was said are deleted, not only hidden. That a birthday was written down, and that it was"
        " deleted, stays in the history, without the day."
    )

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return hasattr(target, "birthday")

    def act(self) -> object:
        return birthdays.forget_birthday(self.target.pk, actor=self.actor)
