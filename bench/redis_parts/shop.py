"""Orders that can be opened with the card of the parcel, one customer each: `python -m bench.redis_parts.shop N`. Prints JSON."""

from __future__ import annotations

import json
import sys

import django


def orders(count: int) -> list[dict[str, object]]:
    """So many delivered orders, each with its number, its line, the code of its card and the address of its customer."""
    from aftersales.kernel.actor import SYSTEM
    from customers.actions.proof import give_claim_codes
    from tests.world import a_person, a_sku, an_order

    sku, made = a_sku(), []
    for number in range(count):
        phone, email = f"+86139{number:08d}", f"customer-{number}@redis-gone.example"
        order = an_order(skus=[(sku, 2)], person=a_person("林梅", phone=phone, email=email))
        made.append(
            {"pk": order.pk, "number": order.number, "line": order.lines.get().pk, "email": email, "at": order.platform}
        )
    codes = dict(give_claim_codes([str(each["number"]) for each in made], platform=str(made[0]["at"]), actor=SYSTEM))
    return [{**each, "code": codes[str(each["number"])]} for each in made]


if __name__ == "__main__":
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        print(json.dumps(orders(int(sys.argv[1]))))
