"""How the endpoints are told to OpenAPI: from the serializers, verbs and filters they declare anyway."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from aftersales.api.serializers.problem import Problem

_REFUSALS = {
    "400": "The input cannot be used; `errors` names the fields.",
    "401": "No key, or one that is not valid.",
    "403": "The role does not allow it.",
    "404": "Nothing within the caller's scope.",
    "429": "Too often; `Retry-After` says for how many seconds.",
}
_CONFLICT = "Not now: the thing is in another state, or the idempotency key was used for something else."
_ONCE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat a request with the same key and the first answer comes back; nothing is done twice.",
)


class DoorSchema(AutoSchema):
    """Reads a `Door`: its summary, its body, its answer, its filters."""

    view: Any  # a Door, which imports this module

    def get_summary(self) -> str:
        return self.view.says or ""

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        verb = self.view.verbs.get(self.method, "")
        return f"{(self.view.__doc__ or '').strip()}\n\nNeeds the verb `{verb}`." if verb else ""

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3]]

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}_{type(self.view).__name__}"

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "body", None) if self.method == "POST" else None

    def get_response_serializers(self) -> Any:
        answers: dict[str, Any] = {}
        if self.method == "POST":
            made = self.view.made or self.view.answer
            answers[str(self.view.status)] = made(many=True) if self.view.many else made
        else:
            many = getattr(self.view, "many", False) or self._is_list_view()
            answers["200"] = self.view.answer(many=True) if many else self.view.answer
        for status, words in _REFUSALS.items():
            answers[(status, "application/problem+json")] = OpenApiResponse(Problem, words)  # type: ignore[index]
        if self.method == "POST":
            answers[("409", "application/problem+json")] = OpenApiResponse(Problem, _CONFLICT)  # type: ignore[index]
        return answers

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            return [_ONCE]
        found = []
        for name, each in getattr(getattr(self.view, "filters", None), "base_filters", {}).items():
            found.append(OpenApiParameter(name, str, OpenApiParameter.QUERY, description=str(each.label or "")))
        return found

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and hasattr(self.view, "rows")

    def get_filter_backends(self) -> list[Any]:
        return []


def same_on_every_database(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Take the limits of integer columns out of the answers: SQLite and PostgreSQL name different ones, and they say
    nothing to who reads. Named in the settings."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith(("Answer", "Brief")):
            for field in component.get("properties", {}).values():
                if field.get("type") == "integer":
                    for limit in ("minimum", "maximum", "format"):
                        field.pop(limit, None)
    return result
