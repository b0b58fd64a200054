"""Reviews: take them in, answer them in public past the guard, or leave them. Called by the desk and the importer."""

from customers.actions.reviews.adding import ReviewFacts, add_review, store_review
from customers.actions.reviews.known import known_of
from customers.actions.reviews.passing import pass_review, resume_review
from customers.actions.reviews.refusals import PrivateReply
from customers.actions.reviews.replying import LONGEST_REPLY, publish_reply, withdraw_reply, write_reply

__all__ = [
    "LONGEST_REPLY",
    "PrivateReply",
    "ReviewFacts",
    "add_review",
    "known_of",
    "pass_review",
    "publish_reply",
    "resume_review",
    "store_review",
    "withdraw_reply",
    "write_reply",
]
