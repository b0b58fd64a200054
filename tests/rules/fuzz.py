"""Bad facts of every kind: what a form, a spreadsheet or another program may send instead of a case. Used by tests and
bench."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from returns.rules.facts import vocabulary
from tests.rules.valid import random_cases

LOOK_ALIKES = {"a": "а", "e": "е", "o": "о", "c": "с", "i": "і", "_": "＿"}  # Latin for Cyrillic and full-width letters
STRANGE: tuple[Any, ...] = (
    None, "", " ", "null", "None", "NaN", "true", "True", "yes", "是", "0", "3", "3.0", "１２", "-1", "1e3", 0, -1, 3.0, 0.5,
    float("nan"), float("inf"), 10**30, -(10**30), True, False, [], {}, [3], {"value": 3}, (1, 2), b"flaw", 1 + 2j, object,
    "x" * 5_000, "\ud800", "\x00", "2026-13-45", "20260101", "２０２６-０１-０１", "2026-01-01T00:00",
    "'; DROP TABLE--", "{{ x }}",
)  # fmt: skip


def bad_cases(count: int, seed: int) -> Iterator[Any]:
    """So many cases, each with one to three things wrong in it; now and then something that is no case at all."""
    rnd = random.Random(seed)
    for facts in random_cases(count, seed):
        case: Any = dict(facts)
        if rnd.random() < 0.5:  # a sparse case, as a form sends it
            case = {name: value for name, value in case.items() if rnd.random() < 0.2 or name == "reason"}
        for _ in range(rnd.randint(1, 3)):
            if isinstance(case, dict) and case:
                case = rnd.choice(WAYS)(rnd, case)
        yield case


def _strange_value(rnd: random.Random, case: dict[Any, Any]) -> Any:
    return {**case, rnd.choice(list(case)): rnd.choice(STRANGE)}


def _typo(rnd: random.Random, case: dict[Any, Any]) -> Any:
    name = rnd.choice(list(case))
    text = case[name] if isinstance(case[name], str) and rnd.random() < 0.5 else name
    if not isinstance(text, str) or not text:
        return {**case, rnd.choice(list(vocabulary())): "?"}
    place = rnd.randrange(len(text))
    wrong = rnd.choice([text[:place] + text[place + 1 :], text[:place] + "x" + text[place:], text.upper(), f" {text}"])
    if text is name:
        return {wrong if key == name else key: value for key, value in case.items()}
    return {**case, name: wrong}


def _as_text(rnd: random.Random, case: dict[Any, Any]) -> Any:
    name = rnd.choice(list(case))
    return {**case, name: str(case[name])}


def _out_of_range(rnd: random.Random, case: dict[Any, Any]) -> Any:
    fact = rnd.choice([fact for fact in vocabulary().values() if fact.kind in ("int", "money")])
    return {**case, fact.name: rnd.choice([fact.lo - 1, fact.hi + 1, -(2**63), 2**63, float(fact.hi)])}


def _missing(rnd: random.Random, case: dict[Any, Any]) -> Any:
    gone = rnd.choice(list(case))
    return {name: value for name, value in case.items() if name != gone}


def _look_alike(rnd: random.Random, case: dict[Any, Any]) -> Any:
    name = rnd.choice([key for key in case if isinstance(key, str)] or ["reason"])
    wrong = "".join(LOOK_ALIKES.get(letter, letter) for letter in name)
    return {**{key: value for key, value in case.items() if key != name}, wrong: case.get(name)}


def _strange_name(rnd: random.Random, case: dict[Any, Any]) -> Any:
    return {**case, rnd.choice([5, None, True, ("a",), "", "reason ", "__class__", "x" * 5_000]): 1}


def _nested(rnd: random.Random, case: dict[Any, Any]) -> Any:
    return rnd.choice([{"facts": case}, [case], {**case, "reason": {"reason": case}}, str(case), None, 7])


WAYS: tuple[Callable[[random.Random, dict[Any, Any]], Any], ...] = (
    _strange_value, _strange_value, _typo, _as_text, _out_of_range, _missing, _look_alike, _strange_name, _nested,
)  # fmt: skip
