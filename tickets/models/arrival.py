"""What came in from outside before and after somebody knows where it belongs: one mail, chat message or SMS."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.person import masked_phone
from tickets.models.chat_source import ChatSource
from tickets.models.mail_account import MailAccount
from tickets.models.message import Message, masked
from tickets.models.ticket import Ticket
from tickets.queries import ArrivalQuerySet


class Arrival(models.Model):
    """Kept before it is understood. In one of five states, each of which the desk shows: nothing gets lost on the way.

    `suggested` is the ticket it seems to be about where that is not certain enough. `remarks` are what people should
    know of it, as `[code, {parameters}]`. Instants are UTC.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        CHAT = "chat", _("chat")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        RECEIVED = "received", _("being placed")
        PLACED = "placed", _("placed")
        QUARANTINED = "quarantined", _("to be placed")
        IGNORED = "ignored", _("put aside")

    class Reason(models.TextChoices):
        # placed
        ANSWER = "answer", _("Answers a message of ours")
        THREAD = "thread", _("Continues a conversation of the same sender")
        REFERENCE = "reference", _("Names a ticket of the sender")
        NEW = "new", _("A new ticket")
        BOUNCE = "bounce", _("Says that a mail of ours did not arrive")
        BY_HAND = "by_hand", _("Placed by hand")
        # to be placed
        UNKNOWN_SENDER = "unknown_sender", _("The sender is not in the archive")
        NO_SENDER = "no_sender", _("It names no sender, or several")
        OWN_ADDRESS = "own_address", _("It says it comes from our own address")
        FORGED = "forged", _("The mail server holds the sender for forged")
        FLOOD = "flood", _("The sender wrote too often within an hour")
        STRAY_BOUNCE = "stray_bounce", _("A report about a mail we do not know")
        UNREADABLE = "unreadable", _("It cannot be read")
        NOT_HANDED_OVER = "not_handed_over", _("The mail server has it and does not hand it over")
        TOO_LARGE = "too_large", _("It is too large; only its header was taken")
        # put aside
        OWN_MAIL = "own_mail", _("A mail of ours came back")
        AUTOMATIC = "automatic", _("Written by a machine")
        DUPLICATE = "duplicate", _("The same mail is here already")
        DECLINED = "declined", _("Put aside by hand")
        STOP = "stop", _("A stop word; their consents have ended")
        BLOCKED = "blocked", _("Its sender is blocked")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.EMAIL)
    account = models.ForeignKey(
        MailAccount, models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name=_("mail account")
    )
    chat = models.ForeignKey(
        ChatSource, models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name=_("chat source")
    )
    uid_validity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    is_marked = models.BooleanField(default=False)  # on the server, that we have it
    asked = models.PositiveSmallIntegerField(default=1)  # times the server was asked for it
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # of its bytes
    content_sha256 = models.CharField(max_length=64, blank=True)  # of sender, subject, words and files
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    received_at = models.DateTimeField(_("received at"))
    kept_at = models.DateTimeField(_("kept at"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    reason = models.CharField(_("why"), max_length=16, choices=Reason, blank=True)
    external_id = models.CharField(_("Message-ID"), max_length=250, blank=True)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    sender_name = models.CharField(_("name"), max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    quoted = models.TextField(_("quoted history"), blank=True)
    auth = models.CharField(_("checks of the mail server"), max_length=500, blank=True)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    suggested = models.ForeignKey(Ticket, models.SET_NULL, null=True, blank=True, related_name="+")
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name=_("ticket")
    )
    message = models.OneToOneField(Message, models.SET_NULL, null=True, blank=True, related_name="arrival")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        constraints = [
            # Two fetchers, or one that died in the middle: a mail on the server is one row here.
            models.UniqueConstraint(fields=["account", "uid_validity", "uid"], name="one_arrival_per_mail"),
            models.CheckConstraint(
                condition=~Q(state="placed") | Q(ticket__isnull=False), name="placed_arrivals_have_a_ticket"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="arrival_by_state"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="arrival_by_message_id"),
            models.Index(fields=["sender", "-received_at"], name="arrival_by_sender"),
            models.Index(fields=["account", "sha256"], name="arrival_by_bytes"),
            models.Index(fields=["ticket", "-received_at"], name="arrival_of_ticket"),
            models.Index(fields=["chat", "sender", "-id"], condition=Q(channel="chat"), name="arrival_of_chat"),
            models.Index(fields=["account"], condition=Q(is_marked=False, channel="email"), name="arrival_unmarked"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.subject}"[:80]

    @property
    def sender_masked(self) -> str:
        """`m***@example.org`, `138****5678`: what lists and pages show. A nickname at a platform is shown as it is."""
        if self.channel == self.Channel.SMS:
            return masked_phone(self.sender) if self.sender else ""
        return masked(self.sender) if "@" in self.sender else self.sender


class ArrivalSource(models.Model):
    """The bytes as they came, in the same transaction as their row. Forgotten some time after it was settled."""

    arrival = models.OneToOneField(Arrival, models.CASCADE, primary_key=True, related_name="source")
    raw = models.BinaryField()

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return str(self.arrival_id)

    @property
    def content(self) -> bytes:
        """SQLite gives bytes, Postgres a memoryview."""
        return bytes(self.raw)
