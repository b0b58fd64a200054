"""What somebody types for a policy of service levels, read and checked. Pure; called when a version is saved or used.

{"targets": [{"metric": "first_response", "kind": "question", "priority": 1, "tier": "regular",   the first row that fits
              "target": "15m", "calendar": "shop"}],       holds; kind, priority and tier (its key) may be left out: any
 "pauses": {"resolution": ["customer"]},                   waiting states that stop the clock of a metric
 "warnings": {"resolution": ["50%", "80%", "30m"]},        percent of the target, or business time before its end
 "steps": [{"metric": "resolution", "after": "2h", "do": "tell_manager"}],
 "continue_within": "60m"}                                 reopened within it, the old clock goes on

The target "same_day" is 24:00 of the day, or later as the shop says (`Shop.complaints_until`). Any other is a length, 45m or
9h, and counts in business time of the row's calendar.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from tickets.sla import Point

FIRST, ANSWER, NEXT, RESOLUTION = "first_response", "answer", "next_response", "resolution"
METRICS = (FIRST, ANSWER, NEXT, RESOLUTION)
SAME_DAY = "same_day"
DEEDS = {
    "notify": _("tell who is responsible"),
    "reassign": _("give it to another"),
    "raise_priority": _("raise the priority"),
    "tell_manager": _("tell a manager"),
}
# "regular_from" stands in versions from before tiers were rows of their own; nobody reads it.
_PARTS = frozenset({"targets", "pauses", "warnings", "steps", "continue_within", "regular_from"})
_ROW = frozenset({"metric", "kind", "priority", "tier", "target", "calendar"})
_LENGTH = re.compile(r"(\d{1,5})([mh])\Z")
_LONGEST = 10 * 366 * 86_400


class BadPolicy(BadInput):
    """A policy that cannot be used as it is written."""

    code = "bad_policy"


@dataclass(frozen=True)
class Target:
    """One row: how long (None: the same day) for whom, by which calendar."""

    metric: str
    kind: str
    priority: int | None
    tier: str
    seconds: int | None
    calendar: str

    def fits(self, metric: str, kind: str, priority: int, tiers: tuple[str, ...]) -> bool:
        return (
            self.metric == metric
            and self.kind in ("", kind)
            and self.priority in (None, priority)
            and (not self.tier or self.tier in tiers)
        )


@dataclass(frozen=True)
class Step:
    """What is done so many business seconds after a deadline was missed."""

    metric: str
    after: int
    deed: str

    def point(self) -> Point:
        return Point(f"{self.deed}+{self.after}", left=-self.after)


@dataclass(frozen=True)
class Settings:
    targets: tuple[Target, ...]
    pauses: Mapping[str, frozenset[str]]
    warnings: Mapping[str, tuple[Point, ...]]
    steps: tuple[Step, ...] = ()
    continue_within: int = 3600
    calendars: frozenset[str] = field(default_factory=frozenset)

    def target(self, metric: str, kind: str, priority: int, tiers: tuple[str, ...]) -> Target | None:
        """The first row that fits, or None: then there is no clock."""
        return next((row for row in self.targets if row.fits(metric, kind, priority, tiers)), None)

    def pauses_for(self, metric: str, waiting_on: str) -> bool:
        return waiting_on in self.pauses.get(metric, frozenset())

    def names_tiers(self, metrics: Collection[str] = METRICS) -> bool:
        """Whether it matters for these metrics who the customer is."""
        return any(row.tier and row.metric in metrics for row in self.targets)


def read_policy(
    written: object, *, kinds: set[str] | None = None, states: set[str] | None = None, calendars: set[str] | None = None,
    tiers: set[str] | None = None,
) -> Settings:  # fmt: skip
    """The settings in a form to work with. Raises `BadPolicy` with what is wrong.

    `kinds` of tickets, waiting `states`, keys of `calendars` and of `tiers` are those that exist; None leaves them
    unchecked, as for a version that was checked when it was saved.
    """
    if not isinstance(written, Mapping):
        raise BadPolicy(_("A policy is an object with targets."), code="policy_not_an_object")
    if unknown := sorted(set(map(str, written)) - _PARTS):
        raise BadPolicy(_("“%(name)s” is not a part of a policy."), code="policy_unknown_part", name=unknown[0])
    targets = tuple(_target(row, kinds, calendars, tiers) for row in _list(written, "targets"))
    if not targets:
        raise BadPolicy(_("A policy needs at least one target."), code="policy_no_target", field="targets")
    pauses = {
        metric: frozenset(_known(state, states, "pauses") for state in listed)
        for metric, listed in _by_metric(written, "pauses").items()
    }
    warnings = {
        metric: tuple(_warning(point, metric) for point in listed)
        for metric, listed in _by_metric(written, "warnings").items()
    }
    return Settings(
        targets,
        pauses,
        warnings,
        tuple(_step(row) for row in _list(written, "steps")),
        read_length(written.get("continue_within", "60m"), "continue_within", zero=True),
        frozenset(row.calendar for row in targets),
    )


def read_length(written: object, where: str, *, zero: bool = False) -> int:
    """`45m` or `9h` in seconds. Raises `BadPolicy`; zero is no target."""
    found = _LENGTH.match(str(written))
    if not found:
        raise BadPolicy(
            _("“%(written)s” is no length of time: write 45m or 9h."), code="policy_no_length", written=str(written)[:20],
            field=where,
        )  # fmt: skip
    seconds = int(found[1]) * (3600 if found[2] == "h" else 60)
    if seconds > _LONGEST or (not seconds and not zero):
        raise BadPolicy(
            _("A target must be at least one minute and at most ten years."), code="policy_target_zero", field=where
        )
    return seconds


def write_length(seconds: int) -> str:
    """The other way round: 5400 is `90m`, 7200 is `2h`."""
    return f"{seconds // 3600}h" if seconds % 3600 == 0 and seconds else f"{seconds // 60}m"


def _target(
    row: object, kinds: set[str] | None, calendars: set[str] | None, tiers: set[str] | None
) -> Target:  # fmt: skip
    if not isinstance(row, Mapping) or set(row) - _ROW or "target" not in row:
        raise BadPolicy(
            _("A row of targets has metric, kind, priority, tier, target and calendar."), code="policy_bad_row",
            field="targets",
        )  # fmt: skip
    calendar = str(row.get("calendar") or "")
    if not calendar or (calendars is not None and calendar not in calendars):
        raise BadPolicy(
            _("Each target needs a calendar to count by; “%(key)s” is none. Choose one that exists."),
            code="policy_no_calendar", key=calendar, field="targets",
        )  # fmt: skip
    kind, priority, tier = str(row.get("kind") or ""), row.get("priority"), str(row.get("tier") or "")
    if priority is not None and priority not in (1, 2, 3, 4):
        raise BadPolicy(_("A priority is a number from 1 to 4."), code="policy_no_priority", field="targets")
    return Target(
        _known(row.get("metric"), set(METRICS), "targets"),
        _known(kind, kinds and kinds | {""}, "targets"),
        priority,
        _known(tier, None if tiers is None else tiers | {""}, "targets"),
        None if row["target"] == SAME_DAY else read_length(row["target"], "targets"),
        calendar,
    )


def _step(row: object) -> Step:
    if not isinstance(row, Mapping) or set(row) != {"metric", "after", "do"}:
        raise BadPolicy(_("A step has metric, after and do."), code="policy_bad_step", field="steps")
    after = read_length(row["after"], "steps", zero=True)
    return Step(_known(row["metric"], set(METRICS), "steps"), after, _known(row["do"], set(DEEDS), "steps"))


def _warning(written: object, metric: str) -> Point:
    text = str(written)
    if text.endswith("%") and text[:-1].isdecimal() and 0 < int(text[:-1]) < 100:
        return Point(text, percent=int(text[:-1]))
    return Point(text, left=read_length(text, f"warnings_{metric}"))


def _by_metric(written: Mapping[str, Any], part: str) -> dict[str, list[Any]]:
    found = written.get(part) or {}
    if not isinstance(found, Mapping) or not all(isinstance(listed, list) for listed in found.values()):
        raise BadPolicy(_("“%(name)s” is a list for each metric."), code="policy_no_lists", name=part, field=part)
    return {_known(metric, set(METRICS), part): listed for metric, listed in found.items()}


def _list(written: Mapping[str, Any], part: str) -> list[Any]:
    found = written.get(part) or []
    if not isinstance(found, list):
        raise BadPolicy(_("“%(name)s” is a list."), code="policy_no_list", name=part, field=part)
    return found


def _known(word: object, words: set[str] | None, part: str) -> str:
    if words is not None and word not in words:
        raise BadPolicy(
            _("“%(word)s” is not known here. Possible: %(words)s."), code="policy_unknown_word", word=str(word)[:40],
            words=", ".join(sorted(each for each in words if each)), field=part,
        )  # fmt: skip
    return str(word)
