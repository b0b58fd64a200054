"""What form templates ask of a field: where an error link must lead, whether a card is the chosen one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

from aftersales.kernel.templatetags.kept import kept

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Sizes:
    photo: int
    document: int
    clip: int


@dataclass(frozen=True, slots=True)
class _Takes:
    takes_any: bool
    accept: str
    most_bytes: int
    sizes: _Sizes


@dataclass(frozen=True, slots=True)
class _Place:
    """What `parts/file_drop.html` reads of a field of files, in plain values."""

    html_name: str
    auto_id: str
    field: _Takes
    errors: tuple[str, ...]


@register.simple_tag
def file_drop(field: BoundField) -> SafeString:
    """`{% file_drop form.attachments %}`: the place for the files of a `FilesField`, drawn once while it says the same."""
    of: Any = field.field
    takes = _Takes(of.takes_any, of.accept, of.most_bytes, _Sizes(**of.sizes))
    place = _Place(field.html_name, field.auto_id, takes, tuple(map(str, field.errors)))
    return kept("parts/file_drop.html", field=place)


@register.filter
def target_of(field: BoundField) -> str:
    """The id an error link leads to: the field itself, or the first of its options."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """The fields with something to say about them, in the order of the form."""
    return [field for field in form if field.errors]


@register.filter
def is_chosen(card: dict[str, Any], field: BoundField | None) -> bool:
    """Whether a choice card is ticked: by the field's value if there is a field, else by the card's own `checked`."""
    if field is None:
        return bool(card.get("checked"))
    value = field.value()
    if value is None:
        return False
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value) == str(card["value"])
    return str(card["value"]) in {str(one) for one in value}


@register.filter
def cards_of(field: BoundField) -> list[dict[str, Any]]:
    """The choices of a radio or checkbox field as plain cards, for a field that brings no pictures or examples."""
    return [
        {"value": one.data["value"], "title": one.choice_label} for one in field.subwidgets if one.data["value"] != ""
    ]


@register.filter
def takes_many(field: BoundField | None) -> bool:
    """Whether several cards may be ticked."""
    return getattr(field.field.widget, "allow_multiple_selected", False) if field else False


@register.filter
def is_check(field: BoundField) -> bool:
    """A single tick box, whose label stands behind it."""
    return field.widget_type in {"checkbox", "nullboolean"}
