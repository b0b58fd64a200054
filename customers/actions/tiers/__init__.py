"""Tiers of customers: counted at night, told to staff, and the one a new shop starts with."""
