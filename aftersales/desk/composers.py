"""The forms one writes in on the page of a ticket, reply and note, with what this person has begun. Used by the ticket page.

One that nobody has begun says the same on every ticket but for a few addresses and numbers. It is drawn once for its kind,
and they are put in (`kept.filled`): two forms were a quarter of what a page took to draw.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales.accounts.models import User
from aftersales.desk.doors import DeskRequest
from aftersales.desk.forms.composer import Composer, NoteForm, ReplyForm
from aftersales.desk.thread import begun_on, draft_files
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.addresses import address_of
from aftersales.kernel.templatetags.kept import filled
from tickets.actions.mail.answering import sends_words
from tickets.models import Draft, Ticket

PART = "desk/composer.html"


class Drawn(NamedTuple):
    """A composer as `desk/composers.html` takes it."""

    noun: str
    tab: str | Promise
    internal: bool
    words: SafeString


class Place(NamedTuple):
    """Where one writes: the ticket, who asks, the address one comes back to, and the token that makes the forms theirs."""

    ticket: Ticket
    request: DeskRequest
    here: str
    token: str


def on_page(at: Place, seen: str, bound: Composer | None, drafts: Iterable[Draft], *, mailed: bool) -> list[Drawn]:
    """All this person may write in, each with what they have begun; `bound` was refused and keeps its text.

    From a merged ticket one goes on in the other: there only what was refused and what was begun since can be seen.
    """
    begun = {draft.internal: draft for draft in drafts}
    kept = draft_files(begun.values(), at.request.actor)
    drawn = []
    for kind in (ReplyForm, NoteForm):
        if not kind.is_offered(at.request.actor):
            continue
        if isinstance(bound, kind):
            bound.offer_cc(at.ticket, mailed=mailed)
            words = written(bound, at)
        elif at.ticket.merged_into_id and kind.internal not in begun:
            continue
        else:
            words = _fresh(kind, at, seen, begun.get(kind.internal), kept, mailed=mailed)
        drawn.append(Drawn(kind.noun, kind.tab, kind.internal, words))
    return drawn


def emptied(kind: type[Composer], at: Place, seen: str) -> SafeString:
    """The form in place of the one that was sent, on the newest thread; it replaces that on the open page."""
    begun = {each.internal: each for each in begun_on(ticket=at.ticket.pk, user=at.request.actor.id or 0)}
    draft = begun.get(kind.internal)
    kept = draft_files([draft] if draft else [], at.request.actor)
    return _fresh(kind, at, seen, draft, kept, mailed=sends_words(at.ticket), renews=True)


def written(form: Composer, at: Place, *, renews: bool = False) -> SafeString:
    """A form with what stands in it."""
    context = {"form": form, "now": clock.now(), "renews": renews}
    key, seen = (form[name].value() for name in ("key", "seen"))
    return render_to_string(PART, context | _words(form, at, key or "", "" if seen is None else str(seen)))


def signature_of(request: DeskRequest) -> str:
    """What stands below the replies of whoever asks."""
    user = request.user
    return user.signs.strip() if isinstance(user, User) else ""


def _fresh(
    kind: type[Composer], at: Place, seen: str, draft: Draft | None, kept: list[Attachment], *, mailed: bool,
    renews: bool = False,
) -> SafeString:  # fmt: skip
    signature = signature_of(at.request)
    if draft is None and not (mailed and kind.has_cc):
        form = _blank(kind, signature, get_language())
        return filled(PART, {"form": form, "renews": renews}, _words(kind, at, secrets.token_hex(16), seen))
    own = [each for each in kept if draft and each.subject_id == draft.pk]
    form = kind.begun(draft, seen=seen, kept=own, signature=signature)
    form.offer_cc(at.ticket, mailed=mailed)
    return written(form, at, renews=renews)


@lru_cache(maxsize=256)
def _blank(kind: type[Composer], signature: str, _language: str | None) -> Composer:
    """The one form that stands for all in which nothing is written: what is drawn of it is found again by its being the same."""
    return kind.begun(None, seen="", kept=[], signature=signature)


def _words(form: Composer | type[Composer], at: Place, key: str, seen: str) -> dict[str, str]:
    """What differs from page to page."""
    ref = at.ticket.ref
    return {
        "address": f"{address_of(f'desk:{form.noun}', ref)}?next={quote(at.here, safe='')}",
        "keeping": address_of("desk:draft", ref),
        "phrases": address_of("desk:ticket-phrases", ref),
        "kept_for": f"{at.request.actor.id}:{ref}:{form.noun}",
        "key": key,
        "seen": seen,
        "csrf_token": at.token,
    }
