"""Two entries of the archive that are one human being become one: `merge_people`, what it would move, and what came late."""

from customers.actions.merging.people import AlreadyMerged, ShopsOwn, merge_people, move_latecomers
from customers.actions.merging.preview import Preview, preview

__all__ = ["AlreadyMerged", "Preview", "ShopsOwn", "merge_people", "move_latecomers", "preview"]
