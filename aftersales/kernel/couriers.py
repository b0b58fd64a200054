"""The couriers parcels travel with: one code of ours each, and its name in words. Asked by forms and by pages that show a parcel.

The codes are those of 快递鸟, which most exports carry; a courier that is not here is kept and shown as it was written.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

COURIERS: dict[str, str | Promise] = {
    "SF": pgettext_lazy("courier", "SF Express"),
    "ZTO": pgettext_lazy("courier", "ZTO Express"),
    "YTO": pgettext_lazy("courier", "YTO Express"),
    "STO": pgettext_lazy("courier", "STO Express"),
    "YD": pgettext_lazy("courier", "Yunda Express"),
    "JTSD": pgettext_lazy("courier", "J&T Express"),
    "JD": pgettext_lazy("courier", "JD Logistics"),
    "DBL": pgettext_lazy("courier", "Deppon Express"),
    "YZPY": pgettext_lazy("courier", "China Post parcel"),
    "EMS": pgettext_lazy("courier", "EMS"),
}
OTHER = "OTHER"


def courier_name(code: str) -> str:
    """The courier in words; what is no code of ours stays as it is."""
    return str(COURIERS.get(code, code))
