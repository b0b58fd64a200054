"""What stands below a reply: the signature of whoever writes it, else of their team."""

from __future__ import annotations

from aftersales.accounts.models import User
from aftersales.kernel.actor import Actor
from tickets.actions.by import user_id_of


def signature_of(actor: Actor) -> str:
    """As their account has it now, or nothing. A page that has read the account already asks that (`User.signs`)."""
    user = User.objects.select_related("team").filter(pk=user_id_of(actor) or 0).first()
    return user.signs.strip() if user else ""


def signed(text: str, signature: str) -> str:
    """With the signature of whoever writes below it, once."""
    return text if not signature or text.rstrip().endswith(signature) else f"{text.rstrip()}\n\n{signature}"
