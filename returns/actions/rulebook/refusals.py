"""How the rulebook says no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput, Conflict
from returns.models import RuleVersion
from returns.rules.text import PackError


class WrongVersionStatus(Conflict):
    """The version is in a status from which this cannot be done."""

    code = "wrong_version_status"
    sentence = _("Version %(version)s is “%(status)s” now, so this cannot be done. Look at the page again.")


class DraftChanged(Conflict):
    """Somebody saved in between. `changes` and `revision` let the page show what, and let the second saver go on."""

    code = "draft_changed"
    sentence = _(
        "%(who)s saved this draft in the meantime (%(what)s). Nothing of yours was saved and nothing is lost: "
        "compare, then save again."
    )


class BadPack(BadInput):
    """The text cannot be read. `file`, `line` and `column` say where, `why` what to do."""

    code = "bad_pack"
    sentence = _("%(place)s: %(why)s")


def bad_pack(error: PackError) -> BadPack:
    """A reader's complaint as a refusal."""
    place = str(error).removesuffix(f": {error.why}")
    return BadPack(field="files", place=place, why=error.why, file=error.file, line=error.line, column=error.column)


def must_be(version: RuleVersion, *statuses: RuleVersion.Status) -> None:
    """Let pass or raise `WrongVersionStatus` (409)."""
    if version.status not in statuses:
        raise WrongVersionStatus(version=str(version), status=version.get_status_display())
