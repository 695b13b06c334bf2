"""Errors of store and search, with their sentence in the language of the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.errors import ExitCode, QueryError, StoreError
from pipeline.messages import Language, default_language, say, technical
from pipeline.resources import lexicon_rows


class NoIndexError(StoreError):
    """There is no index to search."""

    reason = "no-index"
    remedy = "load documents, or run congvan reindex"


class OldIndexError(StoreError):
    """The index is damaged or of another version."""

    reason = "old-index"
    remedy = "run congvan reindex"


class MissingExtraError(StoreError):
    """A part of congvan that is installed only when asked for is needed."""

    reason = "needs-extra"
    remedy = "install the extra that the message names"


class NoDocumentError(QueryError):
    """No document is called so."""

    exit_code = ExitCode.NOTHING_FOUND
    reason = "no-document"
    remedy = "look for it with congvan search"

    def __init__(self, name: str) -> None:
        """`name` is what was asked for: an id, the start of one, or a number."""
        super().__init__(code=self.reason, name=name)


def query_error(code: str, **values: object) -> QueryError:
    """What is wrong with a query, as "error-CODE" of messages/search.yaml."""
    return QueryError(_said(code, default_language(), values), code=code, **values)


def _said(code: str, language: Language, values: Mapping[str, object]) -> str:
    """The sentence; names of values as a person types them in this language."""
    shown = dict(values)
    if code == "choice":
        names = str(values["names"]).split(", ")
        shown["names"] = ", ".join(_shown(str(values["field"]), names, language))
    elif code == "filter":
        shown["problem"] = technical(str(values["problem"]), language)
    return say(f"search.error-{code}", language, **shown)


def filter_error(field: str, found: Mapping[str, Any]) -> QueryError:
    """What is wrong with the filter `field`, from one entry of pydantic's `errors()`."""
    value, context = str(found.get("input", ""))[:60], found.get("ctx", {})
    if found["type"].startswith("date_") or str(context.get("pattern", "")).startswith(r"^\d{4}"):
        return query_error("day", field=field, value=value)
    if found["type"] == "literal_error":
        names = re.findall(r"'([^']+)'", context["expected"])
        return query_error("choice", field=field, value=value, names=", ".join(names))
    return query_error("filter", name=field, problem=found["msg"])


def _shown(field: str, names: list[str], language: Language) -> list[str]:
    """The names of values as a person types them in this language."""
    if language == "en":
        return names
    rows = [row for row in lexicon_rows("query_fields") if row["field"] == field]
    aliases = {row["value"]: row["alias"] for row in reversed(rows)}
    return [aliases.get(name, name) for name in names]


def explain_query(error: QueryError, language: Language) -> str:
    """What is wrong with a question, in a language that is not the one of this process."""
    facts = dict(error.facts)
    code = facts.pop("code", None)
    return _said(str(code), language, facts) if code else str(error)


def missing_extra(package: str, extra: str) -> MissingExtraError:
    """`package` is not installed; it comes with congvan[`extra`]."""
    return MissingExtraError(f"pip install 'congvan[{extra}]'", name=package, extra=extra)
