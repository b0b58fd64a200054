"""Service levels in the office: a policy in words and in versions, and a change that is looked at before it is saved."""
