"""The life of a version of the rules: begun, saved, submitted, approved by somebody else, published, retired."""

from returns.actions.rulebook.drafting import discard_draft, save_draft, start_draft

__all__ = ["discard_draft", "save_draft", "start_draft"]
