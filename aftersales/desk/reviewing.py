"""Reviews as the desk shows them: the list with its views and counts, one review with its draft, and the guard's marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from customers.actions.reviews import known_of
from customers.actions.reviews.refusals import KINDS
from customers.models import Review
from customers.queries import ReviewQuerySet
from customers.reviewing import Finding, Kind, look_over, topic_of
from tickets.actions.phrases import fill
from tickets.models import Phrase

ROWS = 30
_S = Review.State
_VIEWS: dict[str, tuple[str | Promise, Q]] = {
    "": (_("To be answered"), Q(state=_S.OPEN)),
    "ready": (_("To be copied"), Q(state=_S.READY)),
    "answered": (_("Answered"), Q(state=_S.ANSWERED)),
    "passed": (_("Without a reply"), Q(state=_S.PASSED)),
    "all": (_("All"), Q()),
}
_ADVICE: dict[Kind, str | Promise] = {
    Kind.EMAIL: _("Leave it out. Ask the customer to write to you on the platform."),
    Kind.ID_NUMBER: _("Leave it out, here and everywhere."),
    Kind.PHONE: _("Leave it out, the shop’s own number too. Say that you call the customer."),
    Kind.CHAT: _("Leave it out. Platforms allow contact only on the platform."),
    Kind.TRACKING: _("Write “your parcel”. The customer sees the number in the order."),
    Kind.ORDER: _("Write “your order”. The customer knows which."),
    Kind.NAME: _("Write “dear customer” or nothing."),
    Kind.ADDRESS: _("Leave the place out: it shows where somebody lives."),
    Kind.LINK: _("Name the page in words."),
    Kind.REWARD: _(
        "Never offer anything for a review and never ask for another one: the law forbids it. Settle the matter itself."
    ),
    Kind.NUMBER: _("So long a number may be a phone, an order or a parcel. Leave it out."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list asks for; anything unknown is left out."""

    view: str = ""
    platform: str = ""
    stars: str = ""
    words: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        view, platform, stars = (given.get(name, "") for name in ("view", "platform", "stars"))
        return cls(
            view=view if view in _VIEWS else "",
            platform=platform if platform in Review.Platform.values else "",
            stars=stars if stars in _STARS else "",
            words=given.get("q", "").strip()[:100],
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.platform or self.stars or self.words)


_STARS: dict[str, Q] = {"bad": Q(is_bad=True), **{str(number): Q(stars=number) for number in (1, 2, 3, 4, 5)}}


def found(actor: Actor, asked: Asked) -> ReviewQuerySet:
    """What the filters leave, in every view."""
    rows: ReviewQuerySet = Review.objects.visible_to(actor)
    if asked.platform:
        rows = rows.filter(platform=asked.platform)
    if asked.stars:
        rows = rows.filter(_STARS[asked.stars])
    if asked.words:
        words = asked.words
        rows = rows.filter(
            Q(text__icontains=words) | Q(goods__icontains=words) | Q(order_number=words) | Q(nick=words)
            | Q(ref=words.upper()) | Q(external_id=words)
        )  # fmt: skip
    return rows


def rows_of(actor: Actor, asked: Asked) -> ReviewQuerySet:
    """The rows of the view; what waits by its due time, else the newest first."""
    rows = found(actor, asked).filter(_VIEWS[asked.view][1]).select_related("work__ticket")
    return rows.by_due() if asked.view in ("", "ready") else rows.order_by("-at", "-id")


def tabs(actor: Actor, asked: Asked, address: str) -> list[dict[str, Any]]:
    """The views with what is in each, counted in one statement, under the same filters."""
    names = {name: name or "open" for name in _VIEWS}
    counts = found(actor, asked).aggregate(
        **{f"in_{key}": Count("pk", filter=_VIEWS[name][1]) for name, key in names.items() if name != "all"},
        in_all=Count("pk"),
    )
    kept = QueryDict(mutable=True)
    for name, value in (("platform", asked.platform), ("stars", asked.stars), ("q", asked.words)):
        if value:
            kept[name] = value
    found_tabs = []
    for name, (label, _which) in _VIEWS.items():
        query = kept.copy()
        if name:
            query["view"] = name
        href = address + (f"?{query.urlencode()}" if query else "")
        found_tabs.append(
            {"label": label, "href": href, "current": name == asked.view, "count": counts[f"in_{names[name]}"]}
        )
    return found_tabs


def stars_choices() -> list[tuple[str, str | Promise]]:
    """Made for each reader: a number put into a lazy text makes it one of the language that is on at that moment."""
    stars = [(str(n), ngettext("%(number)d star", "%(number)d stars", n) % {"number": n}) for n in (1, 2, 3, 4, 5)]
    return [("", _("any")), ("bad", _("bad ones")), *stars]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `kind` says in words what the guard saw in it, "" where it saw nothing."""

    words: str
    kind: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the guard says to a text: the text in pieces, and for each kind what to do."""

    pieces: list[Piece]
    advice: list[tuple[str | Promise, str | Promise]]

    def __bool__(self) -> bool:
        return bool(self.advice)


def marks(text: str, findings: Sequence[Finding]) -> Marks:
    """The findings as the page shows them, in the order of the text."""
    pieces, at = [], 0
    for each in findings:
        if each.start > at:
            pieces.append(Piece(text[at : each.start]))
        pieces.append(Piece(each.words, KINDS[each.kind]))
        at = each.end
    pieces.append(Piece(text[at:]))
    kinds = dict.fromkeys(each.kind for each in findings)
    return Marks([piece for piece in pieces if piece.words], [(KINDS[kind], _ADVICE[kind]) for kind in kinds])


def guard(review: Review, text: str) -> Marks:
    """What must not be public in this text, as far as the archive and the guard know."""
    return marks(text, look_over(text, known_of(review))) if text.strip() else Marks([], [])


@dataclass(frozen=True, slots=True)
class Draft:
    """A phrase filled in for a review. `fits` marks the one for what the review is about."""

    key: str
    title: str
    text: str
    fits: bool


def drafts_for(review: Review, actor: Actor) -> list[Draft]:
    """The phrases for public replies, the fitting one first."""
    topic = topic_of(review.text, stars=review.stars)
    locale = get_language() or "zh-hans" if review.platform == Review.Platform.OWN else "zh-hans"
    fallback = "商品" if locale.startswith("zh") else "the article"
    shop = review.order.shop.name if review.order else settings.SHOP_NAME
    values = {"product": review.goods or fallback, "shop": shop or "", "agent": actor.label}
    rows = Phrase.objects.visible_to(actor).for_reviews()
    told = [
        Draft(row.key, _short(row.title), fill(row.text(locale), values), row.key == f"review-{topic}") for row in rows
    ]
    return sorted(told, key=lambda draft: not draft.fits)


def _short(title: str) -> str:
    """The title of a phrase without what all of them begin with: 评价回复：物流问题 → 物流问题."""
    _all, colon, own = title.replace("：", ":").partition(":")
    return own.strip() if colon else title
