"""What is not used any more is retired on its page of the office, at an instant by the shop's clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tickets.models import Tag

pytestmark = pytest.mark.django_db


def test_an_instant_is_one_control_and_is_read_by_the_shops_clock(office: Any) -> None:
    tag, client = Tag.objects.create(name="双十一"), office()
    page = f"/office/tickets/tag/{tag.pk}/change/"
    assert 'type="datetime-local" name="retired_at"' in client.get(page).text
    assert client.post(page, {"name": tag.name, "retired_at": "2026-11-12T08:30"}).status_code == 302
    tag.refresh_from_db()
    assert tag.retired_at == dt.datetime(2026, 11, 12, 0, 30, tzinfo=dt.UTC)
    assert 'value="2026-11-12T08:30:00"' in client.get(page).text
    wrong = client.post(page, {"name": tag.name, "retired_at": "gone"})
    assert wrong.context["adminform"].form.errors["retired_at"]
