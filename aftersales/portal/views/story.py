"""Step 3: the customer's own words, and photos, documents or clips."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from aftersales.files.actions.attaching import attach_all
from aftersales.files.actions.removing import take_away
from aftersales.files.models import Attachment
from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.drafted import Drafted
from aftersales.portal.forms.request import StoryForm
from aftersales.portal.forms.trying import attempt, files_of, status_of, typed
from aftersales.portal.views.stepping import Step, only_saves, saved, step_of
from returns.rules.reasons import reasons


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def story(request: Visit, pk: int) -> HttpResponse:
    """Both are optional; where a photo decides, the page says which. Words are kept even when a file is refused."""
    step = step_of(request, pk, after="reasons")
    form = StoryForm(step.lines, step.drafted, data=typed(request), files=files_of(request))
    if request.method == "POST":
        good = form.is_valid()
        stories = form.stories()
        step.keep(lambda drafted: _tell(drafted, stories))
        if only_saves(request):
            return saved()
        if good and attempt(form, lambda: _attach(step, form)) is not None:
            return redirect(step.address("story" if "add" in request.POST else "wish"))
    return step.page("story", step="story", status=status_of(form), form=form, files=step.files, proofs=_proofs(step))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def photo_removal(request: Visit, pk: int, ref: str) -> HttpResponse:
    """Take one file off again. One that is gone already is gone."""
    step = step_of(request, pk, after="reasons")
    if request.method == "POST":
        take_away(ref, on=step.draft, actor=request.actor)
    return redirect("portal:story", pk)


def _attach(step: Step, form: StoryForm) -> list[Attachment]:
    taken = form.cleaned_data["attachments"]
    return attach_all(taken, on=step.draft, actor=step.request.actor, field="attachments")


def _tell(drafted: Drafted, stories: dict[int, str]) -> None:
    for line, text in stories.items():
        if line in drafted.lines:
            drafted.lines[line].story = text


def _proofs(step: Step) -> list[str]:
    """What would help to decide, once each, in words."""
    leaves = [reasons()[said.reason] for said in step.drafted.lines.values()]
    return list(dict.fromkeys(leaf.proof_label(step.request.actor.locale) for leaf in leaves if leaf.proof != "none"))
