"""What every dialect is read into: a parcel, and its scans in our words."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")  # both Chinese services write Beijing time without saying so
LONGEST_TEXT = 300
MOST_SCANS = 500  # a parcel has some twenty; a report with more is broken
LONGEST_NUMBER = 40
_YEARS = range(2000, 2200)  # what lies outside was never a scan, and is no time in every zone


class BadReport(ValueError):
    """The report cannot be read. The sentence says which field and what is expected there; it holds no customer data."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One thing that happened to a parcel. `at` is UTC; `status` is one of `TrackingStatus` (returns.md 6.3)."""

    at: dt.datetime
    status: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One report. `carrier` is our code (or the text of one we do not know), `scans` in the order of their times.

    `ended`: the service follows the number no longer, e.g. three days without a record. `carrier_was`: the carrier it was
    asked to follow, where it found that another one has the parcel.
    """

    carrier: str
    number: str
    scans: tuple[Scan, ...]
    ended: str = ""
    carrier_was: str = ""


def told(carrier: str, number: object, scans: list[Scan], ended: str = "", carrier_was: str = "") -> Told:
    """Checked and sorted."""
    plain = str(number or "").strip().upper()
    if not plain or len(plain) > LONGEST_NUMBER or not plain.replace("-", "").isalnum():
        raise BadReport("The tracking number is missing or is none: 1 to 40 letters and digits.")
    if len(scans) > MOST_SCANS:
        raise BadReport(f"The report has {len(scans)} scans; {MOST_SCANS} are the most.")
    in_order = tuple(sorted(scans, key=lambda scan: scan.at))
    return Told(carrier[:LONGEST_NUMBER], plain, in_order, ended, carrier_was[:LONGEST_NUMBER])


def beijing(text: object) -> dt.datetime:
    """A time as the Chinese services write it, `2026-11-27 18:30:00`, in UTC."""
    try:
        at = dt.datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        raise BadReport(f"The time {str(text)[:30]!r} cannot be read; write it as 2026-11-27 18:30:00.") from None
    return utc(at)


def utc(at: dt.datetime) -> dt.datetime:
    """The same instant in UTC; one that no parcel can have is refused."""
    if at.year not in _YEARS:
        raise BadReport(f"The year {at.year} is none of a parcel's.")
    return at.astimezone(dt.UTC)


def words(text: object) -> str:
    """A scan's text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())[:LONGEST_TEXT]
