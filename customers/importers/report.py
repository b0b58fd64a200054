"""What an import came to: as JSON for machines and the office, as lines for the person at the terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.kernel.errors import BadInput, Refusal
from customers.actions.importing import BatchResult
from customers.importers.cells import Row
from customers.importers.problems import BadCell

_MOST_LISTED = 1000  # bad rows kept in full; the count goes on


@dataclass(frozen=True, slots=True)
class BadRowReport:
    """One thing left out. `line` counts as an editor does, 0 where the file as a whole is meant."""

    file: str
    line: int
    column: str
    code: str
    reason: str


@dataclass(slots=True)
class Report:
    """Filled while the import runs. All counts are of orders, lines and people, not of file rows, unless they say so."""

    source: str
    shop: str = ""
    dry_run: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)
    result: BatchResult = field(default_factory=BatchResult)
    orders_read: int = 0
    orders_repeated: int = 0
    orders_left_out: int = 0
    bad_rows: list[BadRowReport] = field(default_factory=list)
    bad_rows_total: int = 0
    bad_files: int = 0
    remarks: list[str] = field(default_factory=list)
    shift_days: int = 0
    dated_ahead: int = 0
    newest_delivery: str = ""
    claim_codes_new: int = 0
    claim_codes_kept: int = 0
    seconds: float = 0.0

    @property
    def records(self) -> int:
        """How many things of the kind this import is about were found in the files."""
        return self.orders_read

    def complain(self, row: Row, problem: Refusal) -> None:
        """A row that cannot be used. A bad cell knows better where it stands than the order it belongs to."""
        if isinstance(problem, BadCell):
            self._list(problem.file or row.file, problem.line or row.line, problem.column, problem)
        else:
            self._list(row.file, row.line, "", problem)

    def complain_of_file(self, file: str, problem: BadInput) -> None:
        """A file that cannot be used."""
        self.bad_files += 1
        self._list(file, 0, "", problem)

    def _list(self, file: str, line: int, column: str, problem: Refusal) -> None:
        self.bad_rows_total += 1
        if len(self.bad_rows) < _MOST_LISTED:
            self.bad_rows.append(BadRowReport(file, line, column, problem.code, str(problem)))

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)

    def as_data(self) -> dict[str, Any]:
        """JSON-able, the form kept in `ImportRun.report` and printed by `--json`."""
        return {
            "source": self.source,
            "shop": self.shop,
            "dry_run": self.dry_run,
            "files": self.files,
            "orders": {
                "read": self.orders_read,
                "created": self.result.orders_created,
                "changed": self.result.orders_changed,
                "unchanged": self.result.orders_unchanged,
                "repeated": self.orders_repeated,
                "left_out": self.orders_left_out,
            },
            "lines": {"created": self.result.lines_created, "changed": self.result.lines_changed},
            "people": {"created": self.result.people_created},
            "bad_rows": [dataclasses.asdict(bad) for bad in self.bad_rows],
            "bad_rows_total": self.bad_rows_total,
            "bad_files": self.bad_files,
            "remarks": [*self.remarks, *self.result.remarks],
            "shift_days": self.shift_days,
            "dated_ahead": self.dated_ahead,
            "newest_delivery": self.newest_delivery,
            "claim_codes": {"new": self.claim_codes_new, "kept": self.claim_codes_kept},
            "seconds": round(self.seconds, 2),
        }

    def lines(self) -> Iterator[str]:
        """The report for people, in the language that is active."""
        yield from self.summary()
        yield from self._bad_lines()

    def summary(self) -> Iterator[str]:
        """The same without what could not be used, for pages that show that as a table."""
        if self.dry_run:
            yield _("Dry run: nothing was written. This is what would have happened.")
        yield _("Source %(source)s, shop “%(shop)s”, %(seconds).1f seconds.") % {
            "source": self.source,
            "shop": self.shop,
            "seconds": self.seconds,
        }
        for file in self.files:
            yield "  " + _("%(file)s: %(kind)s, %(rows)s rows") % file
        counts = self.as_data()["orders"]
        yield (
            _(
                "Orders: %(read)s read, %(created)s new, %(changed)s changed, %(unchanged)s unchanged, "
                "%(repeated)s repeated, %(left_out)s left out."
            )
            % counts
        )
        yield _("Lines: %(created)s new, %(changed)s changed. People: %(people)s new.") % {
            "created": self.result.lines_created,
            "changed": self.result.lines_changed,
            "people": self.result.people_created,
        }
        if self.newest_delivery:
            yield ngettext(
                "All dates were moved by %(days)s day, so that the newest delivery falls on %(on)s.",
                "All dates were moved by %(days)s days, so that the newest delivery falls on %(on)s.",
                abs(self.shift_days),
            ) % {"days": f"{self.shift_days:+d}", "on": self.newest_delivery}
        if self.claim_codes_new or self.claim_codes_kept:
            yield _("Claim codes: %(new)s new ones written; %(kept)s orders keep the code they have.") % {
                "new": self.claim_codes_new,
                "kept": self.claim_codes_kept,
            }
        for remark in self.as_data()["remarks"]:
            yield "• " + remark

    def _bad_lines(self) -> Iterator[str]:
        if not self.bad_rows_total:
            return
        yield ngettext("%(count)s row could not be used:", "%(count)s rows could not be used:", self.bad_rows_total) % {
            "count": self.bad_rows_total
        }
        for bad in self.bad_rows:
            place = ", ".join(
                part
                for part in (
                    bad.file,
                    _("line %(line)s") % {"line": bad.line} if bad.line else "",
                    _("column “%(column)s”") % {"column": bad.column} if bad.column else "",
                )
                if part
            )
            yield f"  {place}: {bad.reason}"
        if self.bad_rows_total > len(self.bad_rows):
            yield "  …"
