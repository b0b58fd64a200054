"""Erase a person: what names them is blanked or deleted everywhere, what the books and the grounds of decisions need stays.

What becomes of each column stands in the registry (`aftersales.kernel.personal`). There is no way back. Called by the desk.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock, personal
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from aftersales.ledger.retention import let_go
from customers.actions.consents import withdraw
from customers.actions.importing.erased import remember
from customers.gather import open_ends
from customers.gather.kin import kin
from customers.models import Erasure, Order, Person, Purpose


class StillOpen(Conflict):
    code = "erasure_open"
    sentence = _("Not now: %(what)s is still open with this customer. Settle it first, then erase.")


class WrongReference(BadInput):
    code = "erasure_reference"
    sentence = _("That is not the number of this customer. Type %(ref)s as it stands at the top of the page.")


class ShopItself(Conflict):
    code = "erasure_shop"
    sentence = _("This is the shop's own entry, under which its tasks stand. There is nobody to erase.")


@transaction.atomic
def erase_person(person_id: int, *, ref: str, ground: str, actor: Actor) -> Erasure:
    """`ref`: the customer's number, typed by whoever decides. Erasing twice changes nothing.

    Raises `StillOpen` while a case, request, refund, promise or gift is open, `WrongReference`, `ShopItself`.
    """
    # Orders first, as imports lock them: one that is reading them now is waited for, one that comes next finds the erasure.
    list(Order.objects.select_for_update().filter(person=person_id).order_by("pk").values_list("pk", flat=True))
    person = _locked(person_id, actor)
    if person is None or person.merged_into_id is not None:
        raise NotFound
    check(actor, "person.erase")
    known = Erasure.objects.filter(person=person).first()
    if known is not None:
        return known
    if person.source == Person.SHOP:
        raise ShopItself
    if ref.strip().upper() != person.ref:
        raise WrongReference(field="ref", ref=person.ref)
    if ground not in Erasure.Ground.values:
        raise BadInput(_("Choose the ground."), field="ground", code="no_ground")
    if still := open_ends.open_with(person.pk):
        raise StillOpen(what=", ".join(still[: open_ends.MOST]) + (" …" if len(still) > open_ends.MOST else ""))
    at = clock.now()
    withdraw(person, list(Purpose), proof=str(Erasure._meta.verbose_name), actor=actor, at=at)
    erasure = Erasure.objects.create(
        person=person, ground=ground, at=at, by_id=actor.id if actor.kind == "staff" else actor.owner
    )
    for entry in (person, *person.merged.all()):
        remember(erasure, entry)
    # All is found before anything goes: some of it is found by what goes.
    found = [(each, list(each.rows(person.pk).order_by().values_list("pk", flat=True))) for each in personal.held()]
    count = sum(let_go(each, keys, blanks=each.blanks, gone=each.gone) for each, keys in found if keys)
    record("person.erased", on=person, actor=actor, at=at, erasure=erasure.pk, ground=ground, rows=count)
    return erasure


def _locked(person_id: int, actor: Actor) -> Person | None:
    """With the entries that were merged into it, and whoever shares a contact point: in the order in which imports, merges and
    consents lock them."""
    together = Person.objects.visible_to(actor).filter(Q(pk__in=kin(person_id)) | Q(merged_into=person_id))
    return next((each for each in together.select_for_update().order_by("pk") if each.pk == person_id), None)
