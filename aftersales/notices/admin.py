"""The office's pages of notices and webhooks: what became of every message, and which programs hear what."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import TemplateDoesNotExist
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.actions.handover import take_secret
from aftersales.accounts.admin import SensitivePage
from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.admin import OfficePage, actor_of, column, moment
from aftersales.kernel.errors import BadInput, Refusal
from aftersales.kernel.policy import may
from aftersales.ledger import reasons
from aftersales.ledger.admin import link_to
from aftersales.ledger.models import Due, Outbound
from aftersales.notices import wording
from aftersales.notices.actions import webhooks
from aftersales.notices.forms import WebhookForm
from aftersales.notices.models import Notice, TemplateVersion, Webhook

TONES = {
    Notice.State.PENDING: "info", Notice.State.SENT: "success", Notice.State.SHOWN: "neutral",
    Notice.State.FAILED: "danger", Notice.State.UNKNOWN: "warn", Notice.State.CAPPED: "warn",
    Notice.State.STOPPED: "neutral", Notice.State.EXPIRED: "warn",
}  # fmt: skip
DUE_TONES = {Due.Status.PENDING: "info", Due.Status.DONE: "success", Due.Status.CANCELLED: "neutral"}
_CALLS = ("webhook", "robot")
SHOWN = 50  # calls on the page of a webhook, the newest first


def _badge(words: Any, tone: str) -> SafeString:
    return format_html('<span class="badge badge--{}">{}</span>', tone, words)


def _words_of(notice: Notice) -> TemplateVersion | None:
    """The version a notice was written with; None for the code's words."""
    if not notice.version:
        return None
    rows = TemplateVersion.objects.of(notice.template, notice.channel, notice.locale)
    found: TemplateVersion | None = rows.filter(number=notice.version).first()
    return found


@admin.register(Notice)
class NoticePage(OfficePage):
    """Every message to anybody. Codes are in none of them; addresses are masked."""

    list_display = (moment("at", _("at")), "template", "channel", "to", "about", "standing", "because")
    list_display_links = ("template",)
    list_filter = ("state", "channel", "template")
    list_select_related = ("outbound",)
    open_lookups = frozenset({"about_type", "about_id"})
    search_fields = ("=template",)
    search_help_text = _("Template, such as return.approved")
    ordering = ("-id",)
    fields: ClassVar[Any] = (
        "template", "channel", "to", "locale", "about", "standing", "because", "at", "sent_at", "read_at", "version",
        "words",
    )  # fmt: skip
    readonly_fields = fields

    @column(_("to"), order="recipient_id")
    def to(self, notice: Notice) -> SafeString | str:
        return notice.to_masked or link_to(notice.recipient_type, notice.recipient_id)

    @column(_("about"))
    def about(self, notice: Notice) -> SafeString | str:
        return link_to(notice.about_type, notice.about_id) if notice.about_id is not None else "–"

    @column(_("state"), order="state")
    def standing(self, notice: Notice) -> SafeString:
        waits = notice.state == Notice.State.PENDING and notice.outbound is not None and notice.outbound.attempts == 0
        words = _("queued") if waits else notice.get_state_display()
        return _badge(words, TONES[Notice.State(notice.state)])

    @column(_("why"))
    def because(self, notice: Notice) -> SafeString | str:
        """The reason as it was told, with the way to the row where somebody can do something about it."""
        reason = notice.reason
        if notice.outbound is None or notice.outbound.status not in Due.STUCK:
            return reason or "–"
        page = reverse("admin:ledger_outbound_change", args=[notice.outbound.pk])
        return format_html('{} <a href="{}">{}</a>', reason, page, _("to be looked at"))

    @column(_("what it says"))
    def words(self, notice: Notice) -> SafeString | str:
        """Said again from template and parameters, as of now. A code is kept nowhere and cannot be, a link that acts neither."""
        if notice.template == "proof.code":
            return str(_("A confirmation code, which is kept nowhere."))
        now, params = clock.now(), notice.params
        try:
            if notice.channel == Notice.Channel.IN_APP:
                text = wording.line(notice.template, params, get_language() or notice.locale, now)
            elif notice.channel == Notice.Channel.SMS:
                text = wording.sms(notice.template, params, notice.locale, now, words=_words_of(notice))
            else:
                mail = wording.mail(notice.template, params, notice.locale, now, words=_words_of(notice))
                text = f"{mail.subject}\n\n{mail.text}"
        except (TemplateDoesNotExist, KeyError):  # a kind that is no more
            return "–"
        return format_html('<pre class="office-report">{}</pre>', text)


@admin.register(Webhook)
class WebhookPage(SensitivePage):
    """Added and ended, never changed: a program that moves gets another. The secret is shown once, when it is added."""

    list_display = ("ref", "host", "kind", "hears", moment("added_at", _("added at")), "standing", "trouble")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("=ref",)
    ordering = ("-id",)
    actions = ("end",)
    fields: ClassVar[Any] = ("ref", "address", "kind", "hears", "added_at", "ended_at", "calls")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        calls = Outbound.objects.filter(channel__in=_CALLS, subject_type="notices.webhook", subject_id=OuterRef("pk"))
        failed = calls.filter(status__in=(Due.Status.FAILED, *Due.STUCK)).order_by().values("subject_id")
        last = calls.exclude(last_error="").order_by("-id")
        rows: QuerySet[Webhook] = super().get_queryset(request)
        return rows.annotate(
            failed=Subquery(failed.annotate(count=Count("pk")).values("count")),
            last_error=Subquery(last.values("last_error")[:1]),
            last_why=Subquery(last.values("why")[:1]),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_manage_permission(request)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "key.manage")

    def get_urls(self) -> list[URLPattern]:
        shown = self.admin_site.admin_view(self.secret)
        return [path("<int:pk>/secret/", shown, name="notices_webhook_secret"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A form of ours: the address is looked up in the network, which the admin's would do inside a transaction."""
        if not self.has_manage_permission(request):
            raise PermissionDenied
        self.ask_again(request)
        form = WebhookForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                made = webhooks.add_webhook(
                    form=data["form_token"], url=data["url"], kind=data["kind"] or Webhook.Kind.PROGRAM, events=data["events"],
                    owner=cast(User, request.user), actor=actor_of(request),
                )  # fmt: skip
                if made.kind == Webhook.Kind.ROBOT:  # its key stands in the address; there is no secret to hand over
                    messages.success(request, _("The robot is told from now on."))
                    return redirect("admin:notices_webhook_changelist")
                return redirect("admin:notices_webhook_secret", made.pk)
            except BadInput as refusal:
                form.add_error(refusal.field, str(refusal))
            except Refusal as refusal:
                messages.error(request, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add a webhook"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "office/webhook_add.html", context)

    def secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The secret, to who added it, the first time they look."""
        if not self.has_manage_permission(request):
            raise PermissionDenied
        webhook = get_object_or_404(Webhook, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new webhook"),
            "opts": self.opts,
            "webhook": webhook,
            "secret": take_secret(webhook, actor=actor_of(request)) if request.method == "GET" else None,
        }
        return TemplateResponse(request, "office/webhook_made.html", context)

    @column(_("receiver"), order="url")
    def host(self, webhook: Webhook) -> str:
        return urlsplit(webhook.url).hostname or webhook.url

    @column(_("address"))
    def address(self, webhook: Webhook) -> str:
        """Without what stands behind the question mark: receivers like to put a password there."""
        parts = urlsplit(webhook.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}{'?…' if parts.query else ''}"

    @column(_("hears"))
    def hears(self, webhook: Webhook) -> str:
        return ", ".join(webhook.events)

    @column(_("state"), order="ended_at")
    def standing(self, webhook: Webhook) -> SafeString:
        return _badge(_("ended"), "neutral") if webhook.ended_at else _badge(_("is told"), "success")

    @column(_("trouble"))
    def trouble(self, webhook: Webhook) -> SafeString | str:
        failed = getattr(webhook, "failed", 0) or 0
        if not failed:
            return "–"
        words = ngettext("%(count)s call not taken", "%(count)s calls not taken", failed) % {"count": f"{failed:,}"}
        why = reasons.said(getattr(webhook, "last_why", None) or {}, getattr(webhook, "last_error", None) or "")
        return format_html("{}: {}", _badge(words, "danger"), why or "–")

    @column(_("calls"))
    def calls(self, webhook: Webhook) -> SafeString | str:
        """The newest, each with its state, tries and last error. What was sent is for those who may repair, on its own page."""
        of_it = Q(channel__in=_CALLS, subject_type="notices.webhook", subject_id=webhook.pk)
        rows = Outbound.objects.filter(of_it).order_by("-id")[:SHOWN]
        lines = format_html_join(
            "",
            '<tr><td><a href="{}">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>',
            (
                (
                    reverse("admin:ledger_outbound_change", args=[row.pk]),
                    row.payload.get("event", row.key),
                    _badge(row.get_status_display(), DUE_TONES.get(Due.Status(row.status), "danger")),
                    row.attempts,
                    moment("due_at", "")(row),
                    row.reason or "–",
                )
                for row in rows
            ),
        )
        heads = format_html_join(
            "",
            '<th scope="col">{}</th>',
            ((word,) for word in (_("event"), _("status"), _("tries"), _("due at"), _("last error"))),
        )
        return (
            format_html('<table class="table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', heads, lines)
            if lines
            else "–"
        )

    @admin.action(description=_("End the chosen webhooks"), permissions=["manage"])
    def end(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        done = self.each_of(request, queryset, lambda each: webhooks.end_webhook(each.ref, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d webhook ended.", "%(count)d webhooks ended.", done))
