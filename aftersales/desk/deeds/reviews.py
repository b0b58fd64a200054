"""What can be done with a review besides writing its reply."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Deed, Words
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions import reviews
from customers.models import Review
from tickets.actions.reviews import open_for_review

_S = Review.State


class ReviewDeed(Deed[Review]):
    """Something done to a review; addressed by its reference."""

    subject, verb = "reviews", "review.answer"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Review:
        seen = Review.objects.visible_to(actor).select_related("person", "order__shop", "product", "work__ticket")
        found: Review | None = seen.filter(ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Review) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Review) -> str:
        return reverse("desk:review", args=[target.ref])


class Publication(ReviewDeed):
    noun, icon, tone = "publication", "check", "primary"
    label = pgettext_lazy("deed", "It stands on the platform")
    done = _("Answered. Its clock has ended.")

    @classmethod
    def is_open(cls, target: Review, actor: Actor) -> bool:
        return target.state == _S.READY

    def act(self) -> object:
        return reviews.publish_reply(self.target.pk, actor=self.actor)


class TakingBack(ReviewDeed):
    noun, icon = "taking-back", "return"
    label = pgettext_lazy("deed", "Take the reply back")
    done = _("Taken back. The review is to be answered again.")
    warning = _("What stands on the platform must be taken off there by hand.")

    @classmethod
    def is_open(cls, target: Review, actor: Actor) -> bool:
        return target.state in (_S.READY, _S.ANSWERED)

    def act(self) -> object:
        return reviews.withdraw_reply(self.target.pk, actor=self.actor)


class Passing(ReviewDeed):
    noun, icon = "passing", "minus"
    label = pgettext_lazy("deed", "Leave it without a reply…")
    done = _("Left without a public reply.")

    why = forms.CharField(label=_("Why"), max_length=200)

    @classmethod
    def is_open(cls, target: Review, actor: Actor) -> bool:
        return not target.is_settled

    def act(self) -> object:
        return reviews.pass_review(self.target.pk, why=self.cleaned_data["why"], actor=self.actor)


class Resuming(ReviewDeed):
    noun, icon, tone = "resuming", "reply", "primary"
    label = pgettext_lazy("deed", "Answer it after all")
    done = _("It is to be answered again.")

    @classmethod
    def is_open(cls, target: Review, actor: Actor) -> bool:
        return target.state == _S.PASSED

    def act(self) -> object:
        return reviews.resume_review(self.target.pk, actor=self.actor)


class Work(ReviewDeed):
    """The ticket behind a review: of a bad one it is opened by itself, of a good one when somebody wants to say thanks."""

    noun, verb, icon = "ticket", "ticket.open", "inbox"
    label = pgettext_lazy("deed", "Open a ticket")
    done = _("A ticket is open.")

    @classmethod
    def label_of(cls, target: Review) -> Words:
        return cls.label if target.is_bad else pgettext_lazy("deed", "Open a praise ticket")

    @classmethod
    def is_open(cls, target: Review, actor: Actor) -> bool:
        return not hasattr(target, "work")

    def act(self) -> object:
        return open_for_review(self.target.pk, actor=self.actor)
