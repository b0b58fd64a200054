"""What notices kept before they kept no links: the seal is taken out, and what the link opened stays."""

from __future__ import annotations

from typing import Any

_LINKS = {"care.message": "unsubscribe_url", "visit.invited": "status_url"}


def take_out(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("notices", "Notice").objects.using(schema_editor.connection.alias)
    for notice in notices.filter(template__in=_LINKS).iterator(1000):
        name = _LINKS[notice.template]
        link = notice.params.get(name)
        if isinstance(link, str):
            notice.params[name] = _opened_by(notice, link)
            notice.save(update_fields=["params"])


def _opened_by(notice: Any, link: str) -> dict[str, str]:
    if notice.template == "visit.invited":
        return {"opens": "visit", "of": notice.params["ref"]}
    return {"opens": "consents", "of": link.rstrip("/").rpartition("/")[2].rpartition(":")[0]}
