"""Mails take turns, whichever mailbox they came to. Called by `placing`, and by `blocking` to stand between two of them."""

from __future__ import annotations

from tickets.models import MailAccount


def take() -> None:
    """Wait for one's turn, until the end of the caller's transaction: the lock on the oldest account.

    So one mail to two mailboxes makes one ticket, and two first mails of a stranger make one person.
    """
    MailAccount.objects.select_for_update().order_by("pk").first()
