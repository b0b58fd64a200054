"""Random valid cases over the whole vocabulary, with many at the edges where rules change."""

import random
from typing import Any

from returns.rules.facts import Fact, validate, vocabulary

EDGES = (0, 1, 2, 5, 6, 7, 8, 9, 14, 15, 16, 30, 31, 36, 90, 91, 184, 185, 365, 366, 730, 731)
MONEY = (0, 1, 99, 1000, 4999, 16_667, 50_000, 123_457)


def random_cases(count: int, seed: int) -> list[dict[str, Any]]:
    """So many complete cases. Each fact is left at its default in about half of them."""
    rnd = random.Random(seed)
    words = list(vocabulary().values())
    return [validate(_case(rnd, words)) for _ in range(count)]


def _case(rnd: random.Random, words: list[Fact]) -> dict[str, Any]:
    plain = rnd.random()  # some cases are ordinary, some wild
    said = {fact.name: _value(rnd, fact) for fact in words if fact.default is None or rnd.random() > plain}
    for fact in words:
        if fact.required_when:
            said.setdefault(fact.name, _value(rnd, fact))
    return said


def _value(rnd: random.Random, fact: Fact) -> Any:
    if fact.values:
        return rnd.choice(list(fact.values))
    if fact.kind == "bool":
        return rnd.random() < 0.5
    if fact.kind == "date":
        return f"2026-{rnd.randint(1, 12):02d}-{rnd.randint(1, 28):02d}" if rnd.random() < 0.5 else ""
    if fact.kind == "zone":
        return rnd.choice(("", "Asia/Shanghai", "America/Argentina/Buenos_Aires"))
    if rnd.random() < 0.7:
        return min(max(rnd.choice(MONEY if fact.kind == "money" else EDGES), fact.lo), fact.hi)
    return rnd.randint(fact.lo, fact.hi)
