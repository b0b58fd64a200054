"""A stop word by SMS ends what messages of the shop's own accord rest on, at once and by every way. Called where SMS arrive.

Whoever has said stop is not written to by another way instead (R-118), so the consents behind all care plans end with the
one to SMS. Visits and words to be quoted are something else and stay.
"""

from __future__ import annotations

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext

from aftersales.kernel.actor import Actor
from customers.actions.consents import lock_kin_of, say_no, withdraw
from customers.models import CarePlan, Person, Purpose

ENDS = list(dict.fromkeys(CarePlan.PURPOSES.values()))


def end_by_sms(person: Person, *, said: str, sender: str, arrival: str, actor: Actor, at: dt.datetime) -> None:
    """In the caller's transaction: for them and all who share a contact with them. Said again it changes nothing.

    The ledger keeps the word, the masked number and the reference of the SMS. Who never agreed has said no from now on.
    """
    person = lock_kin_of(person.pk)
    with translation.override("zh-hans"):  # kept in the shop's own language, as staff write it
        proof = gettext("Answered “%(said)s” by SMS, %(sender)s, %(arrival)s") % {
            "said": said[:20], "sender": sender, "arrival": arrival,
        }  # fmt: skip
    withdraw(person, ENDS, proof=proof, actor=actor, at=at)
    say_no(person, Purpose.SMS, proof=proof, actor=actor, at=at)
