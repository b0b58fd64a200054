"""Words that are used often, with what is done besides: 话术. And the words a reply should do without."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from tickets.queries import PhraseQuerySet


class Phrase(models.Model):
    """Text in both languages with variables in braces, and steps (`[[name, value], …]`) that run when it is sent.

    `kinds` are those of the tickets it is offered on, none for all; `FOR_REVIEWS` is for public replies to reviews. With
    an `owner` it is that person's alone; with a `team` its team's; with neither everybody's. One that is no longer used is
    retired, not deleted.
    """

    FOR_REVIEWS = "review"

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=60)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True)
    text_zh = models.TextField(_("text (Chinese)"), max_length=2000)
    text_en = models.TextField(_("text (English)"), max_length=2000, blank=True)
    kinds = models.JSONField(_("kinds of tickets"), default=list, blank=True)
    steps = models.JSONField(_("steps"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only for")
    )
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    uses = models.PositiveIntegerField(_("times used"), default=0)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language."""
        return of_two(self.title_zh, self.title_en)

    def text(self, locale: str) -> str:
        """In the customer's language, where it was written in that."""
        return self.text_zh if locale.startswith("zh") or not self.text_en else self.text_en


class WordingTerm(models.Model):
    """A word or turn that a reply should do without, or (apology) one that a first reply to a complaint needs."""

    class Fault(models.TextChoices):
        BLAME = "blame", _("blames the customer")
        PUSH_AWAY = "push_away", _("sends the customer to somebody else")
        APOLOGY = "apology", _("apologises")

    fault = models.CharField(_("what it does"), max_length=10, choices=Fault)
    language = models.CharField(_("language"), max_length=2, choices=[("zh", "中文"), ("en", "English")])
    text = models.CharField(_("words"), max_length=60, help_text=_("* stands for a few characters in between."))
    instead = models.CharField(_("better"), max_length=120, blank=True)
    retired = models.BooleanField(_("not looked for any more"), default=False)

    class Meta:
        verbose_name = _("wording term")
        verbose_name_plural = _("wording terms")
        ordering = ("fault", "language", "text")
        constraints = [models.UniqueConstraint(fields=["fault", "language", "text"], name="each_wording_term_once")]

    def __str__(self) -> str:
        return self.text
