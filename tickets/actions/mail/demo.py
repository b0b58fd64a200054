"""Write to the shop from the demo's mailbox: a mail is put together as a mail program would, and takes the usual road.

Where the mailbox page is off there is no way here: `settings.MAILBOX` is asked by the page and again by the action.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotFound
from customers.actions.contacts import canonical_email
from tickets.actions.mail.keeping import keep_mail
from tickets.models import Arrival, MailAccount

_VALIDITY = 1


def write_to_shop(
    *, sender: str, subject: str, text: str, answers: str = "", photos: list[UploadedFile] | None = None
) -> Arrival:
    """Keep the mail as if it had been fetched; the sweep places it. Raises `NotFound` where there is no demo mailbox."""
    account = MailAccount.standing().filter(host="").first()
    if not settings.MAILBOX or settings.PRODUCTION or account is None:
        raise NotFound
    address = canonical_email(sender)
    if address is None:
        raise BadInput(_("“%(text)s” is no e-mail address."), field="sender", text=sender[:80])
    now = clock.now()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, account.address, " ".join(subject.split())[:300]
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain="mail.example")
    if answers:
        mail["In-Reply-To"] = "".join(answers.split())[:200]
    mail.set_content(text)
    for photo in photos or []:
        kind, _slash, form = (photo.content_type or "application/octet-stream").partition("/")
        mail.add_attachment(photo.read(), maintype=kind, subtype=form or "octet-stream", filename=photo.name)
    highest = Arrival.objects.filter(account=account, uid_validity=_VALIDITY).aggregate(uid=Max("uid"))["uid"] or 0
    return keep_mail(account, mail.as_bytes(), uid_validity=_VALIDITY, uid=highest + 1, received_at=now, actor=SYSTEM)
