"""Why a document did not become a record, as one sentence that says what to do."""

from __future__ import annotations

import errno
import os

from pipeline.errors import CongvanError
from pipeline.messages import Language, say, technical
from pipeline.resources import lexicon

_DENIED = os.strerror(errno.EACCES)


def explain(reason: str, name: str, detail: str = "", language: Language | None = None) -> str:
    """One sentence for the reason code of an error or of the ledger about the file `name`."""
    entries = lexicon("messages/common")
    key = f"error-{reason}" if f"error-{reason}" in entries else "error-unknown"
    text = say(f"common.{key}", language, name=name, reason=reason)
    words = " ".join(detail.split())
    adds_nothing = words in ("", reason) or (reason, words) == ("permission", _DENIED)
    return text if adds_nothing else f"{text} ({technical(words, language)})"


def explain_error(error: CongvanError, language: Language | None = None) -> str:
    """The sentence of an error, about the path or name in its facts."""
    name = next((str(error.facts[k]) for k in ("path", "name") if error.facts.get(k)), "")
    detail = str(error)
    return explain(error.reason, name or detail, "" if not name else detail, language)
