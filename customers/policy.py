"""What a promise may promise, in terms the rules read: a closed list, checked by name and by value. Without a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput

MOST_DAYS = 365

# Name -> how it is said: a number of days, simply given, or who pays by agreement with this customer. The rules' own list
# of facts has the same names, which a test compares. A promise only ever adds to the rules, so it has no value that takes
# something away; an agreement made after the trouble may.
DAYS, GIVEN, PAYER = "days", "given", "payer"
TERMS: dict[str, str] = {
    "promised_days": DAYS,
    "promised_despite_exclusion": GIVEN,
    "promised_outbound": GIVEN,
    "promised_return": GIVEN,
    "promised_replacement": GIVEN,
    "price_promise": GIVEN,
    "agreed_outbound": PAYER,
    "agreed_return": PAYER,
    "agreed_replacement": PAYER,
}
PAYERS = ("shop", "buyer", "split")


class TermUnknown(BadInput):
    code = "promise_term_unknown"
    sentence = _("The rules know no term “%(name)s” of a promise. Known are: %(known)s.")


class TermValue(BadInput):
    code = "promise_term_value"
    sentence = _("“%(name)s” cannot be %(value)s: give true, or leave it out if it was not promised.")


class DaysRange(BadInput):
    code = "promise_days_range"
    sentence = _("“%(name)s” cannot be %(value)s: give whole days from 1 to %(most)s.")


class PayerUnknown(BadInput):
    code = "promise_payer_unknown"
    sentence = _("“%(name)s” cannot be %(value)s: give one of %(known)s.")


def check_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as they are kept. Raises `TermUnknown`, `TermValue`, `DaysRange`, `PayerUnknown`, each with the name."""
    for name, value in terms.items():
        if name not in TERMS:
            raise TermUnknown(field="terms", name=name, known=", ".join(TERMS))
        if TERMS[name] == DAYS:
            if type(value) is not int or not 1 <= value <= MOST_DAYS:  # True is no number of days
                raise DaysRange(field="terms", name=name, value=repr(value), most=MOST_DAYS)
        elif TERMS[name] == PAYER:
            if value not in PAYERS:
                raise PayerUnknown(field="terms", name=name, value=repr(value), known=", ".join(PAYERS))
        elif value is not True:
            raise TermValue(field="terms", name=name, value=repr(value))
    return dict(terms)
