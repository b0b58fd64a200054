"""The privacy guard: what must not stand in a public reply to a review (R-125, R-126).

Whatever is found blocks the reply; who wrote it takes the words out. To add a kind of find: a file with `find`, a line in
`Kind`, and cases in `tests/customers/guard_cases.toml`.
"""

from __future__ import annotations

from customers.reviewing import contacts, numbers, people, places, rewards
from customers.reviewing.finding import Finding, outermost
from customers.reviewing.known import Known

NOTHING_KNOWN = Known()


def look_over(text: str, known: Known = NOTHING_KNOWN) -> list[Finding]:
    """Everything that must not be public, in the order of the text, none overlapping another."""
    return outermost(
        [
            *numbers.find(text, known),
            *contacts.find(text, known),
            *people.find(text, known),
            *places.find(text, known),
            *rewards.find(text),
        ],
        text,
    )
