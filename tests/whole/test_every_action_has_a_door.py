"""Every action has a door: what stands in `actions/` is called by a page, the API, a job, a listener or a command.

An action that only tests call promises in the docs what nobody can do. Imports are followed, also through packages that
hand on what their files hold, so that two functions of one name are not taken for each other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.whole.test_only_actions_write import ROOT, modules

# Called by nobody, and why that is right.
_ALLOWED: dict[str, str] = {}


def name_of(path: Path) -> str:
    """The dotted name of a module or package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Module:
    """What one module defines, what its names stand for, and what it uses of them."""

    def __init__(self, path: Path, source: str) -> None:
        self.name, self.is_package = name_of(path), path.name == "__init__.py"
        self.tree = ast.parse(source)
        self.means = dict(self._imports())

    def _imports(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                base = node.module or ""
                for each in node.names:
                    yield each.asname or each.name, f"{base}.{each.name}"
            elif isinstance(node, ast.Import):
                for each in node.names:
                    yield (
                        each.asname or each.name.partition(".")[0],
                        each.name if each.asname else each.name.partition(".")[0],
                    )

    def functions(self) -> Iterator[ast.FunctionDef]:
        """The public functions at the top."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node

    def uses(self) -> Iterator[str]:
        """The dotted name of everything that is read here, outside the very function of that name."""
        for top in self.tree.body:
            own = f"{self.name}.{top.name}" if isinstance(top, ast.FunctionDef) else ""
            for node in ast.walk(top):
                if (used := self._dotted(node)) and used != own:
                    yield used
            # `@step("close", …)` hands the function to who calls it; a bare `@transaction.atomic` does not.
            if isinstance(top, ast.FunctionDef) and any(isinstance(each, ast.Call) for each in top.decorator_list):
                yield own

    def _dotted(self, node: ast.AST) -> str:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            return self.means.get(node.id, f"{self.name}.{node.id}")
        if isinstance(node, ast.Attribute):
            on = self._dotted(node.value)
            return f"{on}.{node.attr}" if on else ""
        return ""


def without_a_caller(product: list[Module]) -> set[str]:
    """The dotted names of actions that nothing in these modules reads."""
    known = {module.name: module for module in product}
    used = {_home(name, known) for module in product for name in module.uses()}
    actions = {
        f"{module.name}.{function.name}"
        for module in product
        if ".actions" in module.name
        for function in module.functions()
    }
    return actions - used


def _home(name: str, known: dict[str, Module]) -> str:
    """Where a name is defined: a package may hand on what its files hold."""
    for _step in range(5):
        base, _dot, last = name.rpartition(".")
        module = known.get(base)
        if module is None or last not in module.means:
            return name
        name = module.means[last]
    return name


def read() -> list[Module]:
    return [Module(path, path.read_text(encoding="utf-8")) for path in modules()]


def test_every_action_is_called() -> None:
    assert sorted(without_a_caller(read()) - set(_ALLOWED)) == [], "give it a door, or take it out"


def test_no_exception_is_left_over() -> None:
    assert set(_ALLOWED) - without_a_caller(read()) == set()


def test_the_walk_tells_two_of_one_name_apart() -> None:
    """A caller of the one is none of the other, a package hands on, and to call oneself is no door."""
    texts = {
        "shop/actions/one.py": "def give():\n    give()\n\ndef take():\n    pass\n",
        "shop/actions/two/__init__.py": "from shop.actions.two.file import give\n",
        "shop/actions/two/file.py": "def give():\n    keep()\n\ndef keep():\n    pass\n\ndef lost():\n    pass\n",
        "shop/views.py": "from shop.actions import one\nfrom shop.actions.two import give\n\ndef view():\n    give(one.take)\n",
    }
    product = [Module(ROOT / path, text) for path, text in texts.items()]
    assert without_a_caller(product) == {"shop.actions.one.give", "shop.actions.two.file.lost"}
