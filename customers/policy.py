"""What a promise may promise, in terms the rules read: a closed list, checked by name and by value. Without a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput

MOST_DAYS = 365

# Name -> whether it is a number of days; the others are simply given. The rules' own list of facts has the same names,
# which a test compares. A promise only ever adds to the rules, so there is no value that takes something away.
TERMS: dict[str, bool] = {
    "promised_days": True,
    "promised_despite_exclusion": False,
    "promised_outbound": False,
    "promised_return": False,
    "promised_replacement": False,
    "price_promise": False,
}


class TermUnknown(BadInput):
    code = "promise_term_unknown"
    sentence = _("The rules know no term “%(name)s” of a promise. Known are: %(known)s.")


class TermValue(BadInput):
    code = "promise_term_value"
    sentence = _("“%(name)s” cannot be %(value)s: give true, or leave it out if it was not promised.")


class DaysRange(BadInput):
    code = "promise_days_range"
    sentence = _("“%(name)s” cannot be %(value)s: give whole days from 1 to %(most)s.")


def check_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as they are kept. Raises `TermUnknown`, `TermValue`, `DaysRange`, each with the name that is to blame."""
    for name, value in terms.items():
        if name not in TERMS:
            raise TermUnknown(field="terms", name=name, known=", ".join(TERMS))
        if TERMS[name]:
            if type(value) is not int or not 1 <= value <= MOST_DAYS:  # True is no number of days
                raise DaysRange(field="terms", name=name, value=repr(value), most=MOST_DAYS)
        elif value is not True:
            raise TermValue(field="terms", name=name, value=repr(value))
    return dict(terms)
