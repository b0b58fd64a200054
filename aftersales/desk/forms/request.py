"""A new request for a customer who calls: units, reasons and wishes of one order, line by line. Used by the order's page."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from aftersales.kernel.money import Money
from aftersales.ledger.once import once
from customers.models import Order, OrderLine, Sku
from returns import gather
from returns.actions.submission import LONGEST_STORY, Item, asks_for, submit_return
from returns.models import Return
from returns.rules import reasons

CHANNELS = [("phone", _("Phone")), ("chat", _("Chat")), ("email", _("E-mail")), ("letter", _("Letter"))]


class RequestForm(forms.Form):
    """Names of fields: `quantity-7`, `reason-7`, `story-7`, `wanted-7`; 7 is the primary key of the order line.

    `key` is made with the page: the same page sent twice is one request.
    """

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What the customer would like"), choices=Return.Kind.choices, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=_("How they reached us"), choices=CHANNELS)
    has_proof = forms.BooleanField(label=_("Proof was given, or none is needed"), required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": secrets.token_hex(16), "kind": "return", "channel": "phone"})
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.order, self.status = order, 200
        self.lines = [line for line in order.lines.all() if line.free_quantity > 0]
        for line in self.lines:
            self._add(line)

    def _add(self, line: OrderLine) -> None:
        self.fields[f"quantity-{line.pk}"] = forms.IntegerField(
            label=str(line), min_value=0, max_value=line.free_quantity, required=False, initial=0
        )
        self.fields[f"reason-{line.pk}"] = forms.ChoiceField(
            label=_("Reason"), choices=self._reason_choices, required=False
        )
        self.fields[f"story-{line.pk}"] = forms.CharField(
            label=_("In the customer’s words"), max_length=LONGEST_STORY, required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        if others := self._variants(line):
            self.fields[f"wanted-{line.pk}"] = forms.ChoiceField(
                label=_("Wanted instead, for an exchange"), choices=others, required=False, initial=line.sku_id
            )

    @cached_property
    def _reason_choices(self) -> list[Any]:
        """All of them: staff may write down what a customer could not choose at this stage."""
        locale = get_language() or "zh"
        groups = [(group.label(locale), [(each.code, each.label(locale)) for each in group.reasons])
                  for group in reasons.groups()]  # fmt: skip
        return [("", pgettext_lazy("choice", "choose")), *groups]

    @cached_property
    def _shelf(self) -> dict[int, list[Sku]]:
        """Variants by product, for all lines in one query."""
        products = {line.sku.product_id for line in self.lines if line.sku}
        shelf: dict[int, list[Sku]] = {}
        for sku in Sku.objects.filter(product_id__in=products).select_related("product").order_by("variant", "pk"):
            shelf.setdefault(sku.product_id, []).append(sku)
        return shelf

    def _variants(self, line: OrderLine) -> list[tuple[int, str]]:
        """Each variant with what is on the shelf and what it costs more or less than the one bought."""
        if line.sku is None:
            return []
        found = []
        for sku in self._shelf.get(line.sku.product_id, []):
            free, more = sku.on_hand - sku.reserved, Money(sku.price_minor - line.sku.price_minor, line.sku.currency)
            words = [sku.variant or sku.code, str(_("%(count)s on the shelf") % {"count": free})]
            found.append((sku.pk, " · ".join([*words, f"{'+' if more.minor > 0 else ''}{more}"] if more else words)))
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Each line that can still be asked for, with its fields by name, for the page."""
        return [
            {
                "line": line,
                **{
                    name: self[f"{name}-{line.pk}"]
                    for name in ("quantity", "reason", "story", "wanted")
                    if f"{name}-{line.pk}" in self.fields
                },
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for line in self.lines:
            if given.get(f"quantity-{line.pk}") and not given.get(f"reason-{line.pk}"):
                self.add_error(f"reason-{line.pk}", _("Choose the reason for these units."))
        return given

    def items(self) -> list[Item]:
        """What the action takes."""
        given = self.cleaned_data
        return [
            Item(
                line_id=line.pk,
                quantity=given[f"quantity-{line.pk}"],
                reason=given[f"reason-{line.pk}"],
                story=given.get(f"story-{line.pk}", ""),
                wanted_sku_id=int(wanted) if (wanted := given.get(f"wanted-{line.pk}")) else None,
            )
            for line in self.lines
            if given.get(f"quantity-{line.pk}")
        ]

    def asks(self, actor: Actor) -> list[gather.Ask] | None:
        """The asks for a preview, or None with the errors shown in the form."""
        if not self.is_valid():
            self.status = 422
            return None
        try:
            return asks_for(
                self.order,
                self.items(),
                kind=self.cleaned_data["kind"],
                actor=actor,
                has_proof=self.cleaned_data["has_proof"],
            )
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self._refuse(refusal)
            return None

    def submit(self, actor: Actor) -> Return | None:
        """Open the request, once for each page; None with the errors shown in the form."""
        if not self.is_valid():
            self.status = 422
            return None
        try:
            _status, answer = once(
                principal=str(actor),
                endpoint="desk.request",
                key=self.cleaned_data["key"],
                request={"order": self.order.pk, "items": [repr(item) for item in self.items()]},
                work=lambda: (201, {"return": self._submit(actor).pk}),
            )
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self._refuse(refusal)
            return None
        return Return.objects.select_related("ticket").get(pk=answer["return"])

    def _submit(self, actor: Actor) -> Return:
        given = self.cleaned_data
        return submit_return(
            self.order.pk,
            self.items(),
            kind=given["kind"],
            actor=actor,
            channel=given["channel"],
            has_proof=given["has_proof"],
        )

    def _refuse(self, refusal: Refusal) -> None:
        self.status = refusal.status
        field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
        self.add_error(field, str(refusal))
