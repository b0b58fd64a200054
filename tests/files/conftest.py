"""Pictures made on the spot, a thing to attach them to, and who looks at them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.accounts.models import Team
from aftersales.files import access
from aftersales.kernel.actor import Actor, Role

LEA = Actor(kind="staff", id=7, role=Role.LEAD, label="Lea")
ADA = Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset({1}))
EVE = Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset({2}))


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A store of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def team(db: None, monkeypatch: pytest.MonkeyPatch) -> Team:
    """The thing photos belong to: staff and Ada may see it, Eve may not."""
    monkeypatch.setattr(access, "_registered", {})
    access.register("accounts.team", lambda actor, _pk: actor.is_staff or 1 in actor.orders)
    return Team.objects.create(name="Returns")


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    """An upload holding a real picture in the wanted format and size."""

    def make(
        name: str = "shoe.jpg", form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any
    ) -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.effect_noise(size, 60).convert(mode).save(out, form, **options)
        return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")

    return make
