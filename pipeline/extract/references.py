"""Văn bản viện dẫn: documents of State, Party and Union cited by number, old forms included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import repeat

from pipeline.record import Reference
from pipeline.resources import lexicon_rows
from pipeline.text.dates import date_at
from pipeline.text.digits import digit_runs

_CAPITAL = "A-ZĐÐƯÂÔƠÊ"
_NAME = rf"[{_CAPITAL}][\w&]*(?:\.\w+)*"
_SLASH = r"\s{0,2}/\s{0,2}"
_HYPHEN = r"(?:\s?[-–]\s?|\s?[-–]\s?[-–]\s?)"
_CODE = re.compile(
    rf"""
    (?P<number>\d(?<![\w/+–-].)(?<!\d[.,].)\d{{0,5}}[a-zA-Z]?(?:\.\d{{1,4}})?)
    (?:
        \s?[-–]\s?(?P<party>[{_CAPITAL}]\w*){_SLASH}(?P<body>{_NAME}(?:[-–]{_NAME})*)
      | (?:{_SLASH}(?P<year>(?:19|20)\d{{2}})|[-–](?P<oldyear>(?:19|20)\d{{2}}))?
        {_SLASH}(?P<symbol>{_NAME}(?:{_SLASH}{_NAME})?(?:{_HYPHEN}{_NAME})*)
    )
    """,
    re.VERBOSE,
)
_SLASH_BEFORE_NAME = re.compile(rf"/\s{{0,2}}[{_CAPITAL}]")
"""What every code holds."""
_AROUND = 120
"""How far a code reaches before and behind that slash, in characters."""
_NOT_WHOLE = r"(?![\w%]|[.,/–-]\w|\s?/|\s?[-–]\s?[A-ZĐ]|\s+(?:ngày|tháng|năm)\s+\d)"
"""After a bare number that is cited in short: neither the rest of a code nor of a date."""
_BARE = re.compile(rf"\d(?<=\s.)\d*{_NOT_WHOLE}")
_EDGE = 200
"""How far before a number the word "số" is looked for, in characters."""
_SAID = re.compile(r"\bsố", re.IGNORECASE)
_DATE_AFTER = re.compile(
    r"[\s,;]*\(?\s*(?:(?:của|do)\s[^.,;()\d]{2,70}?\s)?(?:ban hành\s+|ký\s+)?(?=ngày\b|\d)"
)
_GAP = re.compile(r"(\s?[-–]\s?(?:[-–]\s?)?)")
_HYPHENATED = re.compile(r"\w[-–]")
_FIRST_PART = re.compile(r"[^\s/–-]*")
_ASSEMBLY = re.compile(r"(?:UBTV)?QH\d{1,2}")
_REACH = 80
"""A date belongs to a code when it begins this near to its end, in characters."""


def normal_code(printed: str) -> str:
    """A code without blanks, with plain hyphens and Đ: "229 /TB - STNMT" is "229/TB-STNMT"."""
    return "".join(printed.split()).replace("–", "-").replace("Ð", "Đ")


def find_references(flat: str, *, own_code: str | None = None) -> tuple[Reference, ...]:
    """Every citation by number in the text, in order; `own_code` (the document's own) is none.

    Give the document's own text where `quote` must be verbatim: line breaks count as blanks.
    """
    own = normal_code(own_code).casefold() if own_code else None
    found = []
    for match in _codes(flat):
        end = _end(flat, match)
        code = normal_code(flat[match.start() : end])
        if code.casefold() == own or not _is_code(flat, match, end):
            continue
        found.append(
            Reference(
                code=code,
                kind=kind_of(code),
                date=_date_after(flat, end),
                start=match.start(),
                end=end,
                quote=flat[match.start() : end],
            )
        )
    return tuple(found)


def _codes(flat: str) -> Iterator[re.Match[str]]:
    """The same as `_CODE.finditer`, sooner: it is tried where a slash and a capital stand."""
    reached = 0
    for slash in _SLASH_BEFORE_NAME.finditer(flat):
        at = slash.start()
        if at >= reached:
            for match in _CODE.finditer(flat, max(reached, at - _AROUND), at + _AROUND):
                if match.start() > at:
                    break
                yield match
                reached = match.end()


def _end(flat: str, match: re.Match[str]) -> int:
    """Where the code ends: before a spaced hyphen that opens a remark ("12/QĐ-UBND - Sở Nội vụ").

    A symbol may hold blanks beside its hyphens only right after the abbreviation of a kind
    ("KL - TTr"), or where a line was broken after a hyphen.
    """
    if match["symbol"] is None:
        return match.end()
    parts = _GAP.split(match["symbol"])
    end, kept = match.start("symbol"), ""
    for index in range(0, len(parts), 2):
        gap = parts[index - 1] if index else ""
        if gap[:1].isspace() and kept not in _kinds():
            break
        if gap[-1:].isspace() and not parts[index].isupper() and kept not in _kinds():
            break
        end += len(gap) + len(parts[index])
        kept += gap + parts[index]
    return end


def _is_code(flat: str, match: re.Match[str], end: int) -> bool:
    """A number and capitals make a code when the capitals look like a symbol ("56/B" does not)."""
    if match["party"]:
        return sum(letter.isupper() for letter in match["body"]) >= 2 and match["party"] != "NĐ"
    symbol = flat[match.start("symbol") : end]
    capitals = sum(letter.isupper() for letter in symbol)
    if capitals < 2:
        return False
    hyphenated = _HYPHENATED.search(symbol) is not None
    first = _FIRST_PART.match(symbol)[0]  # type: ignore[index]
    known = first in _kinds() or _ASSEMBLY.fullmatch(symbol) is not None
    return hyphenated or known or bool(match["year"]) or _is_said(flat, match.start())


def _is_said(flat: str, at: int) -> bool:
    """Whether "số" or "số:" stands before the number at `at`."""
    before = flat[max(0, at - _EDGE) : at].rstrip().removesuffix(":").rstrip()
    return _SAID.search(before, max(0, len(before) - 2)) is not None


@cache
def _kinds() -> dict[str, str]:
    return {row["symbol"]: row["name"] for row in lexicon_rows("document_symbols")}


def kind_of(code: str) -> str | None:
    """The kind that a code names: KH for "64/KH-STNMT", QH for "39/2012/QH13".

    CV when it names only offices ("7415/BNV-CCVC"); None for what is no code.
    """
    party = re.fullmatch(r"\d+[a-zA-Z]?-(\D\w*)/.+", code)
    if party:
        return party[1]
    symbol = re.sub(r"^\d{4}/", "", code.partition("/")[2])
    if re.fullmatch(r"QH\d*", symbol):
        return "QH"
    first = re.split(r"[/-]", symbol, maxsplit=1)[0]
    return first if first in _kinds() else "CV" if "-" in symbol else None


def _date_after(flat: str, end: int) -> str | None:
    gap = _DATE_AFTER.match(flat, end)
    if gap is None:
        return None
    date = date_at(flat, gap.end(), min(len(flat), gap.end() + _REACH))
    return date.value[:10] if date and not date.value.startswith("--") else None


@cache
def _name_before() -> re.Pattern[str]:
    names = {name.lower() for name in _kinds().values()}
    words = "|".join(
        re.escape(w).replace(r"\ ", r"\s+") for w in sorted(names, key=len, reverse=True)
    )
    symbols = "|".join(s for s in sorted(_kinds(), key=len, reverse=True) if len(s) > 1)
    return re.compile(rf"(?<!\w)(?:(?P<name>(?i:{words}))|(?P<symbol>{symbols}))(?:\s+số:?)?\s+$")


def resolve_short_forms(flat: str, references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Short citations ("QĐ 262") whose kind and number name one document cited in full as well."""
    full = tuple(references)
    by_key: dict[tuple[str, str], set[str]] = {}
    for reference in full:
        name = _kinds().get(reference.kind or "")
        if name:
            by_key.setdefault((name, _number(reference.code)), set()).add(reference.code)
    if not by_key:
        return ()
    dates = {r.code: r.date for r in full if r.date}
    return tuple(
        Reference(
            code=code,
            kind=kind_of(code),
            date=dates.get(code),
            start=start,
            end=end,
            quote=flat[start:end],
        )
        for start, end, code in _resolved(flat, by_key)
    )


def _number(code: str) -> str:
    match = re.match(r"0*(\d+)", code)
    return match[1] if match else code


def _resolved(flat: str, by_key: dict[tuple[str, str], set[str]]) -> Iterator[tuple[int, int, str]]:
    numbers = {number for _, number in by_key}
    runs = digit_runs(flat, 0, len(flat))
    for match in filter(None, map(_BARE.match, repeat(flat), runs)):
        number = match[0].lstrip("0") or "0"
        if number not in numbers:
            continue
        reach = max(0, match.start() - _REACH)
        before = _name_before().search(flat[reach : match.start()])
        if before is None:
            continue
        name = (
            " ".join(before["name"].lower().split())
            if before["name"]
            else _kinds()[before["symbol"]]
        )
        codes = by_key.get((name, number), set())
        if len(codes) == 1:
            yield reach + before.start(), match.end(), next(iter(codes))
