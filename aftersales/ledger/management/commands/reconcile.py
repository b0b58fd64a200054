"""`manage.py reconcile`: after a restored backup, decide about each message that may have left since, then let go.

reconcile begin --backup-at 2026-11-28T02:00 --by lena@shop.example --reason "disk of the database host"
reconcile list
reconcile release|sent|cancel KEY … (or --all-of email) --by lena@shop.example --reason "not in the provider's list"
reconcile end --by lena@shop.example --reason "all looked up"
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.dateparse import parse_datetime

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Refusal
from aftersales.ledger import repair, restored
from aftersales.ledger.models import Due, Outbound, Stop, Timer

_DEEDS = ("release", "sent", "cancel")


class Command(BaseCommand):
    help = "After a restored backup: nothing is sent until each waiting message was looked at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=["begin", "list", *_DEEDS, "end"], nargs="?", default="list")
        parser.add_argument("keys", nargs="*", help="keys of messages, as the list shows them")
        parser.add_argument("--all-of", metavar="CHANNEL", help="every undecided message of this channel")
        parser.add_argument("--backup-at", help="the instant the backup holds, e.g. 2026-11-28T02:00 (the shop's time)")
        parser.add_argument("--by", metavar="EMAIL", help="who decides: the e-mail address of a manager")
        parser.add_argument("--reason", default="", help="why; kept with the decision")

    def handle(self, *args: Any, **options: Any) -> None:
        deed = options["deed"]
        if deed == "list":
            self._list()
            return
        actor = _manager(options["by"])
        try:
            if deed == "begin":
                self._begin(_instant(options["backup_at"]), options["reason"], actor)
            elif deed == "end":
                restored.end(reason=options["reason"], actor=actor)
                self.stdout.write("Timers fire and messages leave again.")
            else:
                self._decide(deed, _chosen(options["keys"], options["all_of"]), options["reason"], actor)
        except Refusal as refusal:
            with translation.override("en"):  # as everything else this command says
                raise CommandError(str(refusal)) from refusal

    def _begin(self, backup_at: dt.datetime, reason: str, actor: Actor) -> None:
        restored.begin(backup_at=backup_at, reason=reason, actor=actor)
        self.stdout.write("Nothing is sent and no timer fires until `reconcile end`.")
        self._list()

    def _list(self) -> None:
        standing = Stop.objects.standing().filter(what=Stop.RESTORED).first()
        if standing is None:
            self.stdout.write("Nothing is stopped because of a restore.")
            return
        self.stdout.write(f"Restored to {standing.restored_to:%Y-%m-%d %H:%M} UTC: {standing.reason}")
        rows = restored.undecided()
        for row in rows:
            self.stdout.write(
                f"{row.due_at:%Y-%m-%d %H:%M}  {row.status:11}  {row.key}  {row.subject_type}:{row.subject_id}"
            )
        overdue = Timer.objects.pending().filter(paused_at=None, due_at__lte=clock.now()).count()
        self.stdout.write(f"{rows.count()} messages to decide about; {overdue} timers fire when the stop ends.")

    def _decide(self, deed: str, rows: list[Outbound], reason: str, actor: Actor) -> None:
        for row in rows:
            if deed == "release":
                repair.retry(row, reason=reason, actor=actor)
            else:
                repair.settle(row, was_done=deed == "sent", reason=reason, actor=actor)
        self.stdout.write(f"{len(rows)} messages decided: {deed}.")


def _chosen(keys: list[str], channel: str | None) -> list[Outbound]:
    if bool(keys) == bool(channel):
        raise CommandError("Name keys, or a channel with --all-of.")
    rows = restored.undecided().filter(channel=channel) if channel else Outbound.objects.filter(key__in=keys)
    found = list(rows)
    if missing := set(keys) - {row.key for row in found}:
        raise CommandError(f"There is no message {', '.join(sorted(missing))}.")
    return [row for row in found if row.status in Due.STUCK]


def _manager(name: str | None) -> Actor:
    user = get_user_model().objects.filter(email__iexact=name or "", is_active=True).first()
    if user is None:
        raise CommandError("Say with --by who decides: the e-mail address of a manager.")
    return user.as_actor()


def _instant(typed: str | None) -> dt.datetime:
    try:
        read = parse_datetime(typed or "")
    except ValueError:
        read = None
    if read is None:
        raise CommandError("Say with --backup-at when the backup was taken, e.g. 2026-11-28T02:00.")
    return read if read.tzinfo else read.replace(tzinfo=clock.shop_zone())
