"""Work: one queue, one conversation, one due time. A return is a ticket with goods, money and a verdict."""
