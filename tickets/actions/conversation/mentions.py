"""Who is named in a note: `@` and the name of a colleague, as it stands in their account."""

from __future__ import annotations

from typing import NamedTuple

from aftersales.accounts.models import User
from aftersales.accounts.teams import who_see
from aftersales.kernel.actor import Actor
from tickets.models import Ticket

MOST = 10  # people who hear of one note


class Mentioned(NamedTuple):
    """Those who hear of the note, and those who do not, since the ticket is a closed team's: a notice would lead them nowhere."""

    told: list[User]
    kept_out: list[User]


def mentioned_in(text: str, *, of: Ticket, but: Actor) -> Mentioned:
    """The active members of staff named in it, each once, whoever writes left out. The longest name that fits counts."""
    if "@" not in text:
        return Mentioned([], [])
    people = sorted(User.objects.filter(is_active=True).exclude(name=""), key=lambda user: -len(user.name))
    found: dict[int, User] = {}
    for piece in text.split("@")[1:]:
        user = next((each for each in people if piece.casefold().startswith(each.name.casefold())), None)
        if user is not None and not (but.kind == "staff" and user.pk == but.id):
            found[user.pk] = user
    seeing = set(who_see(User.objects.filter(pk__in=found), of.team).values_list("pk", flat=True))
    told = [user for user in found.values() if user.pk in seeing]
    return Mentioned(told[:MOST], [user for user in found.values() if user.pk not in seeing])
