"""Business time from the shell: when so much of it has passed, how much lies between two moments, when it opens next.

    manage.py worktime add 2026-11-27T17:50 15m
    manage.py worktime add 2026-11-27T17:50 -- -2h
    manage.py worktime between 2026-11-27T17:00 2026-11-30T10:00 --calendar shop
    manage.py worktime next-open 2026-02-13T20:00 --hours hours.json

A moment without an offset is in the calendar's zone; answers are too. Exit code 0: answered; 1: refused, with the name of
the error and a sentence on stderr; 2: the command was not understood. Described in docs/worktime.md.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils.dateparse import parse_datetime

from aftersales.kernel.errors import Refusal
from aftersales.kernel.worktime import BusinessHours
from aftersales.kernel.worktime_form import read_hours
from tickets.models import CalendarVersion
from tickets.models.calendar import SHOP

_LENGTH = re.compile(r"(-)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


class Command(BaseCommand):
    help = (
        "Count business time: add it to a moment, measure it between two, find the next opening. Moments are ISO"
        " (2026-11-27T17:50), in the calendar's zone where they name none."
        " Exit codes: 0 answered, 1 refused, 2 not understood."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = CommandParser(add_help=False)
        which.add_argument("--calendar", default=SHOP, metavar="KEY", help=f"key of a calendar (default: {SHOP})")
        which.add_argument("--number", type=int, help="number of its version (default: the newest)")
        which.add_argument("--hours", metavar="FILE.json", help="opening hours from a file instead; needs no calendar")
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="add|between|next-open")
        add = deeds.add_parser("add", parents=[which], help="the moment at which so much business time has passed")
        add.add_argument("start", metavar="MOMENT")
        add.add_argument("length", metavar="LENGTH", help="90 (seconds), 15m, 2h30m; backwards as: -- -2h")
        between = deeds.add_parser("between", parents=[which], help="the business seconds between two moments")
        between.add_argument("start", metavar="MOMENT")
        between.add_argument("end", metavar="MOMENT")
        opening = deeds.add_parser(
            "next-open", parents=[which], help="that moment where it is open, else the next opening"
        )
        opening.add_argument("start", metavar="MOMENT")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            hours = _hours(options)
            start = _moment(options["start"], hours)
            if options["deed"] == "between":
                answer = str(hours.between(start, _moment(options["end"], hours)))
            elif options["deed"] == "add":
                answer = _said(hours.add(start, _seconds(options["length"])), hours)
            else:
                answer = _said(hours.next_open(start), hours)
        except Refusal as no:
            raise CommandError(f"{no.code}: {no}") from None
        self.stdout.write(answer)


def _hours(options: dict[str, Any]) -> BusinessHours:
    if options["hours"]:
        try:
            return read_hours(json.loads(Path(options["hours"]).read_text(encoding="utf-8")))
        except OSError as error:
            raise CommandError(f"no_file: {options['hours']} cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(f"no_json: {options['hours']} is not JSON: {error}.") from None
    versions = CalendarVersion.objects.filter(calendar__key=options["calendar"]).order_by("-number")
    if options["number"] is not None:
        versions = versions.filter(number=options["number"])
    version = versions.first()
    if version is None:
        asked = options["calendar"] + (f"@{options['number']}" if options["number"] is not None else "")
        known = ", ".join(sorted(set(CalendarVersion.objects.values_list("calendar__key", flat=True))))
        raise CommandError(f"no_calendar: There is no {asked}. Calendars: {known or 'none'}.")
    return version.business_hours()


def _moment(text: str, hours: BusinessHours) -> dt.datetime:
    try:
        moment = parse_datetime(text if "T" in text or " " in text else f"{text}T00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"no_moment: “{text}” is no moment; write 2026-11-27T17:50.")
    return moment if moment.tzinfo else moment.replace(tzinfo=hours.zone)


def _seconds(text: str) -> int:
    match = _LENGTH.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise CommandError(f"no_length: “{text}” is no length; write 90, 15m or 2h30m.")
    minus, *parts = match.groups()
    hours, minutes, seconds = (int(part or 0) for part in parts)
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if minus else 1)


def _said(moment: dt.datetime, hours: BusinessHours) -> str:
    return moment.astimezone(hours.zone).isoformat(timespec="seconds")
