"""The words of notices in the office: every text in both languages, and a manager's own versions of them."""
