"""Service levels: policies in versions that stay. What a version holds is read by `sla_settings.py`.

A clock names the version it runs by, so no later edit changes what it came to; the database refuses to change a version,
and foreign keys keep one that is used.
"""

from __future__ import annotations

from django.conf import settings as configured
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from tickets.models.sla_settings import Settings, read_policy
from tickets.models.ticket import Ticket
from tickets.queries import PolicyQuerySet, PolicyVersionQuerySet

DEFAULT = "default"  # the key of the policy a new shop starts with
_kept: dict[tuple[int, str], Settings] = {}


def known_kinds() -> set[str]:
    return {str(value) for value in Ticket.Kind.values}


def known_states() -> set[str]:
    """The waiting states, by the codes that segments and policies keep."""
    return {str(value) for value in Ticket.WaitingOn.values if value and value != Ticket.WaitingOn.LATER}


class SlaPolicy(models.Model):
    """A set of service levels under a name. Of several in use the first one with a fitting target gives the clock."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("service level policy")
        verbose_name_plural = _("service level policies")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)

    def current(self) -> PolicyVersion:
        """The newest version: the one by which new clocks start."""
        return self.versions.order_by("-number")[0]


class PolicyVersion(models.Model):
    """One state of a policy. Written once: the database refuses to change or delete it."""

    policy = models.ForeignKey(SlaPolicy, models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("number"))
    settings = models.JSONField(_("settings"))
    note = models.CharField(_("what changes and why"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        configured.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ("policy", "-number")
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_numbers_once")]

    def __str__(self) -> str:
        return f"{self.policy.key}@{self.number}"

    def read(self) -> Settings:
        """What it says, read once for the life of the process: a version never changes."""
        key = (self.pk, self.created_at.isoformat())
        if key not in _kept:
            if len(_kept) >= 200:
                _kept.clear()
            _kept[key] = read_policy(self.settings)
        return _kept[key]
