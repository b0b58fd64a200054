"""Two tables walked side by side: every case that they decide by rows that differ, and how many. Used by `diff` and
`statute`.

Both are laid over the cases they have in common and merged into one list of rows, in which a row that is the same in
both stands once and an edited one twice, once for each side. A branch of the walk in which no edited row is left alive
is decided alike on both sides and is not entered, so only the region of the edits is walked.
"""

from returns.rules.pairs.parting import Parting, part
from returns.rules.pairs.regions import Differs, Pair, Region

__all__ = ["Differs", "Pair", "Parting", "Region", "part"]
