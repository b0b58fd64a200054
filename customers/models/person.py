"""A person the shop sold to: how to reach them and where they live. Personal data lives here only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.worded import Worded
from customers.queries import ContactPointQuerySet, PersonQuerySet


class Person(models.Model):
    """A customer. `ref` is what staff and APIs use; the name may be unknown (platform exports mask it)."""

    SHOP = "shop"  # the source of the shop's own entry (`customers.actions.people.own_person`)

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    nick = models.CharField(_("platform nickname"), max_length=80, blank=True)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    external_id = models.CharField(_("customer number of the source"), max_length=64, blank=True)
    source = models.CharField(_("source"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("since"))
    # The entry of the same human being in which this one goes on. The row stays: old addresses and sources lead on by it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="one_person_per_source_number"
            )
        ]
        indexes = [models.Index(fields=["name"], name="person_name"), models.Index(fields=["nick"], name="person_nick")]

    @property
    def head(self) -> Person:
        """The entry in which this one goes on; itself where it was not merged. A merged one never leads to another."""
        return self.merged_into or self

    def __str__(self) -> str:
        if self.source == self.SHOP:
            return gettext("The shop itself")
        return self.name or self.nick or self.ref


def masked_phone(value: str) -> str:
    """`138****5678` of an E.164 number."""
    digits = value.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


class ContactPoint(Worded):
    """One way to reach a person. `value` is canonical: E.164 for phones, lower case for e-mail."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.CharField(_("value"), max_length=254)
    # The last four digits of a phone, for the desk's search; empty for e-mail.
    tail = models.CharField(max_length=4, blank=True, db_index=True)
    verified_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_contact_point_per_value")]
        indexes = [models.Index(fields=["kind", "value"], name="contact_point_value")]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """`138****5678`, `m***@example.org`: what lists and pages show."""
        if self.kind == self.Kind.EMAIL:
            user, _at, host = self.value.partition("@")
            return f"{user[:1]}***@{host}"
        return masked_phone(self.value)


class Address(models.Model):
    """Where a parcel goes. `is_masked` marks what a platform export hides with asterisks: fit to show, not to ship to."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses", verbose_name=_("person"))
    recipient = models.CharField(_("recipient"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CN")
    province = models.CharField(_("province"), max_length=40, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    line = models.CharField(_("street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    is_masked = models.BooleanField(_("masked by the platform"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return " ".join(part for part in (*self._town, self.district) if part)

    @property
    def full(self) -> str:
        return " ".join(part for part in (*self._town, self.district, self.line, self.postcode) if part)

    @property
    def _town(self) -> tuple[str, ...]:
        """Province and city; the city alone where they are one, as in Chongqing."""
        is_one = self.country == "CN" and self.province.removesuffix("市") == self.city.removesuffix("市")
        return (self.city,) if is_one else (self.province, self.city)


class Note(models.Model):
    """What staff know about a person or an order. Facts, not labels on character (domain.md 11)."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="notes", null=True, blank=True, verbose_name=_("person")
    )
    order = models.ForeignKey(
        "customers.Order", models.CASCADE, related_name="notes", null=True, blank=True, verbose_name=_("order")
    )
    text = models.CharField(_("text"), max_length=2000)
    # Empty when a program wrote it; the event names the key.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(order__isnull=False), name="note_is_about_something"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
