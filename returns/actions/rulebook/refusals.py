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


class NotReady(Conflict):
    """Not proved, or an example or explanation fails. `trouble` has every finding with its place and what to do."""

    code = "rules_not_ready"
    sentence = _("This cannot be submitted yet: %(first)s (and %(more)s more)")


class OwnWork(Conflict):
    """Four eyes: the second pair is somebody else's."""

    code = "same_person"
    sentence = _("Whoever wrote, edited or submitted %(version)s cannot approve it. Ask another lead or a manager.")


class StaleText(Conflict):
    """The text that was read is not the text that stands there."""

    code = "stale_text"
    sentence = _("The text of %(version)s has changed since you read it. Read it again, then decide.")


class InstantTaken(Conflict):
    code = "instant_taken"
    sentence = _("Another version begins at %(at)s already. Choose another time.")


class NotBeforeNow(BadInput):
    code = "not_before_now"
    sentence = _("%(at)s has passed. Rules that reach back must be marked as retroactive.")


class ConcernedUnseen(Conflict):
    """Rules that reach back are published by somebody who has seen what they concern; `count` and `since` say which."""

    code = "concerned_unseen"
    sentence = _(
        "Verdicts that were already given fall under these rules: %(count)s. Nothing is published yet: look at the list, "
        "then publish once more."
    )


class NotAnInstant(BadInput):
    code = "not_an_instant"
    sentence = _("Say from which day and hour the rules hold.")


class Overtaken(Conflict):
    """Rules were published in between: approving compared with other rules than those that would be replaced."""

    code = "overtaken"
    sentence = _(
        "%(version)s was compared with %(compared)s, but would follow %(before)s. Take it back and submit it again, so "
        "that the approver sees what really changes."
    )


class SourceEnded(Conflict):
    code = "source_ended"
    sentence = _("%(place)s: row %(row)s rests on %(source)s, which does not hold on %(day)s. Name a source that does.")


class NotRetirable(Conflict):
    code = "has_begun"
    sentence = _("%(version)s has begun and has decided cases, so it stays. Correct it by a new version.")


def bad_pack(error: PackError) -> BadPack:
    """A reader's complaint as a refusal."""
    place = str(error).removesuffix(f": {error.why}")
    return BadPack(field="files", place=place, why=error.why, file=error.file, line=error.line, column=error.column)


def must_be(version: RuleVersion, *statuses: RuleVersion.Status) -> None:
    """Let pass or raise `WrongVersionStatus` (409)."""
    if version.status not in statuses:
        raise WrongVersionStatus(version=str(version), status=version.get_status_display())
