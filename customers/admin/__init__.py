"""The office's pages of the archive: orders, people and promises to read; shops, goods and stock to enter. Found by the admin."""

from customers.admin import archive, care, gifts, goods, imports, referrals, segments, shops, tiers, tracking  # noqa: F401  register their pages
