"""Every text that a user sees, in Vietnamese and English.

Texts are data: models/lexicons/messages/AREA.yaml holds `key: {vi: ..., en: ...}` with `{name}`
slots; the key "load.done" is `done` in load.yaml.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Literal, cast

from pipeline.resources import lexicon

Language = Literal["vi", "en"]


@cache
def default_language() -> Language:
    """CONGVAN_LANG, else the locale: Vietnamese for vi_*, English for any other named locale.

    Without a locale (C, POSIX, unset) it is Vietnamese, the language of the users.
    """
    chosen = os.environ.get("CONGVAN_LANG", "").lower()[:2]
    if chosen in ("vi", "en"):
        return cast(Language, chosen)
    locale = next(
        (os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), ""
    )
    language = locale.split(".")[0].split("_")[0].lower()
    return "vi" if language in ("", "vi", "c", "posix") else "en"


def say(key: str, language: Language | None = None, **values: object) -> str:
    """The text of `key` ("area.name") in `language`, its slots filled."""
    area, _, name = key.partition(".")
    entry = lexicon(f"messages/{area}")[name]
    return str(entry[language or default_language()]).format(**values)
