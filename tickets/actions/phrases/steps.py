"""The steps a phrase may bring: one line each, as a manager writes them, and the action each one calls.

    assign: me
    priority: high
    note: rang the warehouse
    close

To add one: a function with `@step` in `doing.py`, its words there, and a row in the table of docs/conversation.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.reader import labelled
from tickets.models import Ticket

Run = Callable[[Ticket, str, Actor, dt.datetime], object]
Step = tuple[str, str]  # name, value


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step. `values` maps what may be written to what it is called; None takes any text.

    `rests`: after it the ticket is nobody's turn here, so it is not done while the customer's words are unread.
    """

    name: str
    chinese: str
    label: str | Promise
    values: dict[str, str | Promise] | None
    takes: bool
    rests: bool
    run: Run


_WHO: dict[str, str | Promise] = {"me": pgettext_lazy("step", "me"), "nobody": pgettext_lazy("step", "nobody")}
_KINDS: dict[str, StepKind] = {}


def step(
    name: str, chinese: str, label: str | Promise, *, values: dict[str, str | Promise] | None = None,
    takes: bool = True, rests: bool = False,
) -> Callable[[Run], Run]:  # fmt: skip
    """Register what a kind of step does."""

    def register(run: Run) -> Run:
        _KINDS[name] = StepKind(name, chinese, label, values, takes, rests, run)
        return run

    return register


def kind_of(name: str) -> StepKind | None:
    return _KINDS.get(name)


def read_steps(text: str, *, field: str = "steps") -> list[list[str]]:
    """The lines of a phrase's steps, checked. Raises `BadInput` that quotes the line nobody understands.

    NUL is left out: no row that keeps them could hold it.
    """
    found = []
    for line in text.replace("\x00", "").splitlines():
        if not line.strip():
            continue
        name, _colon, value = line.replace("：", ":").partition(":")
        name, value = name.strip(), value.strip()
        kind = _KINDS.get(name.lower()) or next((each for each in _KINDS.values() if each.chinese == name), None)
        if kind is None:
            known = ", ".join(f"{each.name} ({each.chinese})" for each in _KINDS.values())
            raise BadInput(
                _("There is no step “%(line)s”. Known are: %(known)s."), field=field, code="unknown_step",
                line=line.strip()[:40], known=known,
            )  # fmt: skip
        found.append([kind.name, _value(kind, value, line, field)])
    return found


def _value(kind: StepKind, value: str, line: str, field: str) -> str:
    if not kind.takes:
        return ""
    if not value:
        raise BadInput(_("The step “%(line)s” lacks what comes after the colon."), field=field, line=line.strip()[:40])
    if kind.values is None:
        return value
    for key, label in kind.values.items():
        if value.lower() == key or value == str(label):
            return key
    raise BadInput(
        _("The step “%(line)s” may say: %(values)s."), field=field, code="unknown_value",
        line=line.strip()[:40], values=", ".join(kind.values),
    )  # fmt: skip


def written(steps: Sequence[Sequence[str]]) -> str:
    """The steps as lines again, for the form."""
    return "\n".join(f"{name}: {value}" if value else name for name, value in steps)


def ticks(steps: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Each step as the page sends it back, and in words."""
    return [(written([step]), in_words(step)) for step in steps]


def in_words(one: Sequence[str]) -> str:
    """One step in the reader's language."""
    name, value = one
    kind = _KINDS.get(name)
    if kind is None:
        return labelled(name, value)
    shown = str((kind.values or _WHO).get(value, value))
    return labelled(kind.label, shown) if shown else str(kind.label)
