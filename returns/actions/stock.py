"""Hold a replacement on the shelf and let it go again. Called by exchange, ending and receiving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Conflict
from customers.models import Sku
from returns.models import Exchange, Repair, Return


class OutOfStock(Conflict):
    """The replacement is not there; a refund or another variant is."""

    code = "out_of_stock"
    sentence = _("“%(title)s” is out of stock. Choose another variant with the customer, or change to a refund.")


def hold(ret: Return) -> None:
    """Promise the wanted units to this exchange; each with one conditional update, so nobody promises them twice."""
    for sku_id, quantity in sorted(_wanted(ret).items()):
        free = Sku.objects.filter(pk=sku_id, on_hand__gte=F("reserved") + quantity)
        if not free.update(reserved=F("reserved") + quantity):
            raise OutOfStock(title=str(Sku.objects.select_related("product").get(pk=sku_id)))


def hold_more(ret: Return, gained: Mapping[int, int]) -> None:
    """Promise units to an exchange that holds accepted units only; `gained` maps return-line ids to them."""
    if not Exchange.objects.filter(of=ret, stock_held=True).exists():
        return
    for line in ret.lines.select_related("wanted_sku__product").order_by("wanted_sku"):
        more = gained.get(line.pk, 0)
        if not more or line.wanted_sku_id is None:
            continue
        free = Sku.objects.filter(pk=line.wanted_sku_id, on_hand__gte=F("reserved") + more)
        if not free.update(reserved=F("reserved") + more):
            raise OutOfStock(title=str(line.wanted_sku))


def let_go(ret: Return) -> None:
    """The replacement goes back to the shelf; nothing happens where none is held."""
    if Exchange.objects.filter(of=ret, stock_held=True).update(stock_held=False):
        for sku_id, quantity in sorted(_wanted(ret).items()):
            Sku.objects.filter(pk=sku_id).update(reserved=F("reserved") - quantity)


def take(ret: Return) -> None:
    """The replacement leaves the house: what is really sent leaves the shelf, the rest of the hold is let go."""
    if not Exchange.objects.filter(of=ret, stock_held=True).update(stock_held=False):
        return
    sent = Counter[int]()
    for line in ret.lines.all():
        if line.wanted_sku_id:
            sent[line.wanted_sku_id] += line.accepted_quantity
    for sku_id, held in sorted(_wanted(ret).items()):
        Sku.objects.filter(pk=sku_id).update(on_hand=F("on_hand") - sent[sku_id], reserved=F("reserved") - held)


def _wanted(ret: Return) -> Counter[int]:
    """What is held: all that was asked for; where a repair was given up for an exchange, what was accepted for it."""
    after_repair = Repair.objects.filter(of=ret).exists()
    wanted = Counter[int]()
    for line in ret.lines.all():
        if line.wanted_sku_id:
            wanted[line.wanted_sku_id] += line.accepted_quantity if after_repair else line.quantity
    return wanted
