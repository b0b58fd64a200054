"""The office's pages of returns: everything about one return to read, and nothing to change. Found by the admin."""

from returns.admin import kept, pages  # noqa: F401  register them
