"""The office's pages of returns: everything about one return to read, and nothing to change. Found by the admin."""

from returns.admin import pages  # noqa: F401  registers them
