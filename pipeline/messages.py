"""Every text that a user sees, in Vietnamese and English.

Texts are data: models/lexicons/messages/AREA.yaml holds `key: {vi: ..., en: ...}` with `{name}`
slots; the key "load.done" is `done` in load.yaml.
"""

from __future__ import annotations

import os
import re
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


_SLOT = re.compile(r"\\\{(\w+)\\\}")


@cache
def filled(form: str) -> re.Pattern[str]:
    """What a text looks like that is `form` with its {slots} filled."""
    return re.compile(_SLOT.sub(r"(?P<\1>.+?)", re.escape(form)), re.DOTALL)


def resaid(text: str, form: str, wanted: str) -> str | None:
    """`text`, which is `form` with its {slots} filled, as `wanted`; None when it is not."""
    match = filled(form).fullmatch(text)
    return wanted.format(**match.groupdict()) if match else None


def technical(text: str, language: Language | None = None) -> str:
    """What readers and libraries say in English, in `language`; as it is where it is not known."""
    if (language or default_language()) == "en":
        return text
    for entry in lexicon("messages/technical").values():
        match = filled(entry["en"]).fullmatch(text)
        if match:
            held = {name: technical(words, language) for name, words in match.groupdict().items()}
            return str(entry["vi"].format(**held))
    return text
