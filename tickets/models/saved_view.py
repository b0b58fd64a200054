"""A list of tickets that somebody keeps: a name, and what is asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.queries import SavedViewQuerySet


class SavedView(models.Model):
    """`query` is the query of the list's address (`status=waiting&queue=returns`); the desk reads it and counts behind it.

    Without a team it is its owner's alone; with one, every member sees it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="saved_views", verbose_name=_("team")
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("what is asked for"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("since"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_view_per_name")]

    def __str__(self) -> str:
        return self.name
