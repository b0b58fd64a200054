"""NumPy, asked for only when many cases are decided at once: single decisions, proofs and pages work without it."""

from functools import cache
from types import ModuleType


class NoNumPy(ImportError):
    """Batches and back-tests need NumPy, and it is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Batches and back-tests need NumPy, which is not installed: pip install -r requirements/base.txt"
        )


@cache
def numpy() -> ModuleType:
    """The module. Raises NoNumPy, which says how to install it."""
    try:
        import numpy as np
    except ImportError:
        raise NoNumPy from None
    return np
