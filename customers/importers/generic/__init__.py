"""The shop's own list: one row per order line, with the columns of docs/importing.md, in English or Chinese."""

from customers.importers.generic.source import GenericSource

__all__ = ["GenericSource"]
