"""The office's pages of work: tickets, complaints and visits to read; what work is arranged by, to set. Found by the admin."""

from tickets.admin import arranging, complaints, phrases, sources, tickets, visits  # noqa: F401  register their pages
