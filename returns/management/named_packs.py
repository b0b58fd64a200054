"""The rules that a command names: a shipped pack, a pack folder, or a version of the database such as `cn@3`."""

from returns.models import RuleVersion
from returns.models.timeline import pack_of
from returns.rules.pack import Pack, open_pack
from returns.rules.text import PackError


def named_pack(name: str) -> Pack:
    """The pack of that name; only a version asks the database. Raises PackError where there is none, or it cannot be
    read."""
    rule_set, at, number = name.partition("@")
    if not at:
        return open_pack(name)
    version = RuleVersion.objects.filter(rule_set=rule_set, number=int(number) if number.isdecimal() else 0).first()
    if version is None:
        raise PackError(name, f"is not a version; versions are named like {rule_set or 'cn'}@3")
    return pack_of(version)
