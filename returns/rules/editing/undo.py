"""The way back of one edit: for each file the lines that changed, so small that a session can keep it."""

from collections.abc import Mapping

Step = dict[str, tuple[int, list[str], list[str]]]  # file → first changed line, lines now, lines before


def step_back(before: Mapping[str, str], after: Mapping[str, str]) -> Step:
    """What leads from `after` to `before`: one run of lines for each file that differs."""
    out: Step = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name, "").splitlines(keepends=True), after.get(name, "").splitlines(keepends=True)
        if old == new:
            continue
        start = 0
        while start < min(len(old), len(new)) and old[start] == new[start]:
            start += 1
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
            end += 1
        out[name] = (start, new[start : len(new) - end], old[start : len(old) - end])
    return out


def undone(files: Mapping[str, str], step: Step) -> dict[str, str] | None:
    """The files before the edit, or None where its lines have been changed since."""
    out = dict(files)
    for name, (start, now, before) in step.items():
        lines = out.get(name, "").splitlines(keepends=True)
        if lines[start : start + len(now)] != now:
            return None
        out[name] = "".join([*lines[:start], *before, *lines[start + len(now) :]])
    return out
