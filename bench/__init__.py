"""Measurements against the targets of the rules; run by hand, not by `make test`."""
