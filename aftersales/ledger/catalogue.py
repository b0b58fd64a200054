"""Every event type, declared once: what it reads like on a timeline, who may read it, and who listens.

To add one: `declare("thing.happened", _("…"))` in the app's `events.py`, with `words=` where people write into it, record it in
the action, and, if somebody must hear it, `@listens("thing.happened", name="app.purpose")` in `listeners.py` or `notices.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from aftersales.ledger.models import Event

Listener = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event. `text` may hold `%(name)s` placeholders for the event's data.

    `words` are the keys of what people write of or to somebody: with that person they go (`forgetting.forget_words`).
    """

    name: str
    text: str | Promise
    public: bool  # shown to the customer on the status page
    words: tuple[str, ...]


_types: dict[str, EventType] = {}
_listeners: dict[str, dict[str, Listener]] = {}
_by_listener: dict[str, Listener] = {}


def declare(name: str, text: str | Promise, *, public: bool = False, words: str = "") -> None:
    """Make an event type known; `words` with spaces between them. Twice is an error: one event, one home."""
    if name in _types:
        raise ValueError(f"The event type {name} is declared twice.")
    _types[name] = EventType(name, text, public, tuple(words.split()))


def event_type(name: str) -> EventType:
    return _types[name]


def event_types() -> dict[str, EventType]:
    return dict(_types)


def listens(*names: str, name: str) -> Callable[[Listener], Listener]:
    """Let a function hear events. It runs later, once, in a transaction of its own with the `done` mark."""

    def register(function: Listener) -> Listener:
        if name in _by_listener and _by_listener[name] is not function:
            raise ValueError(f"Two listeners are called {name}.")
        _by_listener[name] = function
        for event_name in names:
            _listeners.setdefault(event_name, {})[name] = function
        return function

    return register


def listeners_of(event_name: str) -> tuple[str, ...]:
    return tuple(_listeners.get(event_name, {}))


def listener(name: str) -> Listener:
    return _by_listener[name]


def unheard() -> dict[str, str]:
    """Listeners of events nobody declared, for the system check: listener name by event name."""
    return {event: next(iter(heard)) for event, heard in _listeners.items() if event not in _types}
