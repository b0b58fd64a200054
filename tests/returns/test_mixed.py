"""Several items in one request (R-100): the worked table of docs/rules.md, from the request to the refund, through the
real actions; and the cases a table does not show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event
from customers.actions.promises import make_promise
from customers.models import Order, Shipment
from returns import policy
from returns.actions.decision import approve_return
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.shipping import enter_tracking
from returns.actions.submission import Item, submit_return
from returns.actions.verdicts import decide_as_told, standing
from returns.models import CarrierClaim, FreightEntry, RefundComponent, Rejection, Return
from returns.rules.reasons import reasons
from tests.world import a_sku, an_order, customer, staff

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
NAMES = {
    "goods": "goods", "outbound_freight": "outbound", "free_shipping_lost": "free delivery lost",
    "return_freight": "way back",
}  # fmt: skip


def worked() -> list[list[str]]:
    """The lines of the table that begins with the column "order"."""
    table = PAGE.split("| order | asked for |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def the_order(text: str) -> tuple[Order, dict[str, int]]:
    """An order as the table writes it, and the line id of each letter."""
    goods = re.findall(r"\b([A-Z])(\*?) (\d+)(?:x(\d+))?", text)
    freight = int(found[1]) * 100 if (found := re.search(r"freight (\d+)", text)) else 0
    fields: dict[str, object] = {"has_freight_insurance": "insured" in text}
    if found := re.search(r"free from (\d+)", text):
        fields |= {"free_shipping": "conditional", "free_shipping_above_minor": int(found[1]) * 100}
    skus = [(a_sku(title=f"件 {letter}", price=int(price) * 100), int(count or 1)) for letter, _, price, count in goods]
    order = an_order(skus=skus, freight=freight, **fields)  # type: ignore[arg-type]
    lines = {letter: line for (letter, *_), line in zip(goods, order.lines.order_by("id"), strict=True)}
    for letter, star, *_ in goods:
        if star:
            lines[letter].is_gift = True
            lines[letter].save(update_fields=["is_gift"])
    if found := re.search(r"((?:agreed|promised)_\w+) (\w+)", text):
        terms = {found[1]: True if found[2] == "yes" else found[2]}
        make_promise(order.person_id, text="如约", order_id=order.pk, terms=terms, actor=staff())
    return order, {letter: line.pk for letter, line in lines.items()}


def asked(order: Order, ids: dict[str, int], text: str, kind: str = "return") -> Return:
    items = [Item(ids[letter], 1, reason) for letter, reason in re.findall(r"\b([A-Z]) ([a-z_.]+)", text)]
    return submit_return(order.pk, items, kind=kind, actor=customer(order))


def settled(ret: Return, text: str) -> dict[str, int]:
    """All units come back and are accepted; what is paid back by component, in yuan."""
    laid_out = int(re.search(r"(\d+) laid out", text)[1]) * 100  # type: ignore[index]
    approve_return(ret.pk, actor=staff())
    enter_tracking(
        ret.pk, carrier="SF", number=f"SF{ret.pk:013d}", freight_told_minor=laid_out, actor=customer(ret.order)
    )
    lines = list(ret.lines.all())
    receive_goods(ret.pk, {line.pk: line.quantity for line in lines}, key="count", actor=staff("warehouse"))
    findings = [Finding(line.pk, line.quantity, True, "intact", "restock") for line in lines]
    inspect_goods(ret.pk, findings, actor=staff("warehouse"))
    sums: dict[str, int] = {}
    for each in RefundComponent.objects.filter(refund__of=ret).order_by("id"):
        sums[NAMES[each.kind]] = sums.get(NAMES[each.kind], 0) + abs(each.amount_minor) // 100
    return sums


def bearer(ret: Return, leg: str) -> str:
    return FreightEntry.objects.get(of=ret, leg=leg).payer


@pytest.mark.parametrize("row", worked(), ids=lambda row: f"{row[0]}: {row[1]}")
def test_r_100_r_101_worked_row(row: list[str]) -> None:
    what, wish, each_line, parcel, paid = row
    order, ids = the_order(what)
    ret = asked(order, ids, wish)
    letters = re.findall(r"\b([A-Z]) [a-z_.]+", wish)
    told = [
        f"{letter} {verdict.outcome['outbound_leg_payer']} / {verdict.outcome['return_leg_payer']}"
        for letter, verdict in zip(letters, standing(ret), strict=True)
    ]
    assert ", ".join(told) == each_line
    assert bearer(ret, "return") == parcel
    wanted = {name: int(sum_) for name, sum_ in re.findall(r"([a-z ]+?) (\d+)", paid)}
    assert settled(ret, wish) == {name.strip(): sum_ for name, sum_ in wanted.items()}


def test_the_table_is_there() -> None:
    assert len(worked()) >= 14


def test_insurance_is_named_for_each_line_and_moves_no_leg() -> None:
    order, ids = the_order("A 100, B 60, insured")
    ret = asked(order, ids, "A flaw, B preference")
    assert all("insurer_payout" in verdict.outcome["remedies"] for verdict in standing(ret))


@pytest.mark.parametrize(
    ("wish", "due"),
    [
        ("A preference", True),  # all bought goods go, the gift stays
        ("A flaw", False),  # never on a return for a fault
        ("A preference, G preference", False),  # the gift comes too
    ],
)
def test_a_gift_that_stays(wish: str, due: bool) -> None:
    order, ids = the_order("A 100, G* 0")
    ret = asked(order, ids, wish)
    assert ("gift_back" in standing(ret)[0].outcome["remedies"]) is due


def test_a_gift_stays_while_other_goods_are_kept() -> None:
    order, ids = the_order("A 100, B 60, G* 0")
    first = asked(order, ids, "A preference")
    assert "gift_back" not in standing(first)[0].outcome["remedies"]
    last = asked(order, ids, "B preference")
    assert "gift_back" in standing(last)[0].outcome["remedies"]


def test_a_refused_parcel_with_one_good_reason_travels_back_at_the_shops_cost() -> None:
    order, ids = the_order("A 100, B 60, freight 16")
    order.shipments.update(status="refused", signed_at=None)
    ret = submit_return(
        order.pk,
        [Item(ids["A"], 1, "wrong_item.size"), Item(ids["B"], 1, "refused_without_reason")],
        kind="return",
        actor=staff(),
    )
    assert [v.outcome["return_leg_payer"] for v in standing(ret)] == ["shop", "buyer"]
    assert bearer(ret, "return") == "shop"


def test_a_refused_parcel_without_any_is_the_customers() -> None:
    order, ids = the_order("A 100, B 60, freight 16")
    order.shipments.update(status="refused", signed_at=None)
    ret = asked(order, ids, "A refused_without_reason, B refused_without_reason")
    assert (bearer(ret, "outbound"), bearer(ret, "return")) == ("buyer", "buyer")


def test_a_lost_parcel_has_no_way_back_and_opens_one_claim_for_all_of_it() -> None:
    order, ids = the_order("A 100, B 60, freight 16")
    order.status = Order.Status.SHIPPED
    order.save(update_fields=["status"])
    order.shipments.update(status="lost_suspected", signed_at=None)
    ret = asked(order, ids, "A carrier_loss, B carrier_loss")
    assert [v.outcome["remedies"][0] for v in standing(ret)] == ["refund_only", "refund_only"]
    assert (bearer(ret, "outbound"), bearer(ret, "return")) == ("shop", "not_applicable")
    assert CarrierClaim.objects.get(of=ret).amount_minor == 16_000


def test_a_claim_is_about_the_parcel_that_met_with_trouble() -> None:
    """It named the one sent last, and on Postgres one that had not been sent at all."""
    order, ids = the_order("A 100, B 60, freight 16")
    lost = order.shipments.get()
    order.shipments.update(status="lost_suspected", signed_at=None)
    Shipment.objects.create(
        order=order, carrier="ZTO", number="75000000000002", status="signed", shipped_at=clock.now()
    )
    Shipment.objects.create(order=order, carrier="YTO", number="YT5000000000003")
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED)
    assert CarrierClaim.objects.get(of=asked(order, ids, "A carrier_loss")).shipment == lost


CARRIER_REASONS = [reason.code for reason in reasons().values() if reason.cause == "carrier"]


@pytest.mark.parametrize("reason", CARRIER_REASONS)
def test_r_21_what_the_carrier_did_opens_one_claim_whatever_is_judged_after(reason: str) -> None:
    order, ids = the_order("A 100, B 60")
    if reason == "carrier_loss":
        Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED)
        order.shipments.update(status="lost_suspected", signed_at=None)
    ret = asked(order, ids, f"A {reason}")
    claim, parcel = CarrierClaim.objects.get(of=ret), order.shipments.get()
    assert (claim.reason, claim.amount_minor, claim.currency) == (reason, 10_000, "CNY")
    assert (claim.shipment, claim.carrier, claim.number) == (parcel, parcel.carrier, parcel.number)
    assert claim.due_at - claim.opened_at == policy.CARRIER_ANSWERS
    for _second_verdict in range(2):
        outcomes = decide_as_told(ret, actor=staff(), at=clock.now())
        assert outcomes[0].outcome["carrier_claim"] is True
    assert CarrierClaim.objects.get(of=ret) == claim
    assert Event.objects.filter(name="claim.opened", subject_id=ret.pk).count() == 1


def test_there_are_carrier_reasons() -> None:
    assert len(CARRIER_REASONS) >= 7


def test_a_second_open_claim_of_a_return_is_refused_by_the_database() -> None:
    order, ids = the_order("A 100")
    claim = CarrierClaim.objects.get(of=asked(order, ids, "A carrier_damage"))
    claim.pk = None
    with pytest.raises(IntegrityError, match=r"one_open_claim_per_return|UNIQUE"), transaction.atomic():
        claim.save()
    CarrierClaim.objects.update(status=CarrierClaim.Status.REFUSED)
    claim.save()  # a settled one is no hindrance
    assert CarrierClaim.objects.count() == 2


def test_r_100_an_exchange_for_two_causes_is_sent_at_the_shops_cost() -> None:
    order, ids = the_order("A 100, B 60")
    ret = asked(order, ids, "A wrong_item.size, B wrong_choice.size", kind="exchange")
    assert [v.outcome["replacement_leg_payer"] for v in standing(ret)] == ["shop", "buyer"]
    assert (bearer(ret, "return"), bearer(ret, "replacement")) == ("shop", "shop")


def test_inspection_that_finds_no_fault_hands_the_parcel_back_to_the_customer() -> None:
    order, ids = the_order("A 100, B 60, freight 16")
    ret = asked(order, ids, "A flaw, B preference")
    assert bearer(ret, "return") == "shop"
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number="SF0000000000001", freight_told_minor=1_200, actor=customer(order))
    lines = list(ret.lines.order_by("id"))
    receive_goods(ret.pk, {line.pk: 1 for line in lines}, key="count", actor=staff("warehouse"))
    findings = [
        Finding(lines[0].pk, 1, True, "intact", "restock", note="未发现瑕疵", found_cause="buyer"),
        Finding(lines[1].pk, 1, True, "intact", "restock"),
    ]
    inspect_goods(ret.pk, findings, actor=staff("warehouse"))
    assert bearer(ret, "return") == "buyer"
    assert not RefundComponent.objects.filter(refund__of=ret, kind__in=["return_freight", "outbound_freight"]).exists()


def test_less_of_the_first_delivery_is_said_with_its_reason_although_another_item_keeps_the_parcel_the_shops() -> None:
    order, ids = the_order("A 100, B 60, freight 16")
    ret = asked(order, ids, "A flaw, B flaw")
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number="SF0000000000002", freight_told_minor=1_200, actor=customer(order))
    lines = list(ret.lines.order_by("id"))
    receive_goods(ret.pk, {line.pk: 1 for line in lines}, key="count", actor=staff("warehouse"))

    def found(note: str) -> list[Finding]:
        return [
            Finding(lines[0].pk, 1, True, "intact", "restock", note=note, found_cause="buyer"),
            Finding(lines[1].pk, 1, True, "intact", "restock"),
        ]

    with pytest.raises(BadInput):
        inspect_goods(ret.pk, found(""), actor=staff("warehouse"))
    inspect_goods(ret.pk, found("未发现瑕疵"), actor=staff("warehouse"))
    assert Rejection.objects.get(of=ret).reason == "未发现瑕疵"
    assert bearer(ret, "return") == "shop"
    paid = dict(RefundComponent.objects.filter(refund__of=ret).values_list("kind", "amount_minor"))
    assert paid["outbound_freight"] == 600
