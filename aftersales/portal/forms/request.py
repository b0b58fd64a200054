"""The steps of a request, one form each. Which lines, reasons and variants there are comes from the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.files.fields import FilesField
from aftersales.portal.drafted import Drafted
from aftersales.portal.forms.counting import CountField
from customers.models import OrderLine, Sku
from returns.actions.submission import LONGEST_STORY, ForeignLine, NothingChosen

_PICK = {"required": _("Choose what fits best."), "invalid_choice": _("Choose one of these.")}


class ItemsForm(forms.Form):
    """How many of which line. A line that is not of this order is refused, not overlooked."""

    def __init__(self, lines: Iterable[OrderLine], drafted: Drafted, **options: Any) -> None:
        super().__init__(**options)
        self.lines = list(lines)
        self.drafted = drafted
        only = len(self.lines) == 1 and self.lines[0].free_quantity == 1
        for line in self.lines:
            said = drafted.lines.get(line.pk)
            self.fields[f"quantity-{line.pk}"] = CountField(
                most=line.free_quantity, label=str(line), initial=said.quantity if said else int(only)
            )

    def rows(self) -> list[tuple[OrderLine, forms.BoundField]]:
        return [(line, self[f"quantity-{line.pk}"]) for line in self.lines]

    def quantities(self) -> dict[int, int]:
        """Units by primary key of the line. Half a number takes nothing back: it counts what was said before."""
        said = {line: chosen.quantity for line, chosen in self.drafted.lines.items()}
        return {line.pk: self.cleaned_data.get(f"quantity-{line.pk}", said.get(line.pk, 0)) for line in self.lines}

    def clean(self) -> dict[str, Any]:
        foreign = [name for name in self.data if name.startswith("quantity-") and name not in self.fields]
        if foreign:
            raise ValidationError(ForeignLine.sentence)
        if not self.errors and not any(self.quantities().values()):
            raise ValidationError(NothingChosen.sentence)
        return self.cleaned_data


class GroupForm(forms.Form):
    """The first level of reasons."""

    group = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages=_PICK,
    )

    def __init__(self, choices: list[tuple[str, str]], *, label: str, **options: Any) -> None:
        super().__init__(**options)
        self.fields["group"].choices = choices  # type: ignore[attr-defined]
        self.fields["group"].label = label


class ReasonForm(forms.Form):
    """The second level, and whether it holds for everything that was chosen."""

    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages=_PICK,
    )
    for_all = forms.BooleanField(label=_("The same reason for everything I send back"), required=False)

    def __init__(self, choices: list[tuple[str, str]], *, label: str, several: bool, **options: Any) -> None:
        super().__init__(**options)
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason"].label = label
        if not several:
            del self.fields["for_all"]


class StoryForm(forms.Form):
    """The customer's own words, an item each, and photos, documents and clips for all of it."""

    attachments = FilesField(required=False, label=_("Attachments"))

    def __init__(self, lines: Iterable[OrderLine], drafted: Drafted, **options: Any) -> None:
        super().__init__(**options)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"story-{line.pk}"] = forms.CharField(
                label=str(line),
                required=False,
                max_length=LONGEST_STORY,
                initial=drafted.lines[line.pk].story,
                error_messages={
                    "max_length": _(
                        "These are %(show_value)s characters; %(limit_value)s are the most. Please shorten it."
                    )
                },
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def texts(self) -> list[forms.BoundField]:
        return [self[f"story-{line.pk}"] for line in self.lines]

    def stories(self) -> dict[int, str]:
        """What was written, by primary key of the line; nothing where a text cannot be kept as it is."""
        return {
            line.pk: self.cleaned_data[f"story-{line.pk}"]
            for line in self.lines
            if f"story-{line.pk}" in self.cleaned_data
        }


class WishForm(forms.Form):
    """A return, an exchange or a repair."""

    kind = forms.ChoiceField(
        label=_("What would you like?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would like."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, kinds: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.fields["kind"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]


class ReplacementForm(forms.Form):
    """Which variant instead, a question for each chosen line."""

    def __init__(
        self, lines: Iterable[OrderLine], choices: Mapping[int, list[Sku]], drafted: Drafted, **options: Any
    ) -> None:
        super().__init__(**options)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"wanted-{line.pk}"] = forms.TypedChoiceField(
                label=str(line),
                coerce=int,
                choices=[(str(sku.pk), str(sku)) for sku in choices[line.pk]],
                initial=drafted.lines[line.pk].wanted_sku or None,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose what you would like instead."),
                    "invalid_choice": _("This one is no longer in stock in that number. Choose another."),
                },
            )

    def wanted(self) -> dict[int, int]:
        """The SKU by primary key of the line."""
        return {
            line.pk: self.cleaned_data[f"wanted-{line.pk}"]
            for line in self.lines
            if f"wanted-{line.pk}" in self.cleaned_data
        }


class SendForm(forms.Form):
    """The last press. `key` names the draft, `seen` what the page showed of it."""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
