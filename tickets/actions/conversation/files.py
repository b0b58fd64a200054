"""Files of a message that was just written. Called by every door that lets people say something."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import Taken, attach_all
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.prepared import prepared
from tickets.models import Message


@transaction.atomic(savepoint=False)  # what is refused here is refused with the message
def attach_files(message: Message, taken: Sequence[Taken], *, actor: Actor, field: str = "attachments") -> None:
    """Hang them on it, beside what its draft held. In the transaction that writes the message, so that neither is alone.

    Raises `BadInput` where there is too much; what the shop sends is to fit into one e-mail, because it may leave as one.
    """
    if taken:
        attach_all(taken, on=message, actor=actor, field=field)
    if message.internal or message.by != Message.By.STAFF:
        return
    there = sum(_sizes(message=message.pk))
    if there > settings.UPLOAD_MAX_MAILED_BYTES:
        raise BadInput(
            _(
                "These files have %(size)s MB together; an e-mail takes %(most)s MB. Please leave some out, or send them "
                "in two messages."
            ),
            code="too_much_for_a_mail",
            field=field,
            size=f"{there / 1_048_576:.1f}",
            most=settings.UPLOAD_MAX_MAILED_BYTES // 1_048_576,
        )


@prepared
def _sizes(*, message: int) -> QuerySet[Attachment, int]:
    of = {"subject_type": Message._meta.label_lower, "subject_id": message}
    return Attachment.objects.filter(hidden_at=None, **of).order_by().values_list("size", flat=True)
