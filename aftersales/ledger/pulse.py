"""Whether anything has happened since: one cheap statement, for pages that look again every few seconds."""

from __future__ import annotations

from aftersales.kernel.prepared import Plain, compiler_of, in_sql, prepared
from aftersales.ledger.models import Event

_NEWEST = 500  # more than can still be on their way to their commit


def pulse() -> str:
    """A word that changes whenever an event is committed.

    The newest number alone would miss an event that got a lower number and committed later. Among the newest so many such a
    late one pushes the smallest out, or is one more; all of it is read from the end of the primary key.
    """
    newest, oldest, number = _newest()[0]
    return f"{newest or 0}.{oldest or 0}.{number}"


@prepared
def _newest() -> Plain[tuple[int | None, int | None, int]]:
    sql, params = in_sql(compiler_of(Event.objects.order_by("-id").values("id")[:_NEWEST]))
    return Plain(f"SELECT MAX(id), MIN(id), COUNT(*) FROM ({sql}) AS newest", params)  # noqa: S608  the ORM’s own SQL
