"""Mail on its way to a ticket: kept, placed by rules, placed by hand; and how a reply leaves."""
