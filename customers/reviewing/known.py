"""What the shop knows of the customer behind a review, for the guard to look for. Filled by `customers.actions.reviews`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Texts as the archive holds them; empty and masked ones (`王*`, `138****5678`) are no trouble.

    `said` is the review itself: a city or a word that the customer wrote in public is no secret any more.
    """

    names: tuple[str, ...] = ()
    nicks: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # cities and districts
    streets: tuple[str, ...] = ()  # street and house as one line
    orders: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    said: str = ""
