"""The words of notices: the list of every text, and one with its preview, its draft, its test and its versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import BadInput, Refusal
from aftersales.kernel.policy import may
from aftersales.kernel.reader import reads_chinese
from aftersales.notices import gateways, samples
from aftersales.notices.actions import templates as deeds
from aftersales.notices.kinds import KINDS
from aftersales.notices.models import TemplateVersion
from aftersales.office.noticewords import texts


class WordsForm(forms.Form):
    """A draft. What could not be sent is said by the action, at its field."""

    subject = forms.CharField(label=_("subject"), max_length=120, required=False)
    text = forms.CharField(label=_("text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 9}))

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == "sms":
            del self.fields["subject"]
            self.fields["text"].widget.attrs["rows"] = 3


def templates(request: HttpRequest) -> HttpResponse:
    """Every kind of notice and which words hold on each channel in each language."""
    _may(request, "template.view")
    return _page(request, "list.html", _("Templates of notices"), rows=texts.rows(_reader(), clock.now()))


def template(request: HttpRequest, kind: str, channel: str, locale: str) -> HttpResponse:
    """One text: what holds, in both languages; and for managers a draft to save, send to oneself and publish."""
    _may(request, "template.view")
    known = KINDS.get(kind)
    if known is None or channel not in known.channels or locale not in deeds.LOCALES:
        raise Http404
    fixed, may_change = samples.is_fixed(known), may(actor_of(request), "template.change")
    rows = list(TemplateVersion.objects.of(kind, channel, locale).select_related("saved_by")[:50])
    draft = next((row for row in rows if row.number is None), None)
    holding = TemplateVersion.objects.holding(kind, channel, locale)
    basis = draft or holding
    form = WordsForm(
        request.POST if "save" in request.POST else None, channel=channel,
        initial={"subject": basis.subject, "text": basis.text} if basis else {},
    )  # fmt: skip
    if request.method == "POST":
        _may(request, "template.change")
        if fixed:
            raise Http404
        if _done(request, form, (kind, channel, locale)):
            return redirect("admin:template", kind, channel, locale)
    now = clock.now()
    other = next(each for each in deeds.LOCALES if each != locale)
    about = texts.said(kind, known.channels[0], _reader(), now)
    return _page(
        request, "text.html", about.subject or about.text, status=400 if form.errors else 200,
        kind=known, channel=channel, locale=locale, other=other, fixed=fixed, may_change=may_change, form=form,
        now_said=texts.said(kind, channel, locale, now, holding), holding=holding, draft=draft,
        draft_said=texts.said(kind, channel, locale, now, draft) if draft else None,
        other_said=texts.said(kind, channel, other, now, TemplateVersion.objects.holding(kind, channel, other)),
        variables=samples.variables(known, channel), versions=[row for row in rows if row.number is not None],
        asks_code=channel == "sms" and gateways.current().really_sends,
    )  # fmt: skip


def _done(request: HttpRequest, form: WordsForm, text: tuple[str, str, str]) -> bool:
    """Carry out what was pressed; False with the reason at its field or above the page."""
    actor, pressed = actor_of(request), request.POST
    try:
        if "save" in pressed:
            if not form.is_valid():
                return False
            deeds.save_draft(*text, actor=actor, **form.cleaned_data)
            messages.success(request, _("The draft is kept. Look at it below; it does not hold yet."))
        elif "test" in pressed:
            deeds.send_test(*text, actor=actor)
            messages.success(request, _("Sent to your own e-mail address."))
        elif "publish" in pressed:
            version = deeds.publish_draft(*text, actor=actor, provider_code=pressed.get("provider_code", "")[:40])
            messages.success(request, _("Version %(number)s holds from now on.") % {"number": version.number})
        elif pressed.get("restore", "").isdecimal() and len(pressed["restore"]) < 9:
            deeds.restore(*text, int(pressed["restore"]), actor=actor)
            messages.success(request, _("These words hold again."))
    except Refusal as no:
        if isinstance(no, BadInput) and form.is_bound and no.field in form.fields:
            form.add_error(no.field, str(no))
            return False
        messages.error(request, str(no))
    return True


def _reader() -> str:
    """The reader's language, as notices name it."""
    return "zh-hans" if reads_chinese() else "en"


def _may(request: HttpRequest, verb: str) -> None:
    if not may(actor_of(request), verb):
        raise PermissionDenied


def _page(request: HttpRequest, page: str, title: str | Promise, *, status: int = 200, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/noticewords/{page}", {**frame, **context}, status=status)
