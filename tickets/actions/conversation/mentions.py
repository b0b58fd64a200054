"""Who is named in a note: `@` and the name of a colleague, as it stands in their account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from aftersales.kernel.actor import Actor

MOST = 10  # people who hear of one note


def mentioned_in(text: str, *, but: Actor) -> list[Any]:
    """The active members of staff named in it, each once, whoever writes left out. The longest name that fits counts."""
    if "@" not in text:
        return []
    people = sorted(get_user_model().objects.filter(is_active=True).exclude(name=""), key=lambda user: -len(user.name))
    found: dict[int, Any] = {}
    for piece in text.split("@")[1:]:
        user = next((each for each in people if piece.casefold().startswith(each.name.casefold())), None)
        if user is not None and not (but.kind == "staff" and user.pk == but.id):
            found[user.pk] = user
    return list(found.values())[:MOST]
