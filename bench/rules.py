"""Measure the rule engine against its targets: `python bench/rules.py [--only PART] [--quick]`.

Prints every figure with its target; peers run in the same process, so only ratios are compared with them. The last line
is the verdict, and the exit code is 1 where a target is missed or could not be measured.
"""

import argparse
import importlib
import pkgutil
import platform
import sys
import time
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rules_parts
from bench.rules_parts.figures import Figure


def parts() -> dict[str, ModuleType]:
    """Every part by name, in alphabetical order. One that needs a package which is not installed tells so when run."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules_parts.__path__))
    modules = {name: importlib.import_module(f"bench.rules_parts.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "figures")}


def measured(part: ModuleType, quick: bool) -> tuple[list[Figure], str]:
    """The figures of a part, and what kept it from being measured to its end, or nothing."""
    figures: list[Figure] = []
    try:
        for figure in part.figures(quick):
            figures.append(figure)
            print(figure, flush=True)
    except ModuleNotFoundError as error:
        return figures, f"needs the package {error.name}"
    return figures, ""


def main() -> int:
    known = parts()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("--only", action="append", choices=list(known), metavar="PART", help=f"{', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="fewer seeds and cases; for a first look, not a record")
    options = parser.parse_args()
    chosen = options.only or list(known)
    print(f"Python {platform.python_version()} on {platform.machine()}{', quick' if options.quick else ''}")
    figures: list[Figure] = []
    missed: list[str] = []
    for name in chosen:
        start = time.perf_counter()
        print(f"\n{name}: {(known[name].__doc__ or name).splitlines()[0]}")
        found, hindered = measured(known[name], options.quick)
        figures += found
        missed += [f"{name}: {figure.what}" for figure in found if figure.missed]
        if hindered:
            print(f"  not measured: {hindered}")
            missed.append(f"{name}: not measured, {hindered}")
        print(f"  ({time.perf_counter() - start:.1f} s)")
    targets = sum(bool(figure.target) for figure in figures)
    print()
    print("MISSED: " + "; ".join(missed) if missed else f"All {targets} targets are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
