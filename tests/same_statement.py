"""A prepared question that a test asks is also built anew: the statement that was kept must be the same, value by value.

The first few times that a statement is asked with in a process: building it takes ten times what its answer takes, and pages
of seven thousand tests ask for the session alone some ten thousand times.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from aftersales.kernel import prepared as kernel
from aftersales.kernel.actor import Actor

_TIMES = 12


def watch() -> None:
    """From now on, in this process. With the values as they are: `IN` names what is there twice only once."""
    later, seen = kernel.prepared.later, Counter[Any]()

    def compared(self: kernel.prepared[..., Any], *shape: Any, **values: Any) -> kernel.Later[Any]:
        kept_at_all = not any(isinstance(each, Actor) and each.orders for each in shape)
        keys = all(
            type(value) is not int or value <= kernel._LARGEST for value in values.values()
        )  # else nothing is asked
        if not kept_at_all or not keys:
            return later(self, *shape, **values)
        asked_with = self.ask, shape, kernel.kinds_of(values)
        seen[asked_with] += 1
        if seen[asked_with] > _TIMES:
            return later(self, *shape, **values)
        kept = kernel.question_of(*asked_with)
        asked = self.ask(*shape, **values)
        sql, params = asked if isinstance(asked, kernel.Plain) else kernel.in_sql(kernel.compiler_of(asked))
        told, anew = kept.told(values), (sql, [getattr(each, "adapted", each) for each in params])
        assert told == anew, (f"{self.ask.__qualname__} is not always the same", shape, values, told, anew)
        return later(self, *shape, **values)

    kernel.prepared.later = compared  # type: ignore[method-assign]
