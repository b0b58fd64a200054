"""Reviews: the list, one with its reply, one entered by hand, and the replies to be copied as a table."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import reviewing
from aftersales.desk.deeds.all import ON_REVIEW
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.deeds.reviews import ReviewDeed
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.review import ReplyForm, ReviewForm
from aftersales.desk.page import go, show
from aftersales.desk.story import told_of
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import may
from customers.actions.reviews import PrivateReply, write_reply
from customers.actions.reviews.replying import standing
from customers.importers.generic.export import as_text
from customers.models import Review


@door("review.view")
def reviews(request: DeskRequest) -> HttpResponse:
    """What is to be answered first; `?view=` the others, filters for platform, stars and words."""
    asked = reviewing.Asked.of(request.GET)
    return show(
        request,
        "desk/reviews.html",
        fragment="desk/review_list.html",
        asked_reviews=asked,
        tabs=reviewing.tabs(request.actor, asked, request.path),
        platforms=Review.Platform.choices,
        stars=reviewing.stars_choices(),
        page=Paginator(reviewing.rows_of(request.actor, asked), reviewing.ROWS).get_page(request.GET.get("page")),
    )


@door("review.add", *READ, *WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Somebody types in what stands on a platform."""
    form = ReviewForm(request.POST) if request.method in WRITE else ReviewForm()
    review = form.add(request.actor) if form.is_bound else None
    if review is None:
        return show(request, "desk/review_new.html", status=form.status, form=form)
    messages.success(request, _("The review is kept."))
    return go(request, reverse("desk:review", args=[review.ref]))


@door("review.view")
def review(request: DeskRequest, ref: str) -> HttpResponse:
    """One review; `?phrase=` begins the reply with another phrase."""
    found = ReviewDeed.find(ref, request.actor)
    return _page(request, found, form=None)


@door("review.answer", *WRITE)
def reply(request: DeskRequest, ref: str) -> HttpResponse:
    """Take the public reply, or say what must not stand in it and keep every word."""
    found = ReviewDeed.find(ref, request.actor)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        write_reply(found.pk, text=form.cleaned_data["text"], actor=request.actor)
    except (BadInput, Conflict) as refusal:
        form.add_error("text" if isinstance(refusal, BadInput) else None, str(refusal))
        status = 422 if isinstance(refusal, PrivateReply) else refusal.status
        return _page(request, found, form=form, status=status)
    messages.success(request, _("The reply can be copied to the platform."))
    return go(request, reverse("desk:review", args=[ref]))


@door("review.answer", *WRITE)
def guard(request: DeskRequest, ref: str) -> HttpResponse:
    """What the guard says to a text while it is typed. Nothing is kept."""
    found = ReviewDeed.find(ref, request.actor)
    text = request.POST.get("text", "")[:2_000]
    return show(
        request, "desk/review_guard.html", fragment="desk/review_guard.html", marks=reviewing.guard(found, text)
    )


@door("review.answer")
def replies(request: DeskRequest) -> HttpResponse:
    """Every reply that waits to be copied, as a table for whoever answers on the platform in one go."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="review-replies.csv"'
    table = csv.writer(response)
    table.writerow(["platform", "review_number", "reference", "stars", "text", "reply"])
    ready = Review.objects.visible_to(request.actor).filter(state=Review.State.READY, replies__withdrawn_at=None)
    rows = ready.by_due().values_list("platform", "external_id", "ref", "stars", "text", "replies__text")
    for row in rows:
        table.writerow([as_text(str(cell)) for cell in row])
    return response


def _page(request: DeskRequest, found: Review, *, form: ReplyForm | None, status: int = 200) -> HttpResponse:
    kept = standing(found)
    answers = may(request.actor, "review.answer")
    drafts = reviewing.drafts_for(found, request.actor) if answers and not found.is_settled else []
    if form is None:
        wanted = request.GET.get("phrase", "")
        chosen = next((draft.text for draft in drafts if draft.key == wanted), "")
        first = drafts[0].text if drafts and drafts[0].fits else ""
        form = ReplyForm(initial={"text": chosen or (kept.text if kept else first)})
    text = str(form["text"].value() or "")
    return show(
        request,
        "desk/review.html",
        status=status,
        review=found,
        kept=kept,
        form=form,
        drafts=drafts,
        marks=reviewing.guard(found, text) if answers and not found.is_settled else None,
        offers=Offer.all(ON_REVIEW, found, request.actor),
        story=told_of(found),
    )
