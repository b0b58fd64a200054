"""Accept a change of the API's contract: `python -m tests.faces.api.write_schema` writes schema.json anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django


def main() -> None:
    """The schema as the tests compare it: English, sorted, one key a line, so that a change reads well in a commit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    from django.test import RequestFactory
    from django.utils import translation
    from drf_spectacular.views import SpectacularAPIView

    request = RequestFactory().get("/api/v1/schema/", {"format": "json"})
    with translation.override("en"):
        answer = SpectacularAPIView.as_view()(request).render()
    text = json.dumps(json.loads(answer.content), indent=1, ensure_ascii=False, sort_keys=True)
    Path(__file__).with_name("schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
