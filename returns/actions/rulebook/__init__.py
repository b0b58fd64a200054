"""The life of a version of the rules: begun, saved, submitted, approved by somebody else, published, retired."""

from returns.actions.rulebook.approving import approve, send_back
from returns.actions.rulebook.drafting import discard_draft, save_draft, start_draft
from returns.actions.rulebook.publishing import publish, retire
from returns.actions.rulebook.submitting import submit, take_back, withdraw

__all__ = [
    "approve",
    "discard_draft",
    "publish",
    "retire",
    "save_draft",
    "send_back",
    "start_draft",
    "submit",
    "take_back",
    "withdraw",
]
