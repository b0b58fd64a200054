"""Follow-up visits from plan to outcome: planned by what happened, due at a time, made by somebody or answered in writing.

In prose: docs/visits.md.
"""
