"""The cast of the tests: a shop with an address, Lin Mei who bought two things, and the people who work there."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from typing import Any

from aftersales.accounts.models import User
from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor, Role
from aftersales.kernel.refs import new_ref
from aftersales.notices.actions.webhooks import add_webhook
from aftersales.notices.channels.webhook import secret_of
from aftersales.notices.models import Webhook
from customers.actions.consents_by_link import way_out
from customers.actions.reviews import ReviewFacts, add_review
from customers.models import (
    Category,
    ContactPoint,
    Order,
    OrderLine,
    Person,
    Product,
    Purpose,
    Review,
    Shipment,
    Shop,
    Sku,
)
from returns.actions.submission import Item, submit_return
from returns.models import CarrierClaim, KeptPack, Return
from returns.rules.pack import load_pack
from tickets.actions.complaints.escalating import escalate
from tickets.actions.complaints.hearing import hear_out
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.complaints.preventing import write_cause
from tickets.models import Complaint

_numbers = itertools.count(1)


def a_shop(**fields: Any) -> Shop:
    """A shop that can take goods back; two people are needed above ¥500."""
    shop, _ = Shop.objects.get_or_create(
        name=fields.pop("name", "山野家居"),
        defaults={
            "province": "浙江",
            "return_recipient": "售后仓",
            "return_phone": "0571-00000000",
            "return_address": "浙江省杭州市余杭区仓前路 1 号",
            **fields,
        },
    )
    return shop


def a_sku(
    *, title: str = "亚麻衬衫", variant: str = "白 M", price: int = 12_800, on_hand: int = 10, **fields: Any
) -> Sku:
    """An article on the shelf; price in fen. Variants of one title belong to one product."""
    category, _ = Category.objects.get_or_create(
        code=fields.pop("category", "clothes"), defaults={"name_zh": "服饰", "name_en": "Clothes"}
    )
    product, _ = Product.objects.get_or_create(
        code=f"P-{title}", defaults={"title": title, "category": category, **fields}
    )
    return Sku.objects.create(
        product=product, code=f"S-{next(_numbers)}", variant=variant, price_minor=price, on_hand=on_hand
    )


def a_person(name: str = "林梅", phone: str = "+8613800000001", email: str = "lin.mei@example.org") -> Person:
    """A customer who can be reached."""
    now = clock.now()
    person = Person.objects.create(ref=new_ref("P"), name=name, created_at=now)
    ContactPoint.objects.create(person=person, kind="phone", value=phone, tail=phone[-4:], created_at=now)
    ContactPoint.objects.create(person=person, kind="email", value=email, created_at=now)
    return person


def an_order(
    *, days_ago: int = 3, skus: list[tuple[Sku, int]] | None = None, freight: int = 0, person: Person | None = None,
    **fields: Any,
) -> Order:  # fmt: skip
    """A delivered order, signed for `days_ago` days ago; freight in fen. By default two shirts."""
    now = clock.now()
    signed = now - dt.timedelta(days=days_ago)
    skus = skus or [(a_sku(), 2)]
    goods = sum(sku.price_minor * quantity for sku, quantity in skus)
    discount = fields.pop("discount_minor", 0)
    order = Order.objects.create(
        shop=fields.pop("shop", None) or a_shop(),
        platform="taobao",
        number=fields.pop("number", "") or f"20260000000000{next(_numbers):05d}",
        person=person or a_person(),
        status=fields.pop("status", Order.Status.DELIVERED),
        goods_minor=goods,
        discount_minor=discount,
        freight_minor=freight,
        paid_minor=goods - discount + freight,
        free_shipping=fields.pop("free_shipping", "paid" if freight else "free"),
        placed_at=signed - dt.timedelta(days=4),
        paid_at=signed - dt.timedelta(days=4),
        shipped_at=signed - dt.timedelta(days=2),
        delivered_at=signed,
        **fields,
    )
    for number, (sku, quantity) in enumerate(skus, start=1):
        share = discount * sku.price_minor * quantity // goods if goods else 0
        OrderLine.objects.create(
            order=order,
            number=str(number),
            sku=sku,
            title=sku.product.title,
            variant=sku.variant,
            quantity=quantity,
            shipped_quantity=quantity,
            unit_price_minor=sku.price_minor,
            discount_minor=share,
            paid_minor=sku.price_minor * quantity - share,
        )
    Shipment.objects.create(
        order=order, carrier="SF", number=f"SF{next(_numbers):013d}", status="signed",
        shipped_at=order.shipped_at, signed_at=signed,
    )  # fmt: skip
    return order


def customer(*orders: Order) -> Actor:
    """A customer who has proven these orders."""
    return Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset(order.pk for order in orders))


def member(role: str = "agent", name: str = "") -> User:
    """A member of staff of that role who can sign in; a name gives a second person of the same role."""
    name = name or role
    user, _ = User.objects.get_or_create(email=f"{name}@shop.example", defaults={"name": name, "role": role})
    return user


def staff(role: str = "agent", name: str = "") -> Actor:
    """The same as one who acts."""
    return member(role, name).as_actor()


def a_return(
    order: Order, *, kind: str = "return", reason: str = "preference", quantity: int = 1, wanted: Sku | None = None,
    actor: Actor | None = None,
) -> Return:  # fmt: skip
    """A submitted request for units of the order's first line."""
    line = order.lines.order_by("id").first()
    assert line is not None
    item = Item(line.pk, quantity, reason, wanted_sku_id=wanted.pk if wanted else None)
    return submit_return(order.pk, [item], kind=kind, actor=actor or customer(order))


def a_claim(ret: Return, *, number: str = "", amount: int = 12_050, days: float = 7) -> CarrierClaim:
    """An open claim on the carrier that lost the return's goods, to be answered in so many days."""
    now = clock.now()
    return CarrierClaim.objects.create(
        of=ret, carrier="SF", number=number, reason="carrier_loss", amount_minor=amount, currency="CNY",
        opened_at=now, due_at=now + dt.timedelta(days=days),
    )  # fmt: skip


def a_kept_pack() -> KeptPack:
    """The text of a pack that decided before there were versions, which keep their own."""
    pack = load_pack("cn")
    return KeptPack.objects.create(
        sha256=pack.sha256, name=pack.name, version=pack.version, files=dict(pack.files), kept_at=clock.now()
    )


def a_complaint(order: Order) -> Complaint:
    """A complaint about an order, heard out, with an escalation under way and an improvement to be made."""
    complaint = open_complaint(code="quality", statement="用了两次就不热了", order_id=order.pk, actor=customer(order))
    pk, agent, day = complaint.ticket_id, staff("agent"), dt.timedelta(days=1)
    hear_out(pk, statement="用了两次就不热了，客服让我找厂家", actor=agent)
    escalate(pk, to="lead", reason="顾客要求十倍赔偿", due_at=clock.now() + day, actor=agent)
    write_cause(
        pk, root_cause="没有抽检", improvement="每批抽检三台", owner_id=member("lead").pk,
        due_on=clock.shop_date(clock.now() + day), actor=agent,
    )  # fmt: skip
    return complaint


def a_review(order: Order, *, stars: int = 1, text: str = "用了两次就坏了") -> Review:
    """A review of an order, still to be answered in public."""
    at = clock.now() - dt.timedelta(hours=2)
    facts = ReviewFacts(platform="taobao", stars=stars, text=text, at=at, order_number=order.number)
    return add_review(facts, actor=staff("agent"))


def attach(upload: Any, *, on: Any, actor: Actor) -> Attachment:
    """One file on a thing."""
    return attach_all([upload], on=on, actor=actor)[0]


def a_webhook(url: str, *, events: list[str], actor: Actor, kind: str = Webhook.Kind.PROGRAM) -> tuple[Webhook, str]:
    """A program that hears these events, with its secret."""
    made = add_webhook(
        form=secrets.token_hex(16), url=url, events=events, owner=member("manager", "mia"), actor=actor, kind=kind
    )
    return made, secret_of(made)


def token_of(person: Person, purpose: Purpose) -> str:
    """What stands in the link of a message that was sent to this person for this purpose."""
    return way_out(person, purpose).address().rstrip("/").rpartition("/")[2]
