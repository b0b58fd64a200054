"""What the warehouse enters: how many units came, and what was found about them."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.deeds.decisions import sources_of
from aftersales.files.fields import PhotosField
from aftersales.kernel.errors import BadInput, Refusal
from returns.actions.receiving import Finding
from returns.models import Inspection, Return, ReturnLine
from returns.rules import facts, reasons

# What a customer asks for who finds nothing wrong with the goods. A reason taken out of the list counts as a fault.
_NO_FAULT = ("no_reason", "size")


class CountForm(forms.Form):
    """One number for each line. `key` is made with the page: the same page sent twice is one count."""

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: list[ReturnLine], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": secrets.token_hex(16)})
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.lines, self.status = lines, 200
        for line in lines:
            self.fields[f"count-{line.pk}"] = forms.IntegerField(
                label=str(line.order_line),
                min_value=0,
                max_value=line.quantity,
                required=False,
                initial=open_units(line),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its field, for the page."""
        return [{"line": line, "field": self[f"count-{line.pk}"], "open": open_units(line)} for line in self.lines]

    def counts(self) -> dict[int, int]:
        """Units by the primary key of the return line, without the lines of which nothing came."""
        return {line.pk: n for line in self.lines if (n := self.cleaned_data.get(f"count-{line.pk}"))}

    def refuse(self, refusal: Refusal) -> None:
        """Show the domain's sentence at the number it is about."""
        self.status = refusal.status
        field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
        self.add_error(field, str(refusal))


def open_units(line: ReturnLine) -> int:
    """Units that were asked for and have not been counted yet."""
    return line.quantity - line.received_quantity


class InspectionForm(forms.Form):
    """For each counted line: so many accepted and so many not, each with a grade and where the goods go, and what was found.

    Names of fields: `accepted-7`, `grade-7`, `goes-7`, `refused-7`, `refused_grade-7`, `refused_goes-7`,
    `found_reason-7`, `found_cause-7`, `note-7`; 7 is the primary key of the return line.
    """

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photos"), required=False)
    clause = forms.CharField(
        label=_("Rule or clause, where something is not accepted"),
        max_length=200,
        required=False,
        help_text=_("The customer reads it, together with the notes above, and may object within seven days."),
        widget=forms.TextInput(attrs={"list": "clause-list", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, ret: Return, lines: list[ReturnLine], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": secrets.token_hex(16)})
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.ret, self.status = ret, 200
        self.lines = [line for line in lines if line.received_quantity]
        for line in self.lines:
            self._add(line)

    def _add(self, line: ReturnLine) -> None:
        """The fields of one line. By default everything is accepted.

        Only goods nobody complained of are expected intact and back on the shelf; where a fault was claimed, somebody
        must look and choose, or faulty goods would be sold again by a hurried click.
        """
        most, pk = line.received_quantity, line.pk
        is_repair = self.ret.kind == Return.Kind.REPAIR
        shelf = ("", "repair") if is_repair else ("intact", "restock") if _is_without_fault(line) else ("", "")
        grade = [("", pgettext_lazy("choice", "choose")), *Inspection.Grade.choices]
        mended = Inspection.Disposition.REPAIR
        away = [
            ("", pgettext_lazy("choice", "choose")),
            *(each for each in Inspection.Disposition.choices if each[0] != mended),
        ]
        goes = [(str(mended), mended.label)] if is_repair else away
        fields: dict[str, forms.Field] = {
            "accepted": forms.IntegerField(label=_("Accepted"), min_value=0, max_value=most, initial=most),
            "grade": forms.ChoiceField(label=_("Condition"), choices=grade, required=False, initial=shelf[0]),
            "goes": forms.ChoiceField(label=_("Goes to"), choices=goes, required=False, initial=shelf[1]),
            "refused": forms.IntegerField(
                label=_("Not accepted"), min_value=0, max_value=most, required=False, initial=0
            ),
            "refused_grade": forms.ChoiceField(label=_("Condition"), choices=grade, required=False),
            "refused_goes": forms.ChoiceField(label=_("Goes to"), choices=away, required=False),
            "found_reason": forms.ChoiceField(
                label=_("What was really the matter"),
                choices=_reason_choices(),
                required=False,
                help_text=_("Leave it if the customer’s reason is right. The rules judge anew by what was found."),
            ),
            "found_cause": forms.ChoiceField(label=_("Whose cause it is"), choices=_cause_choices(), required=False),
            "note": forms.CharField(
                label=_("What was found"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            ),
        }
        for name, field in fields.items():
            self.fields[f"{name}-{pk}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its fields by name, for the page."""
        names = ("accepted", "grade", "goes", "refused", "refused_grade", "refused_goes", "found_reason",
                 "found_cause", "note")  # fmt: skip
        return [{"line": line, **{name: self[f"{name}-{line.pk}"] for name in names}} for line in self.lines]

    def clauses(self) -> list[str]:
        """Sources of the verdict, offered for the clause."""
        return sources_of(self.ret)

    def clean(self) -> dict[str, Any]:
        """Units without a condition or a place to go are asked for at their own field."""
        given = super().clean() or self.cleaned_data
        for line in self.lines:
            for units, needs in (("accepted", ("grade", "goes")), ("refused", ("refused_grade", "refused_goes"))):
                for name in needs:
                    field = f"{name}-{line.pk}"
                    if given.get(f"{units}-{line.pk}") and not given.get(field) and field not in self.errors:
                        self.add_error(field, _("Choose one for these units."))
        return given

    def findings(self) -> list[Finding]:
        """What the action takes: one finding for the accepted units of a line and one for the others."""
        return [finding for line in self.lines for finding in self._findings_on(line)]

    def _findings_on(self, line: ReturnLine) -> list[Finding]:
        def given(name: str) -> Any:
            return self.cleaned_data.get(f"{name}-{line.pk}") or ""

        # One note a line: where units are refused it says why, and must not stand under the good ones.
        noted = not given("refused")
        found = []
        for accepted, units, grade, goes in (
            (True, "accepted", "grade", "goes"),
            (False, "refused", "refused_grade", "refused_goes"),
        ):
            if given(units):
                found.append(
                    Finding(
                        line_id=line.pk,
                        quantity=given(units),
                        accepted=accepted,
                        grade=given(grade),
                        disposition=given(goes),
                        note=given("note") if accepted == noted else "",
                        found_reason=given("found_reason"),
                        found_cause=given("found_cause"),
                    )
                )
        return found

    def refuse(self, refusal: Refusal) -> None:
        """Show the domain's sentence where it belongs; a missing unit belongs to the first number of its line."""
        self.status = refusal.status
        field = refusal.field if isinstance(refusal, BadInput) else None
        if field and field.startswith("line-"):
            field = field.replace("line-", "accepted-")
        elif field == "note" and self.lines:
            field = f"note-{self.lines[0].pk}"
        self.add_error(field if field in self.fields else None, str(refusal))


def _is_without_fault(line: ReturnLine) -> bool:
    known = reasons.reasons().get(line.reason)
    return known is not None and known.matter in _NO_FAULT


def _reason_choices() -> list[Any]:
    locale = get_language() or "zh"
    groups = [(group.label(locale), [(each.code, each.label(locale)) for each in group.reasons])
              for group in reasons.groups()]  # fmt: skip
    return [("", _("as the customer said")), *groups]


def _cause_choices() -> list[Any]:
    locale = get_language() or "zh"
    cause = facts.vocabulary()["found_cause"]
    return [("", _("not looked into"))] + [
        (value, cause.value_label(value, locale)) for value in cause.values if value != "none"
    ]
