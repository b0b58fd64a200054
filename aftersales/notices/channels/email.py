"""Send an e-mail by whatever EMAIL_BACKEND is set to, and tell apart what failed before and after the hand-over."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.translation import gettext_noop as _

from aftersales.files.leaving import read_to_send
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.notices.actions.asking_again import ask_again
from aftersales.notices.channels.settling import settle
from aftersales.notices.message_ids import message_id_of
from aftersales.notices.quiet import may_leave_at


class EmailChannel:
    name = "email"
    repeatable = False  # mail servers do not compare Message-IDs
    repeats_in_doubt = 1  # a mail twice is the lesser harm; the fixed Message-ID lets many mail programs show one

    def send(self, item: Outbound) -> str:
        """Raises Temporary before the hand-over, Permanent on refusal, Unknown when the line broke during it.

        Errors are told by their kind and number only: the server's words hold the address.
        """
        ask_again(item)
        line: Any = get_connection(fail_silently=False)
        message_id = message_id_of(item.subject_id)
        mail = EmailMultiAlternatives(
            item.payload["subject"],
            item.payload["text"],
            # Under the address of a mailbox also before the server, so that what comes back comes back to it.
            from_email=item.payload.get("from") or None,
            to=[item.payload["to"]],
            # What a person wrote says so itself; everything else is a machine's, and no machine need answer it.
            headers={"Auto-Submitted": "auto-generated", **item.payload.get("headers", {}), "Message-ID": message_id},
            connection=line,
        )
        mail.attach_alternative(item.payload["html"], "text/html")
        files, lost = read_to_send(item.payload.get("files", []))
        for each, content in files:
            mail.attach(each.saved_as, content, each.served_as)
        try:
            line.open()
        except (OSError, smtplib.SMTPException) as failure:
            # Refused STARTTLS among them: nothing is ever sent in clear instead.
            raise Temporary(
                _("The mail server cannot be reached safely (%(failure)s)."), failure=_short(failure)
            ) from failure
        try:
            line.send_messages([mail])
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as answer:
            raise _answered(answer) from answer
        except (OSError, smtplib.SMTPException) as failure:
            if getattr(line, "was_handing_over", True):
                raise Unknown(
                    _("The line broke while the mail was handed over (%(failure)s)."), failure=_short(failure)
                ) from failure
            raise Temporary(
                _("The line broke before the mail was handed over (%(failure)s)."), failure=_short(failure)
            ) from failure
        finally:
            _hang_up(line)
        return f"{message_id}{lost}"

    def waits_until(self, item: Outbound, now: dt.datetime) -> dt.datetime:
        return may_leave_at(item, now)

    def settled(self, item: Outbound) -> None:
        settle(item, shown=settings.MAILBOX and item.status == Due.Status.DONE)


def _answered(answer: Exception) -> Exception:
    """4xx: later. 5xx: never. The server's own word, so nothing is in doubt."""
    codes = (
        [code for code, _ in answer.recipients.values()]
        if isinstance(answer, smtplib.SMTPRecipientsRefused)
        else [getattr(answer, "smtp_code", 0)]
    )
    refused = all(500 <= code < 600 for code in codes)
    return (Permanent if refused else Temporary)(
        _("The mail server answered %(codes)s."), codes=", ".join(str(code) for code in codes)
    )


def _short(failure: Exception) -> str:
    number = getattr(failure, "smtp_code", None) or getattr(failure, "errno", None)
    return f"{type(failure).__name__} {number}" if number else type(failure).__name__


def _hang_up(line: Any) -> None:
    """The mail is out or not by now; a server that does not say goodbye changes nothing about it."""
    try:
        line.close()
    except (OSError, smtplib.SMTPException):
        return
