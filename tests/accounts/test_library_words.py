"""What Django and allauth say stands here in our words, in the language of who reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from aftersales.kernel import librarywords
from tests.accounts.test_sign_in import PASSWORD, set_up, sign_in
from tests.world import member

pytestmark = pytest.mark.django_db
LOCALE = Path(librarywords.__file__).resolve().parents[2] / "locale"
HOLE = re.compile(r"%\(\w+\)[sdr]|%d")
LANGUAGES = {"en": "en", "zh-hans": "zh_Hans"}


def catalogue(language: str) -> dict[str, polib.POEntry]:
    file = polib.pofile(str(LOCALE / LANGUAGES[language] / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry for entry in file if not entry.msgctxt}


def test_every_sentence_is_said_our_way_in_both_languages_with_the_same_holes() -> None:
    english, chinese = catalogue("en"), catalogue("zh-hans")
    for msgid, entry in english.items():
        there = chinese[msgid]
        for text in (entry.msgstr, *entry.msgstr_plural.values(), there.msgstr, *there.msgstr_plural.values()):
            assert set(HOLE.findall(text)) == (set(HOLE.findall(msgid)) if text else set()), msgid
        assert re.search("[\u4e00-\u9fff]", there.msgstr or there.msgstr_plural[0]), msgid


def test_the_compiled_english_is_the_written_one() -> None:
    compiled = polib.mofile(str(LOCALE / "en" / "LC_MESSAGES" / "django.mo"))
    assert {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled} == {
        msgid: (e.msgstr, e.msgstr_plural) for msgid, e in catalogue("en").items()
    }


def test_the_listed_sentences_are_the_catalogues() -> None:
    with translation.override(None):
        bare = {str(each) for each in librarywords.SAID}
    assert {entry.msgid_plural or msgid for msgid, entry in catalogue("en").items()} == bare


@pytest.fixture
def agent(db: None) -> Any:
    cache.clear()
    user = member("manager")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_of_signing_in_speaks_the_librarys_words(agent: Any, language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    client.cookies["desk_language"] = language
    sign_in(client, email=agent.email)
    pages = [client.get(f"/account/{path}") for path in ("reauthenticate/", "password/change/", "2fa/")]
    wrong = {"oldpassword": "no", "password1": "short", "password2": "other"}
    pages += [
        client.post("/account/password/change/", wrong),
        client.post("/account/reauthenticate/", {"password": "no"}),
    ]
    cache.clear()
    set_up(client)
    pages += [client.get(f"/account/2fa/{path}") for path in ("", "recovery-codes/generate/", "totp/deactivate/")]
    pages.append(client.post("/account/2fa/totp/activate/", {"code": "x"}))
    theirs = [msgid for msgid, entry in catalogue("en").items() if len(msgid) > 12 and msgid != entry.msgstr]
    for page in pages:
        text = page.content.decode()
        assert [msgid for msgid in theirs if msgid in text] == [], page.request["PATH_INFO"]
        words = re.sub(r"<head.*?</head>|<script.*?</script>|<[^>]+>|English|简体中文", " ", text, flags=re.DOTALL)
        if language == "en":
            assert not re.search("[\u4e00-\u9fff]", words), page.request["PATH_INFO"]
        else:
            assert not re.search(r"\b(your|the|is|code|password)\b", words), page.request["PATH_INFO"]


def test_the_password_hint_of_the_office_is_in_the_language_of_the_page(office_client: Client) -> None:
    english = office_client.get("/office/accounts/user/add/").content.decode()
    assert "15 characters at least." in english
    assert not re.search("[\u4e00-\u9fff]", english[english.index("Leave empty to keep") :][:300])
    office_client.cookies["desk_language"] = "zh-hans"
    assert "至少 15 个字符。" in office_client.get("/office/accounts/user/add/").content.decode()


@pytest.fixture
def office_client(agent: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, email=agent.email)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client
