"""The draft behind the editor: found within what one may see, saved through the action, with the last change to undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop

from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may
from aftersales.office.ruleeditor.packwords import packwords
from aftersales.office.ruletelling import language
from returns.actions.rulebook import save_draft
from returns.models import RuleVersion
from returns.rules.editing.refused import EditError
from returns.rules.editing.rows import read_table
from returns.rules.editing.undo import step_back, undone
from returns.rules.editing.words import read_toml
from returns.rules.language import Table
from returns.rules.pack import Pack, load_pack, read_pack
from returns.rules.sources import Source, read_sources
from returns.rules.text import PackError

_SESSION_KEY = "rule_undo"  # the last change of this person: version, revision after it, the way back


@dataclass(frozen=True)
class Draft:
    """One table of one version, as the editor needs it. `files` is the text of the whole pack."""

    version: RuleVersion
    table: str

    @property
    def id(self) -> int:
        return self.version.pk

    @property
    def revision(self) -> int:
        return self.version.revision

    @property
    def files(self) -> Mapping[str, str]:
        text: Mapping[str, str] = self.version.files
        return text

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """What `pack.toml` says; nothing while it cannot be read, which the page of files then tells."""
        try:
            return read_toml("pack.toml", self.files["pack.toml"])
        except (PackError, KeyError):
            return {}

    @property
    def effective(self) -> str:
        """The day (ISO) from which the rules are to hold."""
        return str(self.head.get("effective", ""))

    @cached_property
    def tables(self) -> list[str]:
        """Every table of the pack in the order in which they are asked; legs stand between chain and what is asked last."""
        return [*self.head.get("chain", []), "outbound", "return", "replacement", *self.head.get("each", [])]

    def titles(self) -> list[tuple[str, str]]:
        return [(name, self.title_of(name)) for name in self.tables]

    def title_of(self, table: str) -> str:
        try:
            return str(read_toml(f"{table}.toml", self.files[f"{table}.toml"]).get(f"title_{language()}", table))
        except (PackError, KeyError):
            return table

    @property
    def title(self) -> str:
        return str(self.head.get(f"title_{language()}", self.version.rule_set))

    def read(self) -> Table:
        return read_table(self.files, self.table)

    def sources(self) -> dict[str, Source]:
        """The sources by key; none where their file cannot be read."""
        try:
            return read_sources(read_toml("sources.toml", self.files["sources.toml"]))
        except (PackError, KeyError):
            return {}

    @cached_property
    def pack(self) -> Pack | None:
        """The whole pack of the draft, or None while it cannot be read; `trouble` then says why."""
        try:
            return packed(tuple(sorted(self.files.items())))
        except PackError:
            return None

    @cached_property
    def trouble(self) -> str:
        """Why the pack cannot be read as a whole; empty where it can."""
        try:
            packed(tuple(sorted(self.files.items())))
        except PackError as error:
            return f"{str(error).removesuffix(error.why)}{packwords(error)}"
        return ""

    @cached_property
    def before(self) -> Pack:
        """What the draft was begun from: its base, else the shipped pack."""
        base = self.version.base
        return packed(tuple(sorted(base.files.items()))) if base else load_pack(self.version.rule_set)


@lru_cache(maxsize=8)
def packed(files: tuple[tuple[str, str], ...]) -> Pack:
    """A pack by its text, read once. Raises PackError."""
    return read_pack(dict(files))


def find(request: HttpRequest, version: int, table: str = "", *, to_change: bool = False) -> Draft:
    """The draft, or 404: what one may not see does not exist. Without the right to change: 403."""
    found = (
        RuleVersion.objects.visible_to(actor_of(request)).select_related("base", "author").filter(pk=version).first()
    )
    if found is None:
        raise Http404
    draft = Draft(found, table)
    if table and table not in draft.tables:
        raise Http404
    if to_change:
        must_change(request, draft)
    return draft


def may_change(actor: Actor, draft: Draft) -> bool:
    return draft.version.status == RuleVersion.Status.DRAFT and may(actor, "rules.draft")


def must_change(request: HttpRequest, draft: Draft) -> None:
    if not may(actor_of(request), "rules.draft"):
        raise PermissionDenied


def keep(request: HttpRequest, draft: Draft, files: Mapping[str, str], revision: int) -> Draft:
    """The draft after a save on top of `revision`; remembers the way back. Raises Conflict where somebody was faster."""
    step = step_back(draft.files, files)
    save_draft(draft.id, dict(files), revision=revision, actor=actor_of(request))
    after = find(request, draft.id, draft.table)
    if step:
        request.session[_SESSION_KEY] = {"version": draft.id, "revision": after.revision, "step": step}
    return after


def can_undo(request: HttpRequest, draft: Draft) -> bool:
    """Whether this person's last change is also the draft's last."""
    kept = request.session.get(_SESSION_KEY) or {}
    return (kept.get("version"), kept.get("revision")) == (draft.id, draft.revision)


def before_last(request: HttpRequest, draft: Draft, revision: int) -> dict[str, str]:
    """The text before this person's last change. Raises EditError where it is not the last any more."""
    files = None
    if can_undo(request, draft) and revision == draft.revision:
        step = {name: (start, now, then) for name, (start, now, then) in request.session[_SESSION_KEY]["step"].items()}
        files = undone(draft.files, step)
    if files is None:
        raise EditError(gettext_noop("There is nothing to undo: the draft has been changed since."))
    return files
