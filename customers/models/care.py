"""Messages of the shop's own accord: plans that managers type in, and each message that a plan brought about."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.notices import gateways
from aftersales.notices.models import Notice
from customers.models.care_sms import fault_of
from customers.models.catalogue import Category
from customers.models.consent import Purpose
from customers.models.order import Order
from customers.models.person import Person
from customers.models.segment import Segment

# What the words of a plan may name.
PLACEHOLDERS = ("name", "shop", "goods", "order", "date")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Birthday(models.Model):
    """The day a customer told us themselves, and where. No year is kept: nothing here needs it."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="birthday", verbose_name=_("person"))
    month = models.PositiveSmallIntegerField(_("month"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    day = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    source = models.CharField(_("where they said it"), max_length=300)
    given_at = models.DateTimeField(_("written down at"))

    class Meta:
        verbose_name = _("birthday")
        verbose_name_plural = _("birthdays")
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31), name="birthday_is_a_day"
            )
        ]
        indexes = [models.Index(fields=["month", "day"], name="birthday_day")]

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


class CarePlan(models.Model):
    """For which occasion, how many days off it, and in which words. `planned_until` is the last day the night has planned.

    The words of an SMS may be left out: then the plan goes by e-mail only. `sms_code_…` is the number under which the carrier
    has registered that very text.
    `begins_on` is the first day it may be about: the night before it became active. Both are days of the shop's calendar.
    """

    class Occasion(models.TextChoices):
        BIRTHDAY = "birthday", _("birthday")
        ANNIVERSARY = "anniversary", _("anniversary of the first order")
        WARRANTY = "warranty", _("warranty ends")
        REFILL = "refill", _("parts or refills are due")
        SILENCE = "silence", _("nothing bought for long")
        THANKS = "thanks", _("a case was settled")
        REFERRAL = "referral", _("somebody they recommended us to bought")
        NEWS = "news", _("news of products")

    PURPOSES = {
        Occasion.BIRTHDAY: Purpose.OCCASIONS,
        Occasion.ANNIVERSARY: Purpose.OCCASIONS,
        Occasion.WARRANTY: Purpose.GOODS,
        Occasion.REFILL: Purpose.GOODS,
        Occasion.SILENCE: Purpose.NEWS,
        Occasion.THANKS: Purpose.OCCASIONS,
        Occasion.REFERRAL: Purpose.OCCASIONS,
        Occasion.NEWS: Purpose.NEWS,
    }
    # Carriers let nothing through that calls customers back (Tencent 382/39023: 用户召回).
    NEVER_BY_SMS = frozenset({Occasion.SILENCE})
    # What its SMS may name: no person and no goods, because others carry it; an order where the occasion has one.
    WITH_ORDER = frozenset({Occasion.WARRANTY, Occasion.REFILL})

    name = models.CharField(_("name"), max_length=80, unique=True)
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("category"),
        help_text=_("For warranties and refills; a warranty without one means every category that has a warranty."),
    )  # fmt: skip
    days = models.SmallIntegerField(
        _("days after"), validators=[MinValueValidator(-90), MaxValueValidator(1500)],
        help_text=_("After the day itself; less than 0 is before it, e.g. -14 for two weeks before a warranty ends."
                    " For refills counted from the delivery, for silence from the last order."),
    )  # fmt: skip
    date = models.DateField(
        _("day of the news"), null=True, blank=True,
        help_text=_("For news of products: everybody who agreed gets it once. For other news make another plan."),
    )  # fmt: skip
    segments = models.ManyToManyField(
        Segment, blank=True, related_name="plans", verbose_name=_("customer segments"),
        help_text=_("Only for customers in one of these; none chosen means everybody."),
    )  # fmt: skip
    subject_zh = models.CharField(_("subject (Chinese)"), max_length=60)
    text_zh = models.TextField(_("text (Chinese)"), max_length=1500)
    subject_en = models.CharField(_("subject (English)"), max_length=60)
    text_en = models.TextField(_("text (English)"), max_length=1500)
    sms_zh = models.TextField(_("SMS (Chinese)"), max_length=200, blank=True)
    sms_code_zh = models.CharField(_("number at the carrier (Chinese)"), max_length=40, blank=True)
    sms_en = models.TextField(_("SMS (English)"), max_length=200, blank=True)
    sms_code_en = models.CharField(_("number at the carrier (English)"), max_length=40, blank=True)
    active = models.BooleanField(_("active"), default=False)
    planned_until = models.DateField(_("planned until"), null=True, blank=True, editable=False)
    begins_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("care plan")
        verbose_name_plural = _("care plans")
        ordering = ("occasion", "name")
        constraints = [
            models.CheckConstraint(
                condition=~Q(occasion="refill") | Q(category__isnull=False), name="refill_plan_names_a_category"
            ),
            models.CheckConstraint(condition=~Q(occasion="news") | Q(date__isnull=False), name="news_plan_has_a_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def purpose(self) -> Purpose:
        """What a person must have agreed to."""
        return self.PURPOSES[self.Occasion(self.occasion)]

    @property
    def has_sms(self) -> bool:
        """Whether it may go by SMS to who agrees to that."""
        return bool(self.sms_zh and self.sms_en) and self.occasion not in self.NEVER_BY_SMS

    def clean(self) -> None:
        wrong: dict[str, ValidationError] = {}
        if self.occasion == self.Occasion.REFILL and self.category_id is None:
            wrong["category"] = ValidationError(_("Say after which goods the refills are due."))
        if self.occasion == self.Occasion.NEWS and self.date is None:
            wrong["date"] = ValidationError(_("Say on which day the news goes out."))
        if (
            self.occasion in (self.Occasion.REFILL, self.Occasion.SILENCE, self.Occasion.THANKS, self.Occasion.REFERRAL)
            and (self.days or 0) < 0
        ):
            wrong["days"] = ValidationError(_("This occasion cannot be known in advance. Use 0 or more days."))
        for field in ("subject_zh", "text_zh", "subject_en", "text_en"):
            unknown = [each for each in _PLACEHOLDER.findall(getattr(self, field)) if each not in PLACEHOLDERS]
            if unknown:
                wrong[field] = ValidationError(
                    _("Nothing stands for {%(unknown)s}. Known are %(known)s."),
                    params={"unknown": unknown[0], "known": ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)},
                )
        wrong |= self._wrong_in_sms()
        if wrong:
            raise ValidationError(wrong)

    def _wrong_in_sms(self) -> dict[str, ValidationError]:
        """By field: what a carrier would refuse is said while it is typed in."""
        wrong: dict[str, ValidationError] = {}
        written = {each: getattr(self, f"sms_{each}").strip() for each in ("zh", "en")}
        names = ("date", "order") if self.occasion in self.WITH_ORDER else ("date",)
        if any(written.values()) and self.occasion in self.NEVER_BY_SMS:
            refused = _("Carriers let no SMS through that calls customers back. Leave it empty for this occasion.")
            return {f"sms_{each}": ValidationError(refused) for each, text in written.items() if text}
        for language, text in written.items():
            if not text and any(written.values()):
                wrong[f"sms_{language}"] = ValidationError(_("Write the SMS in both languages, or in none."))
            elif text and (fault := fault_of(text, language, names)):
                wrong[f"sms_{language}"] = ValidationError(fault)
            elif text and gateways.current().really_sends and not getattr(self, f"sms_code_{language}").strip():
                wrong[f"sms_code_{language}"] = ValidationError(
                    _("Enter the number under which the carrier has registered this text; it sends nothing else.")
                )
        return wrong

    def words(self, locale: str, values: dict[str, str]) -> tuple[str, str]:
        """Subject and text in the reader's language, with `values` for the placeholders."""
        chinese = locale.startswith("zh")
        subject, text = (self.subject_zh, self.text_zh) if chinese else (self.subject_en, self.text_en)

        def fill(each: str) -> str:
            return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), each)

        return fill(subject), fill(text)

    def sms(self, locale: str) -> tuple[str, str]:
        """The SMS in the reader's language, with its `{variables}`, and the carrier's number of that text."""
        chinese = locale.startswith("zh")
        return (self.sms_zh, self.sms_code_zh) if chinese else (self.sms_en, self.sms_code_en)


class CareMessage(models.Model):
    """One message to one person for one occasion: `key` names it (a year, an order, a case), so there is never a second.

    `day` is the day of the shop's calendar on which it is meant to be read. `why` says what it waits for, or what stopped it.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("handed over")  # the notice says what became of it
        STOPPED = "stopped", _("not sent")
        LATE = "late", _("too late to matter")

    class Why(models.TextChoices):
        NONE = "", "–"
        CONSENT = "consent", _("no consent any more")
        COMPLAINT = "complaint", _("a complaint is open")
        CASE = "case", _("a case is open")
        CAP = "cap", _("too many messages within 30 days")
        UNREACHABLE = "unreachable", _("no e-mail address, and no SMS agreed to")
        BOUGHT = "bought", _("bought again meanwhile")
        REFERRAL = "referral", _("the recommendation was taken back")
        SEGMENT = "segment", _("in none of the plan's segments any more")
        PLAN = "plan", _("the plan was ended")

    plan = models.ForeignKey(CarePlan, models.PROTECT, related_name="messages", verbose_name=_("care plan"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="care", verbose_name=_("person"))
    key = models.CharField(_("occasion"), max_length=60)
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, verbose_name=_("order"))
    goods = models.CharField(_("goods"), max_length=200, blank=True)
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    why = models.CharField(_("why"), max_length=12, choices=Why, blank=True, default=Why.NONE)
    planned_at = models.DateTimeField(_("planned on"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    notice = models.OneToOneField(
        Notice, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("notice")
    )

    class Meta:
        verbose_name = _("care message")
        verbose_name_plural = _("care messages")
        ordering = ("-day", "-id")
        constraints = [models.UniqueConstraint(fields=["plan", "person", "key"], name="one_care_message_per_occasion")]
        indexes = [
            models.Index(fields=["person", "-day"], name="care_of_person"),
            models.Index(fields=["person"], condition=Q(state="planned"), name="care_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.person}"
