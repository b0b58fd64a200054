"""Lists in pages: `?cursor=…&page_size=…`, newest first, at most 100 at once; stable while rows are being added."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-id"
