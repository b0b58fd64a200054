"""Two entries of one customer become one: what goes over is read first, because there is no way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import PersonDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.reader import in_turn, labelled, listed
from customers.actions import merging
from customers.gather.kin import alike
from customers.models import Person

_MOST = 20  # contacts in common whose entries are offered


class PersonMerging(PersonDeed):
    noun, verb, icon, tone = "merging", "person.merge", "swap", "danger"
    label = pgettext_lazy("deed", "Merge with another customer…")
    done = _("Merged. Everything is with this customer now.")
    explains = _("For two entries of one human being, such as one from each platform. Everything of this entry goes over to the"
                 " other one; this number leads there from then on.")  # fmt: skip

    into = forms.CharField(
        label=_("Number of the other customer"), max_length=20,
        widget=forms.TextInput(attrs={"list": "merging-list", "autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("They are the same person; it cannot be undone"), required=False)

    @classmethod
    def find(cls, key: str, actor: Actor) -> Person:
        """The very entry, though it be merged: sent twice it is merged once."""
        found = Person.objects.visible_to(actor).select_related("merged_into").filter(ref=key).first()
        if found is None:
            raise NotFound
        assert isinstance(found, Person)
        return found

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return target.merged_into_id is None and target.source != Person.SHOP

    def suggestions(self) -> dict[str, dict[str, str]]:
        return {"merging-list": {each.person.ref: str(each.person) for each in alike(self.target.pk)[:_MOST]}}

    @cached_property
    def _other(self) -> Person | None:
        """Whom the number that was sent names, within scope."""
        if not self.is_bound:
            return None
        called = str(self.data.get("into", "")).strip().upper()[:20]
        found: Person | None = Person.objects.visible_to(self.actor).called(called)
        return found

    def cautions(self) -> Words:
        """What would go over and end, once the other one is named."""
        if self._other is None or self._other == self.target or self.target.merged_into_id is not None:
            return ""
        seen = merging.preview(self.target, self._other)
        moves = " · ".join(labelled(words, number) for words, number in seen.moves) or _now("nothing")
        told = _now("From %(here)s (%(ref)s) to %(other)s (%(into)s): %(moves)s.") % {
            "here": self.target, "ref": self.target.ref, "other": self._other, "into": self._other.ref, "moves": moves,
        }  # fmt: skip
        if seen.ends:
            ends = listed(purpose.label for purpose in seen.ends)
            ending = _now("These consents end, because one of the two entries said no: %(ends)s.") % {"ends": ends}
            told = in_turn(told, ending)
        return told

    def act(self) -> Any:
        if self._other is None:
            called = self.cleaned_data["into"]
            raise BadInput(_("No customer has the number %(ref)s."), field="into", code="person_unknown", ref=called)
        if not self.cleaned_data["sure"]:
            raise BadInput(
                _("Read what goes over, then tick that they are the same person."), field="sure", code="not_sure"
            )
        return merging.merge_people(self.target.pk, self._other.pk, actor=self.actor)
