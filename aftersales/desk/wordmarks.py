"""What the check before sending found, as the composer shows it: the words in their sentence, marked, and what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.wording import Finding

AROUND = 14  # characters shown on either side

_MEANINGS: dict[str, str | Promise] = {
    "blame": _("This may sound as if the customer were to blame."),
    "push_away": _("This sounds as if the shop would rather not be responsible. It sees to the matter itself."),
    "no_apology": _("This is the first answer to a complaint, and it holds no apology. An apology admits no fault."),
    "shouting": _("Capital letters read as shouting."),
    "phone": _("This looks like somebody’s phone number."),
    "id_number": _("This looks like the number of an identity card."),
    "hole": _("This place in braces was not filled in."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding: the words with a little of what stands around them, what it means, and what to write rather."""

    before: str
    words: str
    after: str
    meaning: str | Promise
    instead: str


def marks(text: str, findings: Sequence[Finding]) -> list[Mark]:
    """One for each finding, in the order of the text."""
    return [
        Mark(
            before=("…" if each.start > AROUND else "") + text[max(0, each.start - AROUND) : each.start],
            words=each.words,
            after=text[each.end : each.end + AROUND] + ("…" if each.end + AROUND < len(text) else ""),
            meaning=_MEANINGS[each.fault],
            instead=each.instead,
        )
        for each in findings
    ]
