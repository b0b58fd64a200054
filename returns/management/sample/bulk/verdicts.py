"""What the rules say about the sample's cases: the real engine, asked once per kind of case and remembered as JSON.

A million verdicts are two thousand texts of seven kilobytes. So a row keeps the number of its text while rows are made,
and the database puts rows and texts together at the end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from returns.management.sample.bulk.archive import Basket
from returns.management.sample.bulk.writer import Aside
from returns.models import Verdict
from returns.models.request import WISH_OF_KIND
from returns.rules.pack import load_pack
from returns.rules.replay import sealed

_OF_A_LINE = ("line", "stage", "decided_at", "superseded")
_OF_A_TEXT = ("pack", "pack_version", "pack_sha256", "semantics", "facts", "outcome")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One verdict: the number of its text, and what the case needs to know of it."""

    text: int
    remedies: list[str]
    legs: dict[str, str]
    carrier_claim: bool


class Judge:
    """Every case of the sample asks on day three, so that a million of them are a few hundred different verdicts."""

    def __init__(self) -> None:
        self._pack = load_pack("cn")
        self._known: dict[tuple[Any, ...], Spoken] = {}
        self.verdicts = Aside(Verdict, "sample_verdict", _OF_A_LINE, also="text")
        self.texts = Aside(Verdict, "sample_text", _OF_A_TEXT)

    def says(self, basket: Basket, *, reason: str, kind: str, found: bool) -> Spoken:
        """The verdict on the request, or, with `found`, on the goods that came back intact."""
        article = basket.article.facts
        goods_class = article.category.goods_class if article.category else "general"
        key = (goods_class, article.exclusion, basket.goods, basket.freight > 0, reason, kind, found)
        if key not in self._known:
            self._known[key] = self._ask(basket, goods_class, reason=reason, kind=kind, found=found)
        return self._known[key]

    def put_together(self) -> None:
        """Write the verdicts, once all rows and texts are in the database."""
        lines, texts = self.verdicts, self.texts
        names = ", ".join(f'"{column}"' for column in (*lines.columns[:-1], *texts.columns[1:]))
        taken = ", ".join(
            [f'l."{name}"' for name in lines.columns[:-1]] + [f't."{name}"' for name in texts.columns[1:]]
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{Verdict._meta.db_table}" ({names}) SELECT {taken}'  # noqa: S608  the model's own names
                f' FROM "{lines.name}" l JOIN "{texts.name}" t ON t.id = l.text ORDER BY l.id'
            )
        lines.drop()
        texts.drop()

    def _ask(self, basket: Basket, goods_class: str, *, reason: str, kind: str, found: bool) -> Spoken:
        facts: dict[str, Any] = {
            "reason": reason,
            "wish": WISH_OF_KIND[kind],
            "stage": "delivered",
            "days_since_receipt": 3,
            "intact": True,
            "proof_given": True,
            "outbound_freight": "paid" if basket.freight else "free",
            "line_paid": basket.goods,
            "exclusion": basket.article.facts.exclusion,
            "goods": goods_class,
            "shop_province": "zhejiang",
        }
        if kind == "exchange":
            facts |= {"price_difference": "none", "same_model_available": True}
        if found:
            facts |= {"goods_with": "shop", "days_since_goods_back": 1}
        outcome = sealed(self._pack.decide(facts).as_dict(), pack=self._pack)
        text = self.texts.add(
            outcome["pack"], str(outcome["version"]), outcome["sha256"], str(outcome["semantics"]),
            json.dumps(outcome["facts"], ensure_ascii=False), json.dumps(outcome, ensure_ascii=False),
        )  # fmt: skip
        return Spoken(
            text,
            outcome["remedies"],
            {leg: outcome[f"{leg}_leg_payer"] for leg in ("outbound", "return", "replacement")},
            outcome["carrier_claim"],
        )
