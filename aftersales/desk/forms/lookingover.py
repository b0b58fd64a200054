"""Words are looked over before they go to a customer; what was shown and is sent all the same passes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.desk import wordmarks
from aftersales.kernel.errors import Refusal
from tickets.wording import Finding


class WordsToThinkOver(Refusal):
    """The check found something; sending it again as it is passes."""

    code, status = "words_to_think_over", 422
    sentence = _("Please look at the marked words. You can change them, or send it as it is.")


def print_of(findings: Sequence[Finding]) -> str:
    """The same for the same findings: what somebody has seen and sends all the same."""
    told = "|".join(f"{finding.fault}:{finding.words}" for finding in findings)
    return hashlib.sha256(told.encode()).hexdigest()[:16] if findings else ""


class LooksOver(forms.Form):
    """A form with words for customers. Its template includes `desk/words_check.html`, which sends along what it has shown."""

    looks_over = True  # for templates
    signature = ""
    words = ""  # those in which something was found
    findings: Sequence[Finding] = ()

    def think_over(self, words: str, findings: Sequence[Finding]) -> None:
        """Raises `WordsToThinkOver` for what was not shown before."""
        self.words, self.findings = words, findings
        if findings and self.data.get("looked_over") != self.print:
            raise WordsToThinkOver

    @property
    def marks(self) -> list[wordmarks.Mark]:
        return wordmarks.marks(self.words, self.findings)

    @property
    def print(self) -> str:
        return print_of(self.findings)
