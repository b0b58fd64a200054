"""Versions of the rules as the API shows them: to read. Changing and publishing them takes two people in the office."""

from __future__ import annotations

from rest_framework import serializers

from returns.models import RuleVersion


class RuleVersionAnswer(serializers.ModelSerializer[RuleVersion]):
    """One version without its text. A published one holds from `effective_from` until the next published one begins."""

    base = serializers.IntegerField(source="base.number", allow_null=True, default=None, read_only=True)

    class Meta:
        model = RuleVersion
        fields: tuple[str, ...] = (
            "rule_set", "number", "status", "sha256", "semantics", "base", "change_note", "revision", "effective_from",
            "created_at", "submitted_at", "published_at", "retired_at",
        )  # fmt: skip


class RuleTextAnswer(RuleVersionAnswer):
    """The same with its text: file names and what is in them."""

    files = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta(RuleVersionAnswer.Meta):
        fields = (*RuleVersionAnswer.Meta.fields, "files")
