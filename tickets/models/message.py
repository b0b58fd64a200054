"""The conversation of a ticket: messages both ways, internal notes, and a reply somebody has begun."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket
from tickets.queries import MessageQuerySet


class Message(models.Model):
    """Plain text, always. `internal` ones are never shown to a customer, whatever page or API asks.

    A reply waits until `send_at` (UTC) so that its author can undo it; while it is not `sent` only staff see it.
    `contact` marks a note that reports a talk with the customer (phone, visit), which counts as an answer. What somebody
    in Cc wrote (`OTHER`, with the name of the `writer`) is for staff alone and never the customer's word.
    """

    class By(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        STAFF = "staff", _("Shop")
        SYSTEM = "system", _("System")
        OTHER = "other", _("Somebody in Cc")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("customer's page")
        DESK = "desk", _("desk")
        EMAIL = "email", _("e-mail")
        CHAT = "chat", _("chat")
        PHONE = "phone", _("phone")
        SMS = "sms", _("SMS")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", verbose_name=_("ticket"))
    by = models.CharField(_("by"), max_length=8, choices=By)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    writer = models.CharField(_("name of the writer"), max_length=120, blank=True, default="")
    internal = models.BooleanField(_("internal note"), default=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.DESK)
    contact = models.BooleanField(_("talk with the customer"), default=False)
    text = models.TextField(_("text"), max_length=5000)
    at = models.DateTimeField(_("at"))
    send_at = models.DateTimeField(_("sent at the end of"), null=True, blank=True)
    sent = models.BooleanField(_("sent"), default=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["ticket", "at", "id"], name="message_thread")]

    def __str__(self) -> str:
        return self.text[:60]


class Cc(models.Model):
    """An address that a mail also went to: one of the customer's, or a reply of ours. Never one of our own."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="ccs", verbose_name=_("message"))
    address = models.CharField(_("address"), max_length=254)

    class Meta:
        verbose_name = _("Cc")
        verbose_name_plural = _("Cc")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["message", "address"], name="one_cc_per_address")]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return masked(self.address)


def masked(address: str) -> str:
    """`m***@example.org`: what pages show of an address."""
    user, _at, host = address.partition("@")
    return f"{user[:1]}***@{host}"


class Draft(models.Model):
    """What a member of staff has typed and not yet sent. `cc`: the ticked addresses, and what is typed beside them.

    `phrase` is the key of the one it is written with, `steps` are those of it that are still ticked: name and value.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    internal = models.BooleanField(default=False)
    text = models.TextField(blank=True)  # longer than a message may be: what was pasted is kept until it is shortened
    cc = models.JSONField(default=dict, blank=True)
    phrase = models.CharField(max_length=40, blank=True, default="")
    steps = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user", "internal"], name="one_draft_per_kind_and_person")
        ]

    def __str__(self) -> str:
        return self.text[:60]
