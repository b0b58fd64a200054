"""A back-test's report in the reader's words, ready for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.money import Money
from aftersales.kernel.reader import labelled
from aftersales.office.ruletelling import fact, language, word
from returns.rules.facts import vocabulary
from returns.rules.verdict import LEGS

ITEMS: dict[str, Promise] = {
    "outbound": _("first delivery"),
    "return": _("way back"),
    "replacement": _("replacement"),
    "refund": _("refund of the goods"),
    "damages": _("damages"),
}
DIFFERS: dict[str, Promise] = {
    "remedies": _("what is due"),
    "extras": _("on top"),
    "fault": _("cause lies with"),
    "carrier_claim": _("claim against the carrier"),
    "payers": _("paid by"),
    "other_payers": _("freight of the other remedies"),
    "periods": _("periods"),
}
WHY: dict[str, Promise] = {
    "impossible": _("their facts contradict each other"),
    "unknown_fact": _("a fact is missing that the deciding rule asks for"),
    "gap": _("no rule decides them"),
}
SIDES: dict[str, Promise] = {"old": _("compared with"), "new": _("version to try")}


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of money: what it is, before, after, and the difference with its sign."""

    name: str
    before: str
    after: str
    difference: str
    is_more: bool
    is_less: bool


def told(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows, in the language of the reader."""
    return {
        "cases": report["cases"],
        "changed": report["changed"],
        "share": _share(report["changed"], report["cases"]),
        "domain": report["domain"],
        "tables": [
            {**each, "title": _title(report, each["table"]), "share": _share(each["points"], each["of"])}
            for each in report["domain"]["tables"]
        ],
        "lost": sum(each["cases"] for each in report["cannot_say"]),
        "cannot_say": [
            {
                "why": WHY[each["why"]],
                "about": _title(report, each["about"]),
                "side": SIDES[each["version"]],
                "cases": each["cases"],
            }
            for each in report["cannot_say"]
        ],
        "matrix": _matrix(report["matrix"]),
        "changes": [_change(each) for each in report["transitions"]],
        "money": [_currency(currency, sums) for currency, sums in report["money"].items()],
        "fees": report["fees"],
        "assumed": ", ".join(
            dict.fromkeys(str(Money(report["fees"]["assumed_minor"][leg], _first(report))) for leg in LEGS)
        ),
        "never_hit": [(_title(report, table), rows) for table, rows in report["never_hit"].items()],
        "not_counted": report["not_counted"][language()],
        "since": report.get("since", ""),
    }


def _matrix(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows are the first remedy before, columns after."""
    names = list(dict.fromkeys(name for pair in pairs for name in (pair["before"], pair["after"])))
    cases = {(pair["before"], pair["after"]): pair["cases"] for pair in pairs}
    return {
        "columns": [word("remedy", name) for name in names],
        "rows": [
            (word("remedy", before), [(cases.get((before, after), 0), before != after) for after in names])
            for before in names
        ],
    }


def _change(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cases": change["cases"],
        "before": _headline(change["before"]),
        "after": _headline(change["after"]),
        "differs": [DIFFERS[name] for name in change["differs"]],
        "money": [_sum(currency, currency, sums) for currency, sums in change["money"].items()],
        "examples": [_example(each, next(iter(change["money"]), "CNY")) for each in change["examples"]],
    }


def _headline(words: Mapping[str, str]) -> dict[str, str]:
    travels = [labelled(ITEMS[leg], word("payer", words[leg])) for leg in LEGS if words[leg] != "not_applicable"]
    return {"remedy": word("remedy", words["remedy"]), "legs": " · ".join(travels) or "–"}


def _example(example: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "ref": example["ref"],
        "facts": [(fact(name), _value(name, value, currency)) for name, value in example["facts"].items()],
        **{side: example[side].get(language()) or [example[side].get("error", "")] for side in ("before", "after")},
    }


def _value(name: str, value: Any, currency: str) -> str:
    known = vocabulary()[name]
    return str(Money(value, currency)) if known.kind == "money" else known.value_label(value, language())


def _currency(currency: str, sums: Mapping[str, Any]) -> dict[str, Any]:
    items = [
        _sum(f"{ITEMS[line['item']]} · {word('payer', line['payer'])}", currency, line)
        for line in sums["items"]
        if line["before"] or line["after"]
    ]
    goods = vocabulary()["goods"]
    unknown = str(pgettext_lazy("backtest", "not known"))
    return {
        "currency": currency,
        "shop": _sum("", currency, sums["shop"]),
        "items": items,
        "goods": [
            _sum(goods.value_label(line["goods"], language()) if line["goods"] else unknown, currency, line)
            for line in sums["goods"]
        ],
        "months": [_sum(line["month"] or unknown, currency, line) for line in sums["months"]],
    }


def _sum(name: str, currency: str, line: Mapping[str, int]) -> Sum:
    difference = line["difference"]
    sign = "+" if difference > 0 else ""
    return Sum(
        name=name,
        before=str(Money(line["before"], currency)),
        after=str(Money(line["after"], currency)),
        difference=sign + str(Money(difference, currency)),
        is_more=difference > 0,
        is_less=difference < 0,
    )


def _first(report: Mapping[str, Any]) -> str:
    """The currency in which assumed fees are told: they are minor units of whatever a case is in."""
    return next(iter(report["money"]), "CNY")


def _title(report: Mapping[str, Any], table: str) -> str:
    """What a table is called; other words stand for themselves."""
    return str(report["titles"].get(table, {}).get(language(), table))


def _share(part: int, whole: int) -> str:
    if not whole:
        return "–"
    share = 100 * part / whole
    return f"{share:.2f}%" if not part or share >= 0.01 else "<0.01%"
