"""Why a customer asks: the two-level list of reasons. The portal shows it as cards, `facts` takes its codes, the
tables read its `matter`.

The list itself is `reasons.toml`: to add a reason, add it there; a new `matter` also needs rows in every pack
(`manage.py prove` says which).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# What goods may be, for reasons that make no sense otherwise.
TRAITS = frozenset({"dated"})
PROOFS = {
    "none": ("不需要凭证", "nothing to send"),
    "photo": ("照片", "photos"),
    "photo_or_video": ("照片或视频", "photos or a video"),
    "unboxing_photo": ("开箱照片和快递面单照片", "photos of the opened parcel and its label"),
    "tracking": ("物流信息", "the tracking record"),
    "serial_and_video": ("序列号和故障视频", "the serial number and a video of the fault"),
    "chat_record": ("聊天记录", "the chat record"),
    "certificate": ("行政部门的认定文书", "the authority's finding"),
    "inspection_photo": ("验货照片", "inspection photos"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One leaf. `cause` is the party it points to until something else is found; `offered` the order stages a
    customer may pick it at; `only_for` the trait goods need for it to make sense, "" for all."""

    code: str
    group: str
    matter: str
    cause: str
    proof: str
    offered: frozenset[str]
    zh: str
    en: str
    example_zh: str
    example_en: str
    only_for: str = ""

    def label(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en

    def example(self, locale: str) -> str:
        return self.example_zh if locale.startswith("zh") else self.example_en

    def proof_label(self, locale: str) -> str:
        return PROOFS[self.proof][0 if locale.startswith("zh") else 1]


@dataclass(frozen=True, slots=True)
class Group:
    """One card of the first level with its leaves in the order they are shown."""

    code: str
    zh: str
    en: str
    reasons: tuple[Reason, ...]

    def label(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


@cache
def groups() -> tuple[Group, ...]:
    """Every group with its leaves, in the order of the file."""
    read = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    return tuple(
        Group(
            code=group["code"],
            zh=group["zh"],
            en=group["en"],
            reasons=tuple(
                Reason(**{**leaf, "group": group["code"], "offered": frozenset(leaf["offered"])})
                for leaf in group["reason"]
            ),
        )
        for group in read["group"]
    )


@cache
def reasons() -> dict[str, Reason]:
    """Every leaf by its code."""
    return {leaf.code: leaf for group in groups() for leaf in group.reasons}


def offered(stage: str, traits: frozenset[str] = TRAITS) -> tuple[Group, ...]:
    """The groups a customer may choose from when the order is at `stage`, without leaves that make no sense then.

    `traits` are those the goods may have; leaves for goods of another kind are left out.
    """
    return tuple(
        Group(group.code, group.zh, group.en, leaves)
        for group in groups()
        if (leaves := tuple(leaf for leaf in group.reasons if stage in leaf.offered and fits(leaf, traits)))
    )


def fits(leaf: Reason, traits: frozenset[str]) -> bool:
    """Whether the reason makes sense for goods that may have these traits."""
    return not leaf.only_for or leaf.only_for in traits
