"""Enter a review by hand, and narrow the list of reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import BadInput, NotPermitted, Refusal
from customers.actions.reviews import ReviewFacts, add_review
from customers.models import Review


class ReviewForm(forms.Form):
    """The same page sent twice is one review: the action knows it again by what it says."""

    platform = forms.ChoiceField(label=_("Platform"), choices=Review.Platform.choices)
    stars = forms.TypedChoiceField(
        label=_("Stars"), choices=[(str(number), "★" * number + "☆" * (5 - number)) for number in (1, 2, 3, 4, 5)],
        coerce=int,
    )  # fmt: skip
    text = forms.CharField(
        label=_("What the customer wrote"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    written_on = DayField(label=_("Written on"))
    goods = forms.CharField(label=_("Goods"), required=False, max_length=200)
    order_number = forms.CharField(
        label=_("Order number"), required=False, max_length=64,
        help_text=_("If it is known: the guard then knows name, address and numbers that must not stand in the reply."),
    )  # fmt: skip
    nick = forms.CharField(label=_("Nickname shown"), required=False, max_length=80)
    photos = forms.IntegerField(label=_("Photos"), required=False, min_value=0, max_value=99)
    external_id = forms.CharField(label=_("Number of the review at the platform"), required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        kwargs["initial"] = {"written_on": clock.shop_date(clock.now()), "stars": "3", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.status = 200

    def add(self, actor: Actor) -> Review | None:
        """The review; None with the errors shown in the form."""
        if not self.is_valid():
            self.status = 422
            return None
        given = dict(self.cleaned_data)
        day: dt.date = given.pop("written_on")
        at = dt.datetime.combine(day, dt.time.min, clock.shop_zone()).astimezone(dt.UTC)
        try:
            return add_review(ReviewFacts(**{**given, "photos": given["photos"] or 0}, at=at), actor=actor)
        except NotPermitted:
            raise
        except Refusal as refusal:
            self.status = refusal.status
            named = refusal.field if isinstance(refusal, BadInput) else None
            field = "written_on" if named == "at" else named
            self.add_error(field if field in self.fields else None, str(refusal))
            return None


class ReplyForm(forms.Form):
    """The public reply. What the guard found stays in the box, marked beside it."""

    text = forms.CharField(
        label=_("Public reply"), max_length=500, strip=True,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Please write something first.")},
    )  # fmt: skip
