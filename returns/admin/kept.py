"""The office's page of kept rule packs: the very text that decided, its hash, and the verdicts that rest on it. To read only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, moment
from returns.models import KeptPack, Verdict


@admin.register(KeptPack)
class KeptPackPage(OfficePage):
    view_verb = "return.view"
    list_display = ("name", "version", "short_hash", moment("kept_at", _("first used at")), "verdicts")
    list_filter = ("name",)
    search_fields = ("^sha256",)
    search_help_text = _("Hash, from the beginning")
    ordering = ("-id",)
    fields: ClassVar[Any] = ("name", "version", "whole_hash", "kept_at", "verdicts", "text")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeptPack]:
        rows: QuerySet[KeptPack] = super().get_queryset(request)
        return rows.annotate(used=Coalesce(Subquery(_count(), output_field=IntegerField()), 0)).defer("files")

    @column(_("hash"))
    def short_hash(self, kept: KeptPack) -> SafeString:
        return format_html('<code title="{}">{}</code>', kept.sha256, kept.sha256[:12])

    @column(_("hash"))
    def whole_hash(self, kept: KeptPack) -> SafeString:
        return format_html("<code>{}</code>", kept.sha256)

    @column(_("verdicts that rest on it"))
    def verdicts(self, kept: KeptPack) -> SafeString:
        page = f"{reverse('admin:returns_verdict_changelist')}?pack_sha256={kept.sha256}"
        return format_html('<a href="{}">{}</a>', page, f"{getattr(kept, 'used', 0):,}")

    @column(_("text"))
    def text(self, kept: KeptPack) -> SafeString:
        files = sorted(kept.files.items())
        return format_html_join(
            "", '<details><summary><code>{}</code></summary><pre class="office-report">{}</pre></details>', files
        )


def _count() -> Any:
    same = Verdict.objects.filter(pack_sha256=OuterRef("sha256")).order_by().values("pack_sha256")
    return same.annotate(count=Count("pk")).values("count")
