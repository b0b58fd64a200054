"""Our desk, from inside its own settings: `python -m bench.desk_parts.shop prepare|facts|index|statements`. Prints JSON.

`prepare` plants messages that a search must find, all of them; `facts` says who is signed in and what may be asked for; `index`
does a worker's part after a write; `statements` counts the SQL statements of the main pages and the recall of the search.
"""

from __future__ import annotations

import json
import random
import sys
from urllib.parse import quote

import django

RARE, TWO, ONE = "祖母绿麒麟胸针", "麒麟", "麒"
PLANTED = 20
COMMON, COMMON_TWO, COMMON_ONE = "请问", "快递", "好"


def prepare() -> None:
    """Twenty customers write about one rare thing."""
    from aftersales.kernel.actor import Actor, Role
    from tickets.actions.conversation import receive_message
    from tickets.models import Ticket

    asked = list(
        Ticket.objects.filter(kind="question").exclude(order=None).order_by("pk").values_list("pk", "order_id")
    )
    for pk, order in random.Random(1).sample(asked, min(PLANTED, len(asked))):
        customer = Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset({order}))
        receive_message(pk, text=f"我买的{RARE}什么时候能修好？", actor=customer)
    index()


def index() -> None:
    """What was written goes into the index of the search."""
    from aftersales.search.index import catch_up

    while catch_up():
        pass


def facts() -> dict[str, object]:
    """A signed-in lead's cookies, tickets to open, a deep place, terms of the search."""
    from django.test import Client

    from aftersales.accounts.models import User
    from customers.models import ContactPoint
    from tickets.models import Ticket

    user = User.objects.filter(role="agent", is_active=True).order_by("pk")[0]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    page = client.get("/desk/tickets/")
    assert page.status_code == 200, page.status_code
    chance = random.Random(2)
    total = Ticket.objects.count()
    keys = [chance.randrange(1, total + 1) for _ in range(2_000)]
    refs = list(Ticket.objects.filter(pk__in=keys).values_list("ref", flat=True))
    open_refs = list(  # the words of a first answer to a complaint are looked over: it must say sorry
        Ticket.objects.exclude(status="closed")
        .exclude(kind="complaint")
        .order_by("?")
        .values_list("ref", flat=True)[:500]
    )
    deep = Ticket.objects.order_by("-opened_at", "-id")[min(5_000, total // 2)]
    place = f"{round(deep.opened_at.timestamp() * 1_000_000)}~{deep.pk}"
    tails = list(ContactPoint.objects.filter(kind="phone").order_by("-pk").values_list("tail", flat=True)[:50])
    return {
        "cookies": {name: morsel.value for name, morsel in client.cookies.items()},
        "refs": refs, "open_refs": open_refs, "deep": place, "tails": tails, "tickets": total, "user": user.pk,
        "deep_pk": deep.pk, "deep_at": deep.opened_at.isoformat(),
        "numbers": list(Ticket.objects.exclude(order=None).order_by("-pk").values_list("order__number", flat=True)[:200]),
    }  # fmt: skip


def statements() -> dict[str, object]:
    """SQL statements of each page, and how much of what must be found is found."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from aftersales.accounts.models import User
    from aftersales.kernel.actor import Actor
    from customers.models import ContactPoint
    from tickets.models import Message

    user = User.objects.filter(role="agent", is_active=True).order_by("pk")[0]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    counted = {}
    for name, path in _main_pages().items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        counted[name] = len(asked)
    actor: Actor = user.as_actor()
    planted = set(Message.objects.filter(text__contains=RARE).values_list("ticket__ref", flat=True))
    tail = ContactPoint.objects.filter(kind="phone").order_by("pk").values_list("tail", flat=True)[0]
    named = set(ContactPoint.objects.filter(tail=tail).values_list("person__ref", flat=True))
    recall = {word: _share(actor, word, "ticket", planted) for word in (RARE, TWO, ONE)}
    recall["a phone tail"] = _share(actor, str(tail), "person", named)
    return {"statements": counted, "recall": recall, "planted": len(planted)}


def _main_pages() -> dict[str, str]:
    """The pages of an agent's day; the ticket page once for each kind there is."""
    from tickets.models import Ticket

    asked = Ticket.objects.filter(kind="question").exclude(order=None).select_related("person").latest("pk")
    pages = {
        "home": "/desk/",
        "first page": "/desk/tickets/",
        "search": f"/desk/search/?q={quote(COMMON)}",
        "order": f"/desk/orders/{asked.order_id}/",
        "customer": f"/desk/people/{asked.person.ref}/",
        "promises": "/desk/promises/",
        "reviews": "/desk/reviews/",
        "visits": "/desk/visits/",
    }
    for kind in Ticket.Kind.values:
        ref = Ticket.objects.filter(kind=kind).order_by("-pk").values_list("ref", flat=True).first()
        if ref is not None:
            pages[f"ticket, {kind}"] = f"/desk/tickets/{ref}/"
    return pages


def _share(actor: object, text: str, kind: str, wanted: set[str]) -> float:
    """How much of what must be found is found: the hits themselves, page by page."""
    from aftersales.search.find import find

    found: set[str] = set()
    for number in range(1, 60):
        groups = find(actor, text, kinds=[kind], page=number, size=50)  # type: ignore[arg-type]
        hits = {hit.key for group in groups for hit in group.hits}
        found |= hits
        if not hits or not any(group.more for group in groups):
            break
    return len(found & wanted) / len(wanted) if wanted else 0.0


if __name__ == "__main__":
    django.setup()
    told = {"prepare": prepare, "facts": facts, "index": index, "statements": statements}[sys.argv[1]]()
    print(json.dumps(told))
