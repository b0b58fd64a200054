"""The words of the rule tables that are not facts: what the tables ask each other. Used by `rulebook`.

Facts, remedies and sources bring their own words (`returns.rules`); a code that is missing here stands for itself.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LAYERS: dict[int, Promise] = {
    0: _("law"),
    1: _("contract or special policy"),
    2: _("general policy"),
    3: _("otherwise"),
}
MARKS: dict[str, Promise] = {
    "verified": _("full text read"),
    "excerpt": _("quoted elsewhere"),
    "practice": _("usual practice"),
    "unverified": _("not verified"),
}
COLUMNS: dict[str, Promise] = {
    "fault": _("cause lies with"),
    "carrier_claim": _("claim against the carrier"),
    "withdrawal": _("no-reason return"),
    "guarantee": _("guarantee"),
    "remedies": _("what is due"),
    "remedy": _("remedy"),
    "payer": _("paid by"),
    "due": _("is due"),
    "days": _("days"),
    "counted_from": _("counted from"),
    "party": _("whose duty"),
    "duty": _("binding"),
    "matter": _("what it is about"),
    "window": _("return window"),
    "extra": _("on top"),
    "clock": _("period"),
    "carrier_side": _("carrier chosen by"),
    "outbound_terms": _("terms of the first delivery"),
    "pledge_outbound": _("agreed on the first delivery"),
    "pledge_return": _("agreed on the way back"),
    "pledge_replacement": _("agreed on the replacement"),
}
_PARTIES: dict[str, Promise] = {
    "shop": _("the shop"),
    "buyer": _("the customer"),
    "carrier": _("the carrier"),
    "manufacturer": _("the maker"),
    "shared": _("both"),
    "split": _("half each"),
    "undetermined": _("cannot be told"),
    "not_applicable": _("no such leg"),
    "nobody": _("nobody"),
    "none": _("none"),
}
_PLEDGES: dict[str, Promise] = {
    "none": _("nothing agreed"),
    "promise": _("the shop's promise"),
    "settled_shop": _("settled: the shop"),
    "settled_buyer": _("settled: the customer"),
    "settled_split": _("settled: half each"),
    "terms_shop": _("by the terms: the shop"),
    "terms_buyer": _("by the terms: the customer"),
    "terms_split": _("by the terms: half each"),
}
VALUES: dict[str, dict[str, Promise]] = {
    "fault": _PARTIES,
    "payer": _PARTIES,
    "party": _PARTIES,
    "carrier_side": _PARTIES,
    "pledge_outbound": _PLEDGES,
    "pledge_return": _PLEDGES,
    "pledge_replacement": _PLEDGES,
    "outbound_terms": {
        "free": _("free"),
        "paid": _("paid by the customer"),
        "broken": _("free above a minimum that is no longer reached"),
    },
    "window": {
        "law": _("within the law's seven days"),
        "promise": _("within the promised days"),
        "platform": _("within the platform's days"),
        "over": _("over"),
    },
    "withdrawal": {
        "yes": _("applies"),
        "excluded": _("excluded"),
        "late": _("too late"),
        "not_intact": _("goods not intact"),
    },
    "guarantee": {
        "choice": _("return, exchange or repair, as the customer chooses"),
        "exchange_repair": _("exchange or repair"),
        "repair": _("free repair"),
        "exchange_due": _("exchange due"),
        "return_exchange_due": _("return or exchange due"),
        "quality_return": _("return for a fault"),
        "later": _("later than that"),
        "paid": _("outside the free warranty"),
        "expired": _("guarantee over"),
    },
    "clock": {
        "no_reason_return": _("no-reason return"),
        "shop_decision": _("the shop's decision"),
        "unshipped_refund": _("refund before dispatch"),
        "send_back": _("sending back"),
        "refund": pgettext_lazy("period", "refund"),
        "deliberate_delay": _("delay counts as deliberate"),
    },
    "counted_from": {
        "receipt": _("signing for the goods"),
        "request": _("the request"),
        "agreement": _("the agreement"),
        "goods_back": _("the goods' return"),
        "nothing": _("not counted"),
    },
    "matter": {
        "address": _("wrong address"),
        "advice": _("wrong advice"),
        "agreement": _("an agreement"),
        "counterfeit": _("suspected counterfeit"),
        "courier": _("the courier's conduct"),
        "damage": _("damage on the way"),
        "delay": _("late dispatch"),
        "delivery": _("delivery not done properly"),
        "described": _("not as described"),
        "dispatch": _("not dispatched in time"),
        "expired": _("past or near its date"),
        "loss": _("lost on the way"),
        "missing": _("parts missing"),
        "misuse": _("damage in use"),
        "no_reason": _("no reason needed"),
        "price": _("price fell"),
        "price_promise": _("price promise"),
        "promise": _("broken promise"),
        "quality": _("fault of the goods"),
        "recall": _("recall"),
        "refusal": _("parcel refused"),
        "short": _("too few arrived"),
        "size": _("size does not fit"),
        "unclear": _("unclear"),
        "unqualified": _("found substandard by the authority"),
        "used": _("looks used"),
        "wrong": _("wrong goods"),
    },
}
