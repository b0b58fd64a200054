"""A complaint from its receipt to what the shop learns of it, one step a file: apologise, hear, aim, fault, plan, recover,
prevent.

The order of the steps is held by `guards`; when the shop must act next is said by `due`. In prose: docs/complaints.md.
"""
