"""Role × endpoint × own, team's, another team's, nobody's: what teams.toml says, and no mark of a closed case anywhere else.

The addresses come from the resolver, so a new door is asked with the others. To add one that names a case: run with
DOORS_WRITE=1, read what changed in teams.toml, and commit it with the door.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.search.find import find
from aftersales.search.index import catch_up
from tests.whole.knocking import METHODS, knock, unwatched
from tests.whole.routes import path_of, routes
from tests.whole.teams import ASKERS, WHOSE, TeamWorld
from tests.world import member, staff
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = Path(__file__).with_name("teams.toml")
_HEAD = """\
# Who gets at whose case, where an address names one. An answer is a word of doors.toml for each of `asked`; a route is
# here when its address is another for another case. Teams are closed: `own` and `team` are cases of the asker's team,
# `other` of another, `nobody` of none; a program belongs to no team. Who sees all is asked about `other`.
# tests/whole/test_teams.py fails on a route that is missing here.
"""


@pytest.fixture(scope="module")
def world(standing: None) -> TeamWorld:
    made = TeamWorld()
    while catch_up():
        pass
    return made


@pytest.fixture(autouse=True)
def as_a_shop_is_run(settings: Any) -> None:
    settings.API_RATES = {"read": "100000/min", "write": "100000/min"}
    settings.MAILBOX = settings.DEMO = False


def named(world: TeamWorld) -> list[str]:
    """The routes whose address is another for each case."""

    def address(route: str, whose: str) -> str:
        world.show(whose)
        return path_of(route, world.names)

    return [route for route in routes() if address(route, "own") != address(route, "other")]


def answers(world: TeamWorld, who: str) -> dict[str, dict[str, str]]:
    """By route and method the answers for each case, in the order of `cases_of`."""
    chosen = named(world)
    found = []
    for whose in cases_of(who):
        world.show(whose)
        found.append(knock(world, who, only=set(chosen)).answers)
    return {route: {method: " ".join(each[route, method] for each in found) for method in METHODS} for route in chosen}


def cases_of(who: str) -> tuple[str, ...]:
    """Whoever sees all is asked about the case of a team that is not theirs; doors.toml has the answers of any other."""
    return WHOSE if ASKERS[who] else ("other",)


def test_whose_case_is_open_to_whom(world: TeamWorld) -> None:
    with open(TABLE, "rb") as file:
        table = tomllib.load(file)
    assert set(named(world)) == set(table["cases"]), "say in teams.toml who gets at whose case"
    wrong = []
    for who in ASKERS:
        got = answers(world, who)
        for route, row in table["cases"].items():
            for method in METHODS:
                wanted = table["sets"][row[method]][who]
                if got[route][method] != wanted:
                    wrong.append(f"{who} {method} {route}: {got[route][method]} instead of {wanted}")
    assert wrong == []


def test_the_table_closes_what_it_must() -> None:
    """Read for itself: whoever a team is closed to is never let in to another team's case that is not about the shop's order."""
    with open(TABLE, "rb") as file:
        table = tomllib.load(file)
    for route, row in table["cases"].items():
        for method in METHODS:
            for who in (each for each, is_closed in ASKERS.items() if is_closed):
                words = dict(zip(cases_of(who), table["sets"][row[method]][who].split(), strict=True))
                if words["other"] != words["own"]:
                    assert words["other"] == "nothing", (route, method, who)
                elif words["other"] == "in":
                    assert any(part in route for part in ("orders/<int:pk>", "orders/<int:order_id>", "orders/<int:key>")), (
                        "an order is the shop's; everything else of another team is closed", route, method,
                    )  # fmt: skip


def pages(world: TeamWorld, who: str) -> dict[str, str]:
    """Everything somebody can read: every route, with one's own case in its address and questions behind it."""
    client, headers = world.enter(who)
    client.raise_request_exception = False
    read = {}
    own = [("own", routes())] if ASKERS[who] else []  # whoever may see all only shows that the look finds something
    for whose, asked in (*own, ("other", named(world))):
        world.show(whose)
        for route in asked:
            if "i18n" in route or "logout" in route:
                continue
            path = path_of(route, world.names)
            for query in _questions(world, path):
                for part in _parts(world, path):
                    with unwatched(), transaction.atomic():
                        fresh = {"X-Fresh": part} if part else {}
                        answer = client.get(path + query, headers={**headers, **fresh}, follow=False)
                        read[f"{path}{query}{f' ({part})' if part else ''}"] = _body(answer)
                        transaction.set_rollback(True)
    return read


# What open pages ask for every few seconds: a part of theirs, by its name.
_PARTS = {
    "/desk/": ("home",), "/desk/tickets/": ("list",), "/desk/promises/": ("promises",), "/desk/claims/": ("claims",),
    "/desk/improvements/": ("improvements",),
    "/office/operations/": ("operations",),
}  # fmt: skip


def _parts(world: TeamWorld, path: str) -> tuple[str, ...]:
    """The list beside a ticket is asked for with the ticket's reference, be it another team's."""
    beside = (world.cases["other"].question.ref,) if path == "/desk/tickets/" else ()
    return ("", *_PARTS.get(path, ()), *beside)


def _questions(world: TeamWorld, path: str) -> list[str]:
    other = world.cases["other"]
    words = [f"?q={other.ret.ref}", "?q=黑曜石", "?q=顾北辰", f"?q={other.ret.order.number}", "?q=4444"]
    if path == "/desk/search/":
        return ["", *words, "?q=黑曜石&kind=ticket", "?q=顾北辰&kind=return&page=1"]
    if path == "/desk/palette/":
        return ["", *words, f"?ticket={other.question.ref}", f"?q=黑曜石&ticket={other.question.ref}"]
    if path == "/desk/mail/":
        return ["", "?view=placed", "?view=placed&q=黑曜石"]
    if path == "/desk/warehouse/":
        return ["", f"?scan={other.ret.ref}", f"?scan={other.ret.parcels.get().number}"]
    if path.startswith(("/desk/tickets/", "/api/v1/")) and path.count("/") <= 4:
        return ["", "?status=closed", "?status=open", *words[:3]]
    return [""]


def _body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    where = answer.headers.get("Location", "") if isinstance(answer, HttpResponse) else ""
    return where + content.decode("utf-8", "replace")


@pytest.mark.parametrize("who", ["agent", "program", "lead"])
def test_no_page_list_count_search_file_or_update_shows_a_closed_case(world: TeamWorld, who: str) -> None:
    """Whoever may see all meets the other team's marks on several pages, so the same look finds them where there are any."""
    leaks = []
    for address, body in pages(world, who).items():
        # A page may repeat what was asked of it; what it adds is a leak.
        asked = address.partition("?")[2] + address
        leaks += [f"{address}: {mark}" for mark in world.cases["other"].marks if mark in body and mark not in asked]
    if ASKERS[who]:
        assert leaks == []
    else:
        assert len({leak.split(":")[0] for leak in leaks}) >= 3


# Where numbers of tickets, or of what hangs on them, are said.
_COUNTED = (
    "/desk/", "/desk/tickets/", "/desk/tickets/?status=closed", "/desk/waits/", "/desk/promises/", "/desk/visits/",
    "/desk/claims/", "/desk/claims/?whose=all", "/desk/improvements/", "/desk/improvements/?whose=all",
    "/desk/visits/?whose=all", "/desk/visits/letters/", "/desk/mail/", "/desk/mail/?view=placed", "/desk/batches/",
    "/desk/views/", "/desk/notices/", "/desk/search/?q=顾北辰", "/desk/palette/?q=顾北辰", "/desk/warehouse/",
)  # fmt: skip


def _counted(world: TeamWorld, who: str) -> dict[str, list[str]]:
    """The numbers on each page and live part, in their order, without what differs at every look."""
    client, headers = world.enter(who)
    found = {}
    for path in _COUNTED:
        for part in _parts(world, path.partition("?")[0]):
            answer = client.get(path, headers={**headers, **({"X-Fresh": part} if part else {})})
            shown = re.sub(r"<(script|style|time|svg)\b.*?</\1>", " ", _body(answer), flags=re.DOTALL)
            found[f"{path} {part}"] = re.findall(r"\d+", re.sub(r"<[^>]*>", " ", shown))
    return found


def test_no_badge_wait_or_number_of_the_day_counts_a_closed_case(world: TeamWorld) -> None:
    """One more case of the other team changes no number for whom it is closed, and several for whoever sees all."""
    with clock.fixed(clock.now()):
        before = {who: _counted(world, who) for who in ("agent", "manager")}
        world.another_of_the_other_team()
        while catch_up():
            pass
        after = {who: _counted(world, who) for who in ("agent", "manager")}
    shops_own = ("/desk/search/", "/desk/palette/")  # orders are the shop's: there only what is of cases counts
    changed = {who: [page for page in before[who] if before[who][page] != after[who][page]] for who in before}
    assert [page for page in changed["agent"] if not page.startswith(shops_own)] == []
    assert len(changed["manager"]) >= 5, changed["manager"]


def test_the_search_counts_only_what_is_shown(world: TeamWorld) -> None:
    """Each case has a question, what was split off it, a return's ticket and two complaints, the other team's one more question
    that is merged into one's own; the orders, of which each case has a second one that is visited, and their customer are
    the shop's."""

    def counts(actor: Actor, text: str) -> dict[str, int]:
        return {group.kind: group.count for group in find(actor, text)}

    agent, lead = member("agent").as_actor(), staff("lead")
    assert counts(agent, "黑曜石") == {}
    assert counts(agent, "紫水晶") == {"ticket": 4, "return": 1}
    assert counts(lead, "黑曜石") == {"ticket": 5, "return": 1}
    assert counts(lead, "顾北辰") == {"order": 8, "person": 1, "ticket": 21, "return": 4, "visit": 4}
    assert counts(agent, "顾北辰") == {"order": 8, "person": 1, "ticket": 15, "return": 3, "visit": 3}


def test_a_case_that_changes_its_team_changes_who_finds_it_at_once(world: TeamWorld) -> None:
    agent = member("agent").as_actor()
    other = world.cases["other"]
    assert not Message.objects.visible_to(agent).filter(ticket=other.question).exists()
    Ticket.objects.filter(pk__in=(other.question.pk, other.ret.ticket_id)).update(team=world.teams["甲组"])
    for _ in range(2):
        assert {group.kind for group in find(agent, "黑曜石")} == {"ticket", "return"}
        while catch_up():
            pass
    world.teams["甲组"].is_closed = world.teams["乙组"].is_closed = False
    world.teams["甲组"].save()
    world.teams["乙组"].save()
    foreigner = member("agent", "foreigner").as_actor()
    assert {group.kind for group in find(foreigner, "黑曜石")} == {"ticket", "return"}, "an open team hides nothing"


@pytest.mark.skipif("DOORS_WRITE" not in os.environ, reason="only to write the table anew: DOORS_WRITE=1")
def test_write_the_table_of_teams_anew(world: TeamWorld) -> None:
    names: dict[str, str] = {}
    if TABLE.exists():
        with open(TABLE, "rb") as file:
            names = {repr(row): name for name, row in tomllib.load(file)["sets"].items()}
    found = {who: answers(world, who) for who in ASKERS}
    used: dict[str, str] = {}
    rows, sets = [], []
    for route in named(world):
        chosen = []
        for method in METHODS:
            row = {who: found[who][route][method] for who in ASKERS}
            if repr(row) not in used:
                used[repr(row)] = names.get(repr(row), f"set{len(used) + 1}")
                words = ", ".join(f'{who} = "{each}"' for who, each in row.items())
                sets.append(f"{used[repr(row)]} = {{ {words} }}")
            chosen.append(used[repr(row)])
        rows.append(f'\'{route}\' = {{ GET = "{chosen[0]}", POST = "{chosen[1]}" }}')
    head = f"{_HEAD}\nasked = {json.dumps(list(WHOSE))}"
    TABLE.write_text("\n".join([head, "", "[sets]", *sorted(sets), "", "[cases]", *rows]) + "\n", encoding="utf-8")
