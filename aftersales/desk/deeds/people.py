"""Keep a customer's data right: name and language, ways to reach them, which of those they refuse; and notes for colleagues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import KeepingDeed, PersonDeed
from aftersales.desk.refusals import CHOICES, refused_among, refused_by
from aftersales.kernel.actor import Actor
from aftersales.notices.actions.preferences import choose
from customers.actions import notes, people
from customers.models import ContactPoint, Person


class PersonChanged(PersonDeed):
    noun, verb, icon = "details", "person.change", "edit"
    label = pgettext_lazy("deed", "Correct name and language…")
    done = _("Corrected.")

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    locale = forms.ChoiceField(label=_("Language we write in"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, target: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": target.name, "locale": target.locale})
        super().__init__(*args, target=target, **kwargs)
        self.fields["name"].required = bool(target.name)  # one that is known is corrected, not emptied

    def act(self) -> object:
        said = self.cleaned_data
        return people.change_person(self.target.pk, name=said["name"] or None, locale=said["locale"], actor=self.actor)


class PersonNoted(PersonDeed):
    noun, verb, icon = "note", "order.note", "note"
    label = pgettext_lazy("deed", "Write a note")
    done = _("Noted.")
    explains = _("For colleagues; customers never see it. Write facts, not opinions about people.")

    text = forms.CharField(label=_("Note"), max_length=notes.LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def act(self) -> object:
        return notes.note_person(self.target.pk, text=self.cleaned_data["text"], actor=self.actor)


class ContactAdded(PersonDeed):
    noun, verb, icon = "contact", "person.change", "phone"
    label = pgettext_lazy("deed", "Add a contact…")
    done = _("Added.")
    explains = _("Only one that the customer gave us as theirs: codes and news of their cases go there.")

    contact = forms.CharField(label=_("Phone number or e-mail address"), max_length=254)

    def act(self) -> object:
        return people.add_contact(self.target.pk, text=self.cleaned_data["contact"], actor=self.actor)


class ContactRemoved(KeepingDeed[ContactPoint]):
    subject, noun, verb, icon, tone = "contacts", "removal", "person.change", "cross", "danger"
    rows = ContactPoint.objects
    label = pgettext_lazy("deed", "Remove…")
    done = _("Removed.")
    warning = _(
        "It is deleted, not only hidden. Nothing is sent there any more, what waits included, and nobody proves an order with"
        " it. An import that names it again brings it back."
    )

    @classmethod
    def is_open(cls, target: ContactPoint, actor: Actor) -> bool:
        return True

    def act(self) -> object:
        return people.remove_contact(self.target.pk, actor=self.actor)


class ChannelsChosen(PersonDeed):
    noun, verb, icon = "preferences", "preference.choose", "bell"
    label = pgettext_lazy("deed", "Channels they refuse…")
    done = _("Written down. It holds for what waits to be sent, too.")
    explains = _(
        "As the customer said it. News of an order or request still goes out by the first way there is when all are refused,"
        " because a deadline may hang on it. What needs a consent ends with the consent."
    )

    refused = forms.MultipleChoiceField(
        label=_("Not wanted"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(key, words) for key, (_channel, _kind, words) in CHOICES.items()],
    )  # fmt: skip

    def __init__(self, *args: Any, target: Person, **kwargs: Any) -> None:
        self.standing = refused_among(refused_by(person=target.pk))
        kwargs.setdefault("initial", {"refused": sorted(self.standing)})
        super().__init__(*args, target=target, **kwargs)

    def act(self) -> object:
        wanted = set(self.cleaned_data["refused"])
        for key in sorted(wanted ^ self.standing):
            channel, kind, _words = CHOICES[key]
            choose(self.target, channel=channel, kind=kind, allowed=key not in wanted, actor=self.actor)
        return None
