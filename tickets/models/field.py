"""The shop's own fields of tickets: what a manager has added for a kind of ticket. The values stand in `Ticket.custom`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from aftersales.kernel.reader import of_two

_CHOICE = re.compile(r"([a-z0-9_]{1,30})\s*[:：]\s*([^/／]+?)(?:\s*[/／]\s*(.+))?")
KEY = RegexValidator(r"^[a-z][a-z0-9_]{0,29}$", _("A key has small letters, digits and _, and begins with a letter."))


def read_choices(lines: str) -> dict[str, tuple[str, str]]:
    """Chinese and English words by key, from lines such as `noise: 异响 / noise`. Raises `ValidationError` with the line."""
    found: dict[str, tuple[str, str]] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        said = _CHOICE.fullmatch(line)
        if not said:
            raise ValidationError(
                _("“%(line)s” is no choice. Write one a line: noise: 异响 / noise"), params={"line": line[:60]}
            )
        if said[1] in found:
            raise ValidationError(_("The key “%(key)s” stands there twice."), params={"key": said[1]})
        found[said[1]] = (said[2].strip(), (said[3] or said[2]).strip())
    return found


class TicketField(models.Model):
    """One field. `key` and `kind` stay for good: values on tickets rely on them. One that is not asked any more is retired;
    its values stay to be read.

    `kinds` are the kinds of tickets it belongs to, none means every kind. `choices` are lines, see `read_choices`.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        CHOICE = "choice", _("one of several choices")
        DATE = "date", _("day")
        YES_NO = "yes_no", _("yes or no")

    key = models.CharField(_("key"), max_length=30, unique=True, validators=[KEY])
    label_zh = models.CharField(_("name (Chinese)"), max_length=60)
    label_en = models.CharField(_("name (English)"), max_length=60)
    kind = models.CharField(_("what it takes"), max_length=10, choices=Kind)
    kinds = models.JSONField(_("kinds of tickets"), default=list, blank=True)
    choices = models.TextField(
        _("choices"), blank=True, max_length=4_000,
        help_text=_("One a line: noise: 异响 / noise. The key stays, the words may change."),
    )  # fmt: skip
    required_to_close = models.BooleanField(_("needed before a ticket is closed"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("field of tickets")
        verbose_name_plural = _("fields of tickets")
        ordering = ("position", "id")

    def __str__(self) -> str:
        """Its name in the reader's language."""
        return of_two(self.label_zh, self.label_en)

    def clean(self) -> None:
        """A field of choices has some, every other field has none."""
        try:
            known = read_choices(self.choices)
        except ValidationError as wrong:
            raise ValidationError({"choices": wrong}) from None
        if self.kind == self.Kind.CHOICE and not known:
            raise ValidationError({"choices": _("Write at least one choice.")})
        if self.kind != self.Kind.CHOICE and known:
            raise ValidationError({"choices": _("Only a field of choices has them.")})

    def belongs_to(self, kind: str) -> bool:
        """Whether tickets of this kind are asked for it."""
        return not self.kinds or kind in self.kinds

    def options(self) -> list[tuple[str, str]]:
        """Key and words of each choice, in the reader's language and in the order of the lines."""
        return [(key, of_two(zh, en)) for key, (zh, en) in read_choices(self.choices).items()]

    def words(self, value: Any) -> str:
        """A value as people read it; a choice that is no longer offered is shown by its key."""
        if self.kind == self.Kind.CHOICE:
            return dict(self.options()).get(str(value), str(value))
        if self.kind == self.Kind.YES_NO:
            return pgettext("answer", "yes") if value else pgettext("answer", "no")
        if self.kind == self.Kind.DATE:
            return dt.date.fromisoformat(str(value)).isoformat()
        return str(value)
