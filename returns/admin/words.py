"""Codes of the rules in the reader's words, for the office's pages; and the words the archive's pages may offer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import reads_chinese
from customers.admin.goods import CategoryPage, ProductPage
from customers.admin.shops import ShopPage
from returns import providers
from returns.rules import reasons
from returns.rules.facts import vocabulary
from returns.rules.pack import load_pack, shipped
from returns.rules.verdict import REMEDIES

PAYERS = {
    "shop": _("the shop"),
    "buyer": _("the customer"),
    "split": _("half each"),
    "not_applicable": _("not needed"),
}

# The archive stands below the rules and cannot ask them which words they know, so they tell it here.
ShopPage.offered |= {
    "rule_pack": lambda language: [(name, load_pack(name).title[language[:2]]) for name in shipped()],
    "refund_provider": lambda _language: [(name, name) for name in (providers.MANUAL, *providers.PROVIDERS)],
}


def _values_of(fact: str) -> Any:
    def choices(language: str) -> list[tuple[str, str]]:
        known = vocabulary()[fact]
        return [(value, known.value_label(value, language)) for value in known.values]

    return choices


CategoryPage.offered |= {"goods_class": _values_of("goods")}
ProductPage.offered |= {"exclusion": _values_of("exclusion")}


def reason_label(code: str) -> str:
    """A reason in the reader's words; a code that a newer list dropped stands for itself."""
    known = reasons.reasons().get(code)
    return known.label(get_language() or "zh-hans") if known else code


def remedy_label(code: str) -> str:
    """A remedy in the reader's words."""
    zh = reads_chinese()
    return REMEDIES[code][0 if zh else 1] if code in REMEDIES else code
