"""Prove an order without an account: by a code sent to the contact on file, by the parcel card, by a link from the shop.

Called by the portal and the API. What does not fit is always the one refusal `NotProven`, after the same work, whether
the order exists or not; too many tries are `TooMany` with `retry_after`. None of these functions may be called inside a
transaction of the caller: a refused try must stay on record.
"""

from customers.actions.proof.claims import check_claim, give_claim_codes
from customers.actions.proof.codes import check_code, request_code
from customers.actions.proof.links import make_link, use_link
from customers.actions.proof.outcome import LinkExpired, NotProven

__all__ = [
    "LinkExpired",
    "NotProven",
    "check_claim",
    "check_code",
    "give_claim_codes",
    "make_link",
    "request_code",
    "use_link",
]
