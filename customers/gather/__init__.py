"""Reads that several actions and pages of the archive need: whose occasion it is, and what stands against a message."""
