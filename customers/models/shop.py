"""The shop itself: its name on the page, where goods come back to, and the limits it set."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Shop(models.Model):
    """One shop front. Orders belong to one. Money limits are in minor units of `currency`."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    platform = models.CharField(_("platform"), max_length=20, default="own")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    country = models.CharField(_("country"), max_length=2, default="CN")
    province = models.CharField(_("province"), max_length=40, blank=True)  # decides provincial rules, e.g. Zhejiang
    refund_provider = models.CharField(_("refunds are paid by"), max_length=20, default="manual")
    rule_pack = models.CharField(_("rule pack"), max_length=20, default="cn")
    return_recipient = models.CharField(_("return to (name)"), max_length=60, blank=True)
    return_phone = models.CharField(_("return to (phone)"), max_length=30, blank=True)
    return_address = models.CharField(_("return address"), max_length=300, blank=True)
    # A refund above this needs a second person; below it one agent decides.
    second_person_above_minor = models.BigIntegerField(_("second person above"), default=50_000)
    freight_estimate_minor = models.BigIntegerField(_("usual freight of one leg"), default=1_200)
    # Seconds in which a reply can be taken back before the customer sees it; 0 sends at once.
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds to undo a reply"), default=10, validators=[MaxValueValidator(60)]
    )
    # A complaint is answered by the end of its day; one that comes after the first time, by the second of the next day.
    complaints_until = models.TimeField(_("complaints of today until"), default=dt.time(18))
    complaints_next_day = models.TimeField(_("later ones are answered by"), default=dt.time(12))
    # A bad review is answered in public within these hours after it came in; 0 sets no time.
    review_reply_hours = models.PositiveSmallIntegerField(
        _("hours to answer a bad review"), default=24, validators=[MaxValueValidator(720)]
    )
    goodwill_limit_minor = models.PositiveBigIntegerField(_("goodwill of an agent at most"), default=5_000)

    # Who wrote by mail gets the reply's words by mail in any case.
    mails_words = models.BooleanField(
        _("mails the words of replies"),
        default=False,
        help_text=_("Else who came by the form is only told that there is a reply, and reads it on the status page."),
    )

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [
            models.CheckConstraint(condition=models.Q(second_person_above_minor__gte=0), name="shop_limit_not_negative")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_take_back(self) -> bool:
        """T4: without a complete return address nothing may be approved (seven-day measures art. 11)."""
        return bool(self.return_recipient and self.return_phone and self.return_address)
