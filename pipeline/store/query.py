"""What can be asked: the query model that every engine and the HTTP API share, and its text syntax.

hồ sơ quá hạn                     all words; the phrase first, accented matches first
"đường dây nóng" OR hotline       phrases, OR, NOT or a leading minus, parentheses, prefix*
label:task agency:"Sở Y tế" has:deadline overdue:2025-12-31 from:2023 to:2024-06
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from pipeline.document import Frozen
from pipeline.record import Family, Label
from pipeline.resources import lexicon_rows
from pipeline.store.names import number_words
from pipeline.store.passages import PassageUnit, Quality
from pipeline.store.problems import filter_error, query_error
from pipeline.text.fold import fold, nfc

Sort = Literal["best", "newest", "oldest", "due"]
Facet = Literal[
    "kind", "label", "agency", "year", "place", "province", "family", "deadline", "quality"
]

MAX_TEXT = 2_000
"""Characters of a query; a longer one is a pasted document, not a question."""
MAX_TERMS = 60
MAX_DEPTH = 20


def _real(part: str) -> str:
    """The day, month or year, when the calendar has it."""
    try:
        dt.date.fromisoformat(part + "0001-01-01"[len(part) :])
    except ValueError as error:
        raise PydanticCustomError("date_part", "not a day, month or year") from error
    return part


DayPart = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$"), AfterValidator(_real)]
"""A day, month or year in ISO order."""


class Query(Frozen):
    """One question. Dates are ISO 8601 and may be parts: "2023", "2023-05"."""

    text: str = Field("", max_length=MAX_TEXT)
    kinds: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    units: tuple[PassageUnit, ...] = ()
    families: tuple[Family, ...] = ()
    qualities: tuple[Quality, ...] = ()
    agencies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    number: str | None = None
    document_id: str | None = None
    dated_from: DayPart | None = None
    dated_to: DayPart | None = None
    due_from: dt.date | None = None
    due_before: dt.date | None = None
    has_deadline: bool = False
    overdue_on: dt.date | None = None
    include_secret: bool = False
    sort: Sort = "best"
    facets: tuple[Facet, ...] = ()
    limit: int = Field(20, ge=1, le=1000)
    cursor: str | None = Field(None, max_length=400)


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side; one word when typed alone. `prefix` lets the last word go on."""

    words: tuple[str, ...]
    prefix: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Several expressions joined by "and" or "or"; "not" excludes its only item."""

    operator: Literal["and", "or", "not"]
    items: tuple[Expression, ...]


Expression = Term | Group

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\() | (?P<close>\))
      | (?P<not>-(?=[^\s-]))
      | (?P<field>[^\W\d_]+):(?=["\w])
      | "(?P<phrase>[^"]*)"(?P<phrase_prefix>\*)?
      | (?P<word>[^\s"()]+)""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W_]+")


@cache
def _aliases() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    fields, values = {}, {}
    for row in lexicon_rows("query_fields"):
        if row["value"]:
            values[row["field"], _joined(row["alias"])] = row["value"]
        else:
            fields[fold(row["alias"])] = row["field"]
    return fields, values


def _joined(value: str) -> str:
    return "".join(fold(nfc(value)).split())


def meant(field: str, value: str) -> str:
    """The value of `field` that a person's word for it means: "nhiemvu" as a label is "task"."""
    return _aliases()[1].get((field, _joined(value)), value)


def interpret(query: Query) -> tuple[Expression | None, Query]:
    """The expression in the text of a query, and the query with the filters typed in the text.

    Raises:
        QueryError: brackets or quotes do not match, a field has an impossible value, or the text
            has more than 60 terms.
    """
    parser = _Parser(nfc(query.text))
    expression = parser.parse()
    if not parser.fields:
        return expression, query
    changes: dict[str, Any] = {}
    for field, value in parser.fields:
        _apply(field, value, query, changes)
    try:
        return expression, Query.model_validate(query.model_dump() | changes)
    except ValidationError as error:
        where = error.errors()[0]
        raise filter_error(typed_name(str(where["loc"][0])), where) from error


LISTS = {
    "kind": "kinds",
    "label": "labels",
    "unit": "units",
    "family": "families",
    "quality": "qualities",
    "agency": "agencies",
    "place": "places",
    "signer": "signers",
    "topic": "topics",
}
"""What may be asked for several times: its name as typed -> field of `Query`."""
_SINGLE = {
    "number": "number",
    "from": "dated_from",
    "to": "dated_to",
    "due": "due_before",
    "overdue": "overdue_on",
}


def typed_name(field: str) -> str:
    """The name that people type for a field of `Query`: "label" for "labels"."""
    named = {name: typed for typed, name in (LISTS | _SINGLE).items()}
    return named.get(field, field)


FIELDS = (*LISTS, *_SINGLE, "has")
FIELD_NAMES = LISTS | {
    "q": "text",
    "assignee": "assignees",
    "assigner": "assigners",
    "coordinator": "coordinators",
    "monitor": "monitors",
    "state": "states",
    "document": "document_id",
    "date_from": "dated_from",
    "date_to": "dated_to",
}
"""Parameter or option -> field of `Query` and `TaskQuery`, where the names differ."""


def unknown_fields(text: str) -> tuple[str, ...]:
    """Words that look like a filter and are none, as "foo" in "foo:bar"; they are searched for."""
    names = (match["field"] for match in _TOKEN.finditer(nfc(text)))
    return tuple(name for name in names if name and fold(name) not in _aliases()[0])


def _apply(field: str, value: str, query: Query, changes: dict[str, Any]) -> None:
    value = meant(field, value)
    if field in LISTS:
        name = LISTS[field]
        changes[name] = (*changes.get(name, getattr(query, name)), value)
    elif field == "has":
        if value != "deadline":
            raise query_error("has", value=value)
        changes["has_deadline"] = True
    else:
        changes[_SINGLE[field]] = value if field == "number" else iso_day(value)


def iso_day(value: str) -> str:
    """A day, month or year as people type it, in ISO order: "31/12/2025" gives "2025-12-31"."""
    parts = value.strip().split("/")
    if len(parts) > 1 and all(part.isdigit() for part in parts) and len(parts[-1]) == 4:
        return "-".join([parts[-1], *(part.zfill(2) for part in reversed(parts[:-1]))])
    return value.strip()


class _Parser:
    """Recursive descent over the tokens of a query."""

    def __init__(self, text: str) -> None:
        self.tokens = self._split(text)
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.fields: list[tuple[str, str]] = []

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise query_error("quotes")
            kind = match.lastgroup or ""
            if kind == "field" and fold(match["field"]) not in _aliases()[0]:
                kind, match = "word", _WORD_TOKEN.match(text, at) or match
            if kind == "phrase_prefix":
                tokens.append(("phrase*", match["phrase"]))
            elif kind != "space":
                tokens.append((kind, match[kind] if kind in match.groupdict() else match.group()))
            at = match.end()
        return tokens

    def parse(self) -> Expression | None:
        expression = self._any()
        if self.at < len(self.tokens):
            raise query_error("bracket-open")
        return expression

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _any(self) -> Expression | None:
        items = [self._all()]
        while self._peek() in (("word", "OR"), ("word", "|")):
            self.at += 1
            items.append(self._all())
        found = tuple(item for item in items if item is not None)
        return found[0] if len(found) == 1 else Group("or", found) if found else None

    def _all(self) -> Expression | None:
        items: list[Expression] = []
        while (token := self._peek())[0] not in ("end", "close") and token not in (
            ("word", "OR"),
            ("word", "|"),
        ):
            item = self._item()
            if item is not None:
                items.append(item)
        return items[0] if len(items) == 1 else Group("and", tuple(items)) if items else None

    def _item(self) -> Expression | None:
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "open":
            return self._bracket()
        if kind == "field":
            self._field(value)
            return None
        if kind == "not" or (kind, value) == ("word", "NOT"):
            item = self._item() if self._peek()[0] not in ("end", "close") else None
            return Group("not", (item,)) if item is not None else None
        if (kind, value) in (("word", "AND"), ("word", "&")):
            return None
        return self._term(kind, value)

    def _bracket(self) -> Expression | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise query_error("bracket-depth")
        inner = self._any()
        if self._peek()[0] != "close":
            raise query_error("bracket-close")
        self.at += 1
        self.depth -= 1
        return inner

    def _field(self, name: str) -> None:
        kind, value = self._peek()
        if kind not in ("word", "phrase"):
            raise query_error("value", name=name)
        self.at += 1
        self.fields.append((_aliases()[0][fold(name)], value))

    def _term(self, kind: str, value: str) -> Term | None:
        words = tuple(_WORDS.findall(value))
        if not words:
            return None
        self.terms += len(words)
        if self.terms > MAX_TERMS:
            raise query_error("too-long", limit=MAX_TERMS)
        prefix = kind == "phrase*" or (kind == "word" and value.endswith("*"))
        return Term(words, prefix=prefix, quoted=kind.startswith("phrase"))


_WORD_TOKEN = re.compile(r"(?P<word>[^\s\"()]+)")


def number_query(text: str) -> tuple[str, ...]:
    """The words of a document number, when the text can be one: digits and at most six others."""
    words = number_words(text)
    return words if 1 <= len(words) <= 7 and any(word[0].isdigit() for word in words) else ()
