"""The default permission of every API view; settings name it. Apart from `rest`, because DRF's views import it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """Who may use a view is said at the view, so that a forgotten line opens nothing."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
