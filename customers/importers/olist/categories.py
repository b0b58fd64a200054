"""Olist's Portuguese categories in Chinese and English, with the goods class and exclusion that the rules ask for."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from customers.actions.importing.shapes import CategoryFacts


@dataclass(frozen=True, slots=True)
class Known:
    """A category, and the exclusion from the no-reason return that its goods have by their kind (R-32)."""

    facts: CategoryFacts
    exclusion: str = "none"


_NO_CATEGORY = Known(CategoryFacts(code="olist:none", name_zh="未分类", name_en="No category"))


@functools.cache
def _categories() -> dict[str, Known]:
    """`categories.csv`: an exclusion stands there only where the kind decides it, not the state of the single piece."""
    with (Path(__file__).parent / "categories.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Known(
                CategoryFacts(
                    code=f"olist:{row['code']}",
                    name_zh=row["zh"],
                    name_en=row["en"],
                    goods_class=row["goods"],
                    warranty_days=int(row["warranty_days"]),
                    dated=row["dated"] == "yes",
                ),
                row["exclusion"],
            )
            for row in csv.DictReader(file)
        }


def category_of(code: str) -> Known:
    """The category of that code; one that is not in the table keeps its own name in both languages."""
    if not code:
        return _NO_CATEGORY
    named = CategoryFacts(code=f"olist:{code}"[:60], name_zh=code, name_en=code.replace("_", " "))
    return _categories().get(code) or Known(named)
