"""Where messages come from: mailboxes and chat tools. Their secrets lie sealed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of, column, moment
from aftersales.ledger.configuration import ConfigurationPage
from tickets.actions.chat import sources
from tickets.actions.mail import accounts
from tickets.forms import ChatSourceForm, MailAccountForm
from tickets.models import (
    ChatSource,
    MailAccount,
)


@admin.register(MailAccount)
class MailAccountPage(ConfigurationPage):
    """Mailboxes that customers write to. The password lies sealed; whether the server answers is in the list within a minute."""

    form = MailAccountForm
    list_display = (
        "address",
        "queue",
        "host",
        "standing",
        moment("last_read_at", _("last read")),
        "failures",
        "last_error",
    )
    fieldsets = (
        (None, {"fields": ("address",)}),
        (_("Where it is read"), {"fields": ("host", "port", "user", "password", "folder", "begins_at")}),
        (_("What happens with it"), {"fields": ("queue", "takes_strangers", "has_plus_addresses", "auth_server")}),
        (_("What leaves from it"), {"fields": ("sender_name", "is_sender")}),
    )
    list_select_related = ("queue",)
    actions = ("end",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new account takes mail from now on, unless somebody says otherwise; what the mailbox holds already stays there."""
        obj.begins_at = obj.begins_at or clock.now()
        super().save_model(request, obj, form, change)
        if change:
            accounts.move_account(obj.pk, **obj.place, begins_at=form.typed_since, actor=actor_of(request))
        if password := form.cleaned_data["password"]:
            accounts.change_password(obj.pk, password, actor=actor_of(request))

    @column(_("state"), order="ended_at")
    def standing(self, account: MailAccount) -> str:
        if account.ended_at:
            return str(_("ended"))
        return str(_("is read") if account.host else _("takes mail, reads none"))

    @admin.action(description=_("End the chosen accounts"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[MailAccount]) -> None:
        done = self.each_of(request, queryset, lambda each: accounts.end_account(each.pk, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d account ended.", "%(count)d accounts ended.", done))


@admin.register(ChatSource)
class ChatSourcePage(ConfigurationPage):
    """Chat tools that hand messages over. The secret lies sealed and is never shown."""

    form = ChatSourceForm
    list_display = ("key", "name", "platform", "reply_url", "accepts", moment("ended_at", _("ended at")))
    fields = ("key", "name", "platform", "reply_url", "new_secret")
    actions = ("end",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if secret := form.cleaned_data["new_secret"]:
            sources.set_secret(obj.pk, secret, actor=actor_of(request))

    @column(_("accepts messages"))
    def accepts(self, source: ChatSource) -> bool:
        return bool(source.sealed_secret) and source.ended_at is None

    accepts.boolean = True  # type: ignore[attr-defined]

    @admin.action(description=_("End the chosen chat sources"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[ChatSource]) -> None:
        done = self.each_of(request, queryset, lambda each: sources.end_source(each.pk, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d chat source ended.", "%(count)d chat sources ended.", done))
