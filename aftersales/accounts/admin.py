"""The office's pages about people who sign in, their teams, and keys for programs. Every change goes through an action."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.accounts.actions import keys, people
from aftersales.accounts.actions.handover import take_secret
from aftersales.accounts.forms import KeyForm, PersonForm
from aftersales.accounts.models import ApiKey, Team, User
from aftersales.kernel.admin import OfficePage, actor_of, column, moment
from aftersales.kernel.policy import may
from aftersales.ledger.configuration import ConfigurationPage


class SensitivePage(OfficePage):
    """Whoever changes something here types their password again when that was more than five minutes ago."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if self.has_change_permission(request):
            self.ask_again(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def ask_again(self, request: HttpRequest) -> None:
        """To the page that asks for the password, and back. Raises what allauth leads there with."""
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired


@admin.register(User)
class UserPage(SensitivePage):
    change_verb = "user.manage"
    can_add = True
    form = PersonForm
    list_display = ("name", "email", "role", "team", "is_active", "second_factor", moment("last_login", _("last here")))
    list_filter = ("role", "is_active", "team")
    list_select_related = ("team",)
    search_fields = ("name", "email")
    readonly_fields = ("second_factor", "last_login", "created_at")
    actions = ("lock_out", "forget_second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.annotate(has_totp=Exists(totp))

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        first = ["email", "name", "role", "team", "locale"]
        if not self.has_change_permission(request, obj):
            return [*first, "is_active", *self.readonly_fields]
        return [*first, "is_active", "password_now", *(self.readonly_fields if obj else ())]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """The address is the name one signs in with and stands in the events; somebody else is another account."""
        return self.in_words(["email", *self.readonly_fields] if obj else self.readonly_fields)

    @column(_("second factor"))
    def second_factor(self, user: User) -> bool:
        return bool(getattr(user, "has_totp", False))

    second_factor.boolean = True  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        actor, data = actor_of(request), form.cleaned_data
        details = {"name": data["name"], "role": data["role"], "team": data["team"], "locale": data["locale"]}
        if not change:
            obj.pk = people.make_user(email=data["email"], password=data["password_now"], actor=actor, **details).pk
            return
        people.change_user(obj.pk, actor=actor, **details)
        if "is_active" in form.changed_data:
            (people.let_in if data["is_active"] else people.lock_out)(obj.pk, actor=actor)
        if data["password_now"] and data["is_active"]:
            people.set_password(obj.pk, password=data["password_now"], actor=actor)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "user.manage")

    @admin.action(description=_("Lock the chosen people out"), permissions=["manage"])
    def lock_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self.each_of(request, queryset, lambda user: people.lock_out(user.pk, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d person locked out.", "%(count)d people locked out.", done))

    @admin.action(description=_("Remove the second factor of the chosen people"), permissions=["manage"])
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = self.each_of(
            request, queryset, lambda user: people.forget_second_factor(user.pk, actor=actor_of(request))
        )
        if done:
            self.said(
                request, done, ngettext("%(count)d second factor removed.", "%(count)d second factors removed.", done)
            )


@admin.register(Team)
class TeamPage(ConfigurationPage):
    list_display = ("name", "is_closed")
    search_fields = ("name",)


@admin.register(ApiKey)
class ApiKeyPage(SensitivePage):
    """Keys are made and revoked, never changed: a program that needs another role gets another key."""

    change_verb = "key.manage"
    can_add = True
    form = KeyForm
    list_display = (
        "name", "prefix", "role", "created_by",
        moment("created_at", _("made at")), moment("last_used_at", _("last used")), moment("revoked_at", _("revoked at")),
    )  # fmt: skip
    list_filter = ("role", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("created_by",)
    search_fields = ("name", "=prefix")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is None:
            return ["name", "role", "form_token"]
        return ["name", "role", "prefix", "created_by", "created_at", "last_used_at", "revoked_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return self.in_words(self.get_fields(request, obj)) if obj else []

    def get_urls(self) -> list[URLPattern]:
        shown = self.admin_site.admin_view(self.secret)
        return [path("<int:pk>/secret/", shown, name="accounts_apikey_secret"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm, change: bool) -> None:
        if change:  # every field is read-only then: there is nothing to save
            return
        data = form.cleaned_data
        made = keys.make_key_once(
            form=data["form_token"],
            name=data["name"],
            role=data["role"],
            owner=cast(User, request.user),
            actor=actor_of(request),
        )
        obj.pk, obj.prefix = made.pk, made.prefix

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """On to the page that shows the key this one time: reloading that makes no other key and shows nothing more."""
        return redirect("admin:accounts_apikey_secret", obj.pk)

    def secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The key itself, to who made it, the first time they look; afterwards what to do without it."""
        if not self.has_manage_permission(request):
            raise PermissionDenied
        key = get_object_or_404(ApiKey, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new key"),
            "opts": self.opts,
            "key": key,
            "secret": take_secret(key, actor=actor_of(request)) if request.method == "GET" else None,
        }
        return TemplateResponse(request, "office/key_made.html", context)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "key.manage")

    @admin.action(description=_("Revoke the chosen keys"), permissions=["manage"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        done = self.each_of(request, queryset, partial(keys.revoke_key, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d key revoked.", "%(count)d keys revoked.", done))
