"""Keep the index as the things are: write entries, and catch up with what was touched. Called by the sweep and by rebuilds."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterable, Sequence

import structlog
from django.db import OperationalError, connection, transaction

from aftersales.search.backend import take_turn
from aftersales.search.fields import written
from aftersales.search.kinds import Document, Kind, kind_of, with_followers
from aftersales.search.models import Entry, Rebuild, Touched
from aftersales.search.words import kept_as, kind_token, plain, tokens_of

log = structlog.get_logger()

_AT_ONCE = 300  # marks taken in one transaction
_BATCH = 500  # things written in one statement
_COLUMNS = ("kind", "key", "at", "team", "tokens", "body")
Row = tuple[str, int, str, int | None, str, str]


def row_of(kind: Kind, document: Document) -> Row:
    """A document as the index keeps it."""
    tokens = kept_as(kind.name, tokens_of(document.text) | document.tokens)
    tokens.add(kind_token(kind.name))
    at = document.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")  # both databases are told in UTC
    return (kind.name, document.key, at, document.team, written(tokens, connection.vendor), plain_lines(document.text))


def plain_lines(text: str) -> str:
    """What is kept of a text: its lines, without what the database refuses or nobody can see."""
    return "\n".join(plain(line).strip() for line in text.split("\n"))


def write(kind: Kind, keys: Collection[int]) -> None:
    """Make the entries of these things anew; those of things that are gone go. In the caller's transaction."""
    asked = sorted(keys)
    for start in range(0, len(asked), _BATCH):
        part = asked[start : start + _BATCH]
        rows = [row_of(kind, document) for document in kind.documents(part)]
        _upsert(rows)
        gone = set(part) - {row[1] for row in rows}
        if gone:
            Entry.objects.filter(kind=kind.name, key__in=gone).delete()


def copy(rows: Iterable[Row]) -> None:
    """Write entries that are not there yet, as fast as the database takes them."""
    if connection.vendor != "postgresql":
        _upsert(list(rows))
        return
    text = "".join(["\t".join([_cell(cell) for cell in row]) + "\n" for row in rows])
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY search_entry ({', '.join(_COLUMNS)}) FROM STDIN", io.StringIO(text))


def _cell(cell: str | int | None) -> str:
    if cell is None:
        return "\\N"
    return str(cell).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _upsert(rows: Sequence[Row]) -> None:
    """Insert or replace; an entry that says the same already is not written, so that the index does not grow by it."""
    if not rows:
        return
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    array = "::bigint[]" if connection.vendor == "postgresql" else ""
    changed = " OR ".join(f"search_entry.{name} {differs} excluded.{name}" for name in _COLUMNS[2:])
    one = f"(%s, %s, %s, %s, %s{array}, %s)"
    if connection.vendor == "postgresql":
        one = f"(%s, %s, %s::timestamptz, %s::bigint, %s{array}, %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry ({', '.join(_COLUMNS)}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
            f" ON CONFLICT (kind, key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[2:])}"
            f" WHERE {changed}",
            [cell for row in rows for cell in row],
        )


def catch_up() -> int:
    """Index some of what was touched, all of a transaction together. Returns how many marks are done.

    One at a time: of two at once the later writer could have read the earlier state. Marks are taken away with the
    entries they led to or not at all, so a crash between repeats the work and loses none. While the whole index is
    being made anew, marks wait.
    """
    if not Touched.objects.exists():
        return 0
    try:
        return _catch_up(_AT_ONCE)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001  of whichever thing cannot be read: found and set aside below
        return _catch_up_singly()


def _catch_up(most: int) -> int:
    with transaction.atomic():
        if not take_turn(wait=False) or Rebuild.objects.filter(anew=True).exists():
            return 0
        marks = list(Touched.objects.order_by("id")[:most])
        for name, keys in _touched(marks).items():
            write(kind_of(name), keys)
        Touched.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def _catch_up_singly() -> int:
    """Thing by thing. One that cannot be indexed is let go with an alarm; the nightly comparison takes it up again."""
    with transaction.atomic():
        if not take_turn(wait=False) or Rebuild.objects.filter(anew=True).exists():
            return 0
        marks = list(Touched.objects.order_by("id")[:_AT_ONCE])
        for name, keys in _touched(marks).items():
            for key in sorted(keys):
                try:
                    with transaction.atomic():
                        write(kind_of(name), [key])
                except OperationalError:
                    raise
                except Exception as failure:  # noqa: BLE001  the thing's own, whatever it is
                    log.error("search.not_indexed", kind=name, key=key, error=type(failure).__name__)
        Touched.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def _touched(marks: Sequence[Touched]) -> dict[str, set[int]]:
    """The things that were marked and all that hang on them, by kind."""
    touched: dict[str, set[int]] = {}
    for mark in marks:
        touched.setdefault(mark.kind, set()).add(mark.key)
    return with_followers(touched)
