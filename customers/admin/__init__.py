"""The office's pages of the archive: orders, people and promises to read; shops, goods and stock to enter. Found by the admin."""

from customers.admin import (  # noqa: F401  register their pages
    archive,
    care,
    gifts,
    goods,
    imports,
    referrals,
    segments,
    shops,
    testimonials,
    tiers,
    tracking,
)
