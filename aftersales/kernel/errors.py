"""How the domain says no: a stable code for machines, parameters, and a sentence for people. Each face translates it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_sentence = str | Promise


class Refusal(Exception):
    """A rule said no. `sentence` may hold `%(name)s` placeholders that are filled from the parameters when it is shown."""

    code: str = "refused"
    status: int = 409
    sentence: type_sentence = _("This cannot be done now.")

    def __init__(self, sentence: type_sentence | None = None, *, code: str | None = None, **params: Any) -> None:
        self.params = params
        if sentence is not None:
            self.sentence = sentence
        if code is not None:
            self.code = code
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.sentence)
        return text % self.params if self.params else text


class NotPermitted(Refusal):
    """Not you: the role lacks the verb. Faces answer 403 (or 404 where existence itself is private)."""

    code, status = "not_permitted", 403
    sentence = _("Your role does not allow this. Ask a lead or a manager.")


class NotFound(Refusal):
    """What you may not see does not exist."""

    code, status = "not_found", 404
    sentence = _("There is nothing here under that number.")


class BadInput(Refusal):
    """What was typed cannot be used. `field` names the form field, so the page can point at it."""

    code, status = "bad_input", 400
    sentence = _("Please check what was entered.")

    def __init__(
        self, sentence: type_sentence | None = None, *, field: str | None = None, code: str | None = None, **params: Any
    ) -> None:
        super().__init__(sentence, code=code, **params)
        self.field = field


class Conflict(Refusal):
    """Not now: the thing is in another state than the action needs."""

    code, status = "conflict", 409
    sentence = _("This was changed in the meantime. Look at the page again and decide anew.")


class TooMany(Refusal):
    """Too often: try again after `retry_after` seconds."""

    code, status = "too_many", 429
    sentence = _("Too many tries. Please wait a little and try again.")

    def __init__(self, sentence: type_sentence | None = None, *, retry_after: int, **params: Any) -> None:
        super().__init__(sentence, **params)
        self.retry_after = retry_after
