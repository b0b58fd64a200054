"""How the work that falls due is doing, what needs a person, and what somebody stopped: the page `/office/operations/`."""
