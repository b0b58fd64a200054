"""A mailbox that customers write to, and how far it has been read."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.accounts import sealing
from tickets.models.ticket import Queue

PURPOSE = "mail account password"


class MailAccount(models.Model):
    """Without `host` nothing is fetched: mails come in by a door of their own (the demo's mailbox).

    `last_uid` is the highest UID kept under `uid_validity`; every lower one has its row. `uid_validity` names one numbering of
    one place (`actions.mail.accounts.begin`). Instants are UTC.
    """

    PLACE = ("host", "port", "user", "folder")  # where it is read: another of one of them is another mailbox

    address = models.EmailField(_("address"), unique=True)
    host = models.CharField(_("IMAP server"), max_length=120, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    user = models.CharField(_("user name"), max_length=254, blank=True)
    sealed_password = models.TextField(blank=True)
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    queue = models.ForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="mail_accounts", verbose_name=_("queue"),
        help_text=_("Where its mail becomes tickets, and so whose they are. Without one, the queue for questions."),
    )  # fmt: skip
    sender_name = models.CharField(
        _("name of the sender"), max_length=60, blank=True,
        help_text=_("Stands before the address in what leaves from here, such as Returns team."),
    )  # fmt: skip
    is_sender = models.BooleanField(
        _("answers leave under this address"),
        default=False,
        help_text=_(
            "Only where your mail server lets the desk write from it. Else they leave under the desk’s own address; "
            "what is answered to them arrives here all the same."
        ),
    )
    takes_strangers = models.BooleanField(
        _("opens tickets for strangers"),
        default=False,
        help_text=_("Otherwise mail of people who are not in the archive waits until somebody has looked at it."),
    )
    has_plus_addresses = models.BooleanField(
        _("takes plus addresses"),
        default=False,
        help_text=_(
            "Whether name+anything@… arrives here as well. Answers then find their ticket by the address, too."
        ),
    )
    auth_server = models.CharField(
        _("name of the checking server"),
        max_length=120,
        blank=True,
        help_text=_(
            "The first word of the Authentication-Results line your mail server writes. Without it forgery is not judged."
        ),
    )
    begins_at = models.DateTimeField(_("takes mail since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(_("asked again at"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, editable=False)

    class Meta:
        verbose_name = _("mail account")
        verbose_name_plural = _("mail accounts")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.address

    @property
    def place(self) -> dict[str, Any]:
        """Where it is read, by the names of its fields."""
        return {name: getattr(self, name) for name in self.PLACE}

    @property
    def password(self) -> str:
        """In clear, for the sign-in at the server. "" where none was given."""
        return sealing.unseal(self.sealed_password, purpose=PURPOSE) if self.sealed_password else ""

    @property
    def sender(self) -> str:
        """What mail from here bears as From, such as `Returns <returns@shop.example>`; "" where nothing leaves under it."""
        return formataddr((self.sender_name, self.address)) if self.is_sender else ""

    @staticmethod
    def standing() -> models.QuerySet[MailAccount]:
        """Those that take mail."""
        return MailAccount.objects.filter(Q(ended_at=None))
