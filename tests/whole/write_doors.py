"""Writes down what every door answers now. Run by `test_doors.py` with DOORS_WRITE=1; read the difference before you keep it."""

from __future__ import annotations

from pathlib import Path

from tests.whole.cast import CAST
from tests.whole.knocking import METHODS, Findings
from tests.whole.routes import routes

TABLE = Path(__file__).with_name("doors.toml")
_HEAD = """\
# Who gets through which door: every route of the resolver. tests/whole/test_doors.py fails on a route that is not here.
# An answer is one word for each of the cast, in this order; sets of answers have names, so that a row reads as a sentence.
#   in       the door opens (also: 400, 409, a redirect onward)
#   sign-in  to the staff's sign-in, or 401
#   prove    to the customer's start page
#   no       403, the role does not allow it
#   nothing  404, does not exist for them
#   method   405, the door knows no such method
"""


def write(found: dict[str, Findings], names: dict[str, str]) -> None:
    """The table anew, keeping the names of the sets that are still used."""
    rows = []
    used: dict[str, str] = {}
    for route in routes():
        sets = []
        for method in METHODS:
            answers = " ".join(found[who].answers[route, method] for who in CAST)
            name = names.get(answers) or used.get(answers) or f"set{len(used) + 1}"
            used[answers] = name
            sets.append(name)
        rows.append((route, *sets))
    lines = [_HEAD, f"cast = {list(CAST)}".replace("'", '"'), "", "[sets]"]
    lines += [f'{name} = "{answers}"' for answers, name in sorted(used.items(), key=lambda pair: pair[1])]
    lines += ["", "[doors]"]
    lines += [f'\'{route}\' = {{ GET = "{get}", POST = "{post}" }}' for route, get, post in rows]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
