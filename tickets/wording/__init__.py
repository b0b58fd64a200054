"""Look a reply over before it is sent: pure, text and word lists in, findings out. No model, no clock, no language of a page."""

from tickets.wording.checking import APOLOGY, HOLE, Finding, Term, apologises, look_over

__all__ = ["APOLOGY", "HOLE", "Finding", "Term", "apologises", "look_over"]
