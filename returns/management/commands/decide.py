"""Decide cases from the shell: one JSON of facts a line in, one JSON verdict a line out. For people with a
spreadsheet and for scripts.

Needs no database. A bad line is told on stderr with its number and the fact it is about; the other lines are still
decided and the exit code is 1.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from returns.rules.explain import explain
from returns.rules.facts import BadFact, schema
from returns.rules.pack import Pack, open_pack
from returns.rules.text import PackError
from returns.rules.undecided import possible
from returns.rules.why_not import Goal, why_not
from returns.rules.would import asked, way_words


class Command(BaseCommand):
    help = "Decide cases: facts as JSON lines in, verdicts as JSON lines out. The facts are described in docs/facts.md."
    requires_system_checks: list[str] = []  # pure rules need no settings to be sound

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE.jsonl", help="one JSON object of facts a line; - reads stdin"
        )
        parser.add_argument("--pack", default="cn", help="name of a shipped pack, or a pack folder (default: cn)")
        parser.add_argument("--explain", choices=["zh", "en"], help="add the words for customer and staff")
        parser.add_argument(
            "--why-not",
            metavar="REMEDY|LEG=PAYER",
            help="add the fewest changes of facts that would give this remedy, or this payer of a leg (return=shop)",
        )
        parser.add_argument(
            "--possible",
            action="store_true",
            help="facts may be missing or null: tell what can still come out and what to ask next, instead of deciding",
        )
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the facts and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2))
            return
        if not options["file"]:
            raise CommandError("Name a file of facts, or - for stdin; --schema prints what the facts may be.")
        try:
            pack = open_pack(options["pack"])
        except PackError as error:
            raise CommandError(str(error)) from None
        goal = self._goal(options["why_not"])
        bad = 0
        for number, line in self._lines(options["file"]):
            try:
                facts = facts_of(line)
                if options["possible"]:
                    answer = possible_answer(pack, facts, options["explain"])
                else:
                    answer = verdict_answer(pack, facts, options["explain"], goal)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
            except BadFact as error:
                bad += 1
                self.stderr.write(f"line {number}: BadFact {error.name}: {error.why}")
            except ValueError as error:  # json's own errors are ValueErrors too
                bad += 1
                self.stderr.write(f"line {number}: BadLine: is not one JSON object of facts ({error})")
        if bad:
            raise CommandError(f"{bad} line{'s' if bad > 1 else ''} could not be decided.", returncode=1)

    def _goal(self, text: str | None) -> Goal | None:
        """What --why-not asks for."""
        if text is None:
            return None
        leg, _, payer = text.rpartition("=")
        try:
            return Goal(leg=leg, payer=payer) if leg else Goal(text)
        except ValueError as error:
            raise CommandError(f"--why-not {text}: {error}.") from None

    def _lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Numbered lines that are not blank."""
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CommandError(f"{name}: cannot be read ({error.strerror}).") from None
        except UnicodeDecodeError:
            raise CommandError(f"{name}: is not UTF-8; save it as UTF-8.") from None
        return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def facts_of(line: str) -> dict[str, Any]:
    """The facts on one line. Raises BadFact, or ValueError where the line is not one JSON object."""
    try:
        facts = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(facts, dict):
        raise ValueError("begin the line with { and end it with }")
    return facts


def verdict_answer(pack: Pack, facts: dict[str, Any], locale: str | None, goal: Goal | None) -> dict[str, Any]:
    """The verdict with its words and with what would change it, as far as asked for."""
    verdict = pack.decide(facts).as_dict()
    if locale:
        verdict["explanation"] = {
            audience: explain(verdict, locale, audience, pack=pack).as_dict() for audience in ("customer", "staff")
        }
    if goal:
        answer = why_not(pack, facts, goal)
        verdict["why_not"] = {
            "met": answer.met,
            "sure": answer.sure,
            "ways": [
                {**way.as_dict(), **({"words": way_words(way, locale, "staff")} if locale else {})}
                for way in answer.ways
            ],
        }
    return verdict


def possible_answer(pack: Pack, facts: dict[str, Any], locale: str | None) -> dict[str, Any]:
    """What can still come out, and the questions that would settle it."""
    found = possible(pack, facts)
    answer = found.as_dict()
    if locale:
        for question, words in zip(found.questions, answer["questions"], strict=True):
            shown = asked(question, locale)
            words |= {"label": shown.label, "help": shown.help, "answers": list(shown.answers)}
    return answer


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a name stand twice and keeps the last; a fact said twice is a mistake."""
    out: dict[str, Any] = {}
    for name, value in pairs:
        if name in out:
            raise BadFact(name, value, "is given twice")
        out[name] = value
    return out


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")
