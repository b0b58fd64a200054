"""How the API says no, for the schema: the body that `kernel.rest` writes (RFC 9457)."""

from __future__ import annotations

from rest_framework import serializers


class Problem(serializers.Serializer):
    type = serializers.CharField(help_text="Always about:blank; `code` tells problems apart.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="One sentence in the caller's language.")
    params = serializers.DictField(required=False, help_text="What the sentence was filled with.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a serializer has `errors` too
        required=False, help_text="Sentences by field of the body."
    )
