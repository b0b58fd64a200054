"""What the pages for entering settings share: amounts as people type them, and words that the rule engine owns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money
from aftersales.ledger.configuration import ConfigurationPage

Choices = Callable[[str], Sequence[tuple[str, str]]]


class AmountField(forms.CharField):
    """An amount as people type it (`12.50`), kept in minor units of the shop's or article's currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=30, **kwargs)


class AmountForm(forms.ModelForm[Any]):
    """Shows `_minor` columns in major units and reads them back exactly. `amounts` maps form fields to columns.

    A field that is not required may be left empty, and then so is its column.
    """

    amounts: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {stored: getattr(self.instance, stored) for stored in self.amounts.values()}
        for name, stored in self.amounts.items():
            minor = self.before[stored]
            self.initial[name] = "" if minor is None else Money(minor, self.instance.currency).plain()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        currency = data.get("currency") or self.instance.currency
        for name, stored in self.amounts.items():
            if not self.fields[name].required and not data.get(name, "").strip():
                setattr(self.instance, stored, None)
                self.cleaned_data[stored] = None
                continue
            try:
                amount = Money.parse(data.get(name, ""), currency)
            except BadInput as problem:
                self.add_error(name, ValidationError(str(problem)))
                continue
            if amount.minor < 0:
                self.add_error(name, ValidationError(_("An amount here cannot be less than nothing.")))
            setattr(self.instance, stored, amount.minor)
            self.cleaned_data[stored] = amount.minor
        return data

    @property
    def changed_data(self) -> list[str]:
        """Columns rather than form fields, so that exactly they are saved; `12` typed over `12.00` is no change."""
        plain = [name for name in super().changed_data if name not in self.amounts]
        return plain + [stored for stored, minor in self.before.items() if getattr(self.instance, stored) != minor]


class VocabularyPage(ConfigurationPage):
    """A page some of whose words belong to the rule engine, which stands above the archive and registers them here."""

    offered: ClassVar[dict[str, Choices]] = {}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if (choices := self.offered.get(db_field.name)) is not None:
            return forms.ChoiceField(
                label=db_field.verbose_name,
                choices=choices(get_language() or "zh-hans"),
                initial=db_field.get_default(),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
