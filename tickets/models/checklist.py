"""Checklists: what is gone through on tickets of a kind or with a reason, and how far one has come on a ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from tickets.models.ticket import Ticket
from tickets.queries import OfTicketQuerySet

_LINE = re.compile(r"(\*?)\s*([^*/／][^/／]*?)(?:\s*[/／]\s*(.+))?")
LONGEST_ITEM = 200
MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist."""

    is_required: bool
    text_zh: str
    text_en: str


def read_items(lines: str) -> list[Item]:
    """Items from lines such as `* 通电测试 / Switched on`; a star means needed. Raises `ValidationError` with the line."""
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        said = _LINE.fullmatch(line)
        if not said or len(line) > LONGEST_ITEM:
            raise ValidationError(
                _("“%(line)s” is no item. Write one a line, a star for what is needed: * 通电测试 / Switched on"),
                params={"line": line[:60]},
            )
        found.append(Item(bool(said[1]), said[2].strip(), (said[3] or said[2]).strip()))
    if not found or len(found) > MOST_ITEMS:
        raise ValidationError(_("A checklist has between one and %(most)s items."), params={"most": MOST_ITEMS})
    return found


class Checklist(models.Model):
    """One list as a manager writes it. `kinds` and `reasons` say which tickets get it by themselves: all of those kinds whose
    request, if they have one, names one of the reasons (`quality`, or exactly `quality.broken`); none means by hand only."""

    title_zh = models.CharField(_("title (Chinese)"), max_length=80)
    title_en = models.CharField(_("title (English)"), max_length=80)
    items = models.TextField(
        _("items"), max_length=8_000,
        help_text=_("One a line, a star for what is needed before closing: * 通电测试 / Switched on"),
    )  # fmt: skip
    kinds = models.JSONField(_("kinds of tickets"), default=list, blank=True)
    reasons = models.CharField(_("only for the reasons"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return of_two(self.title_zh, self.title_en)

    def clean(self) -> None:
        try:
            read_items(self.items)
        except ValidationError as wrong:
            raise ValidationError({"items": wrong}) from None

    def applies_to(self, kind: str, reasons: frozenset[str]) -> bool:
        """Whether a ticket of this kind with these reasons gets it by itself."""
        named = self.reasons.replace("，", ",").replace("、", ",").split(",")
        wanted = {reason.strip() for reason in named if reason.strip()}
        fits = not wanted or any(reason in wanted or reason.split(".")[0] in wanted for reason in reasons)
        return kind in self.kinds and fits


class TicketChecklist(models.Model):
    """A checklist on a ticket, with its items as they were when it came there. Left out with a reason it holds nothing up."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="checklists", verbose_name=_("ticket"))
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+", verbose_name=_("checklist"))
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    at = models.DateTimeField(_("at"))
    left_out_at = models.DateTimeField(_("left out at"), null=True, blank=True)
    left_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("left out by")
    )
    left_out_why = models.CharField(_("left out because"), max_length=300, blank=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist of a ticket")
        verbose_name_plural = _("checklists of tickets")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["ticket", "checklist"], name="one_checklist_per_ticket"),
            models.CheckConstraint(
                condition=Q(left_out_at=None, left_out_why="") | (Q(left_out_at__isnull=False) & ~Q(left_out_why="")),
                name="checklists_are_left_out_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return of_two(self.title_zh, self.title_en)


class TicketCheck(models.Model):
    """One item to tick, with who ticked it and when."""

    of = models.ForeignKey(TicketChecklist, models.CASCADE, related_name="checks", verbose_name=_("checklist"))
    position = models.PositiveSmallIntegerField()
    is_required = models.BooleanField()
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    ticked_at = models.DateTimeField(_("ticked at"), null=True, blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ticked by")
    )

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ("of", "position")
        constraints = [models.UniqueConstraint(fields=["of", "position"], name="one_check_per_place")]

    def __str__(self) -> str:
        return of_two(self.text_zh, self.text_en)
