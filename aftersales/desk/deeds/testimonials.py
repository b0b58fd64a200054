"""Words of a customer to be quoted: written down, published, and ended."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import KeepingDeed, PersonDeed
from aftersales.kernel.actor import Actor
from customers.actions import testimonials
from customers.models import Person, Purpose, Testimonial


class TestimonialKept(PersonDeed):
    noun, verb, icon = "testimonial", "testimonial.keep", "chat"
    label = pgettext_lazy("deed", "Words to be quoted…")
    done = _("Written down. A lead may publish them now.")
    explains = _("Word for word, and named as the customer wishes. Never in exchange for anything. When their consent ends, the"
                 " words are deleted.")  # fmt: skip

    text = forms.CharField(label=_("The customer's words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    shown_as = forms.CharField(label=_("Named as"), max_length=60)
    source = forms.CharField(label=_("Where they said it"), max_length=300)

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        """From the rows the page has read already, where it has."""
        return any(each.purpose == Purpose.QUOTED and each.withdrawn_at is None for each in target.consents.all())

    def act(self) -> object:
        return testimonials.keep_testimonial(self.target.pk, **self.cleaned_data, actor=self.actor)


class TestimonialDeed(KeepingDeed[Testimonial]):
    subject = "testimonials"
    rows = Testimonial.objects


class TestimonialPublished(TestimonialDeed):
    noun, verb, icon = "publication", "testimonial.publish", "check"
    states = (Testimonial.State.KEPT,)
    label = pgettext_lazy("deed", "The words are published…")
    done = _("Written down as published.")

    place = forms.CharField(label=_("Published where"), max_length=200)

    def act(self) -> object:
        return testimonials.publish_testimonial(self.target.pk, **self.cleaned_data, actor=self.actor)


class TestimonialEnded(TestimonialDeed):
    noun, verb, icon, tone = "ending", "testimonial.keep", "cross", "danger"
    states = (Testimonial.State.KEPT, Testimonial.State.PUBLISHED)
    label = pgettext_lazy("deed", "Use the words no more…")
    done = _("Ended. Where the words were published, they must be taken down now.")
    warning = _("The words cannot be used any more. Where they were published, leads are told to take them down.")

    def act(self) -> object:
        return testimonials.end_testimonial(self.target.pk, actor=self.actor)
