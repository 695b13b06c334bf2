"""Number, symbol, place and date of issue from their printed marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.header.anchors import DATE, LOOSE_DATE, NUMBER
from pipeline.header.sheet import Sheet, Span, tidy
from pipeline.header.torn import TORN_DATE, TORN_NUMBER
from pipeline.record import Found

_YEAR = re.compile(r"(?:18|19|20)\d\d\s*/\s*")
_BARE = re.compile(r"\d{1,4}")
"""The number of a document of before 1954, which has no symbol."""
_DASHES = re.compile(r"\s*[-–]\s*")


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a number line says; `code` is the normal form, None when the number is blank."""

    number: Found[str] | None
    symbol: Found[str] | None
    code: str | None
    is_party: bool
    blank: Span | None


def parse_number(sheet: Sheet, span: Span, origin: str = "rule:header.number") -> Numbered | None:
    """The parts of "Số: 229 /TB-STNMT", "Số 45-TB/UBKTHU" or "30/2020/NĐ-CP" at `span`.

    A Party code is number-type/organ; its symbol is written "TB/UBKTHU".
    """
    match = NUMBER.match(sheet.folded, span.start, span.end)
    if match is None:
        return _torn_number(sheet, span, origin)
    digits = match["number"].replace(".", "").strip(" …_-")
    number = None
    if digits:
        start, end = sheet.trim(*match.span("number"), extra=".")
        number = sheet.found(
            start, end, origin, value=sheet.flat[start:end].replace(".", "").upper()
        )
    symbol, written = _symbol(sheet, match, origin)
    is_party = match["sep"] == "-" and "/" in written
    code = f"{number.value}{match['sep']}{written}" if number else None
    blank = None if number else Span(match.start(), match.end())
    return Numbered(number, symbol, code, is_party, blank)


def _symbol(sheet: Sheet, match: re.Match[str], origin: str) -> tuple[Found[str] | None, str]:
    """The symbol without a year, and with it."""
    start, end = sheet.trim(*match.span("symbol"), extra=".,;:-–")
    written = _DASHES.sub("-", tidy(sheet.flat[start:end])).replace(" ", "")
    year = _YEAR.match(written)
    if year is None:
        return sheet.found(start, end, origin, value=written), written
    inner = _YEAR.match(sheet.flat, start)
    start = inner.end() if inner else start
    return sheet.found(start, end, origin, value=written[year.end() :]), written


def _torn_number(sheet: Sheet, span: Span, origin: str) -> Numbered | None:
    """The symbol of a number line whose figures OCR could not read."""
    match = TORN_NUMBER.match(sheet.folded, span.start, span.end)
    if match is None:
        return None
    return Numbered(None, _symbol(sheet, match, origin)[0], None, False, None)


def coded(sheet: Sheet, span: Span, origin: str) -> Numbered | None:
    """A code without the word "Số" before it, in a table or an annex's reference line."""
    match = re.match(
        r"(?P<number>\d[\d.]*)\s*(?P<sep>[/-]?)\s*(?P<symbol>(?:\d{4}\s*/\s*)?[a-z][\w&]*(?:[-/.][\w&]+)*)",
        sheet.folded[span.start : span.end],
    )
    if match is None:
        digits = _BARE.fullmatch(sheet.folded, span.start, span.end)
        number = sheet.found(span.start, span.end, origin) if digits else None
        return Numbered(number, None, None, False, None) if number else None
    number = sheet.found(
        span.start + match.start("number"), span.start + match.end("number"), origin
    )
    start, end = (span.start + offset for offset in match.span("symbol"))
    written = "".join(sheet.flat[start:end].split())
    year = _YEAR.match(sheet.flat, start)
    symbol = sheet.found(year.end() if year else start, end, origin)
    is_one_word = match.end("number") == match.start("symbol")
    separator = match["sep"] or ("" if is_one_word and "/" in written else "/")
    is_party = separator == "-" and "/" in written
    return Numbered(
        number, symbol, f"{number.value}{separator}{written}" if number else None, is_party, None
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """Place and date of issue; `is_partial` when the day or month was left blank."""

    place: Found[str] | None
    date: Found[str] | None
    is_partial: bool


def parse_date(sheet: Sheet, span: Span, origin: str = "rule:header.date") -> Issued:
    """Place and ISO date of "Hải Phòng, ngày 24 tháng 7 năm 2023"; blanks leave a shorter date."""
    match = DATE.search(sheet.folded, span.start, span.end) or LOOSE_DATE.search(
        sheet.folded, span.start, span.end
    )
    if match is None:
        torn = TORN_DATE.match(sheet.folded, span.start, span.end)
        return Issued(_place(sheet, *torn.span("place")) if torn else None, None, False)
    place = _place(sheet, span.start, match.start())
    value, is_partial = _iso(match["year"], match["month"], match["day"])
    date = sheet.found(match.start(), match.end(), origin, value=value) if value else None
    return Issued(place, date, is_partial)


def _place(sheet: Sheet, start: int, end: int) -> Found[str] | None:
    return sheet.found(start, end, "rule:header.place", extra=",.;:-–")


def _iso(year: str, month: str, day: str) -> tuple[str | None, bool]:
    if not (year.isdigit() and len(year) == 4):
        return None, True
    if not (month.isdigit() and 1 <= int(month) <= 12):
        return year, True
    if not (day.isdigit() and 1 <= int(day) <= 31):
        return f"{year}-{int(month):02d}", True
    return f"{year}-{int(month):02d}-{int(day):02d}", False


def iso_date(year: str, month: str, day: str) -> str | None:
    """A whole date as ISO 8601; None when it is no date."""
    value, is_partial = _iso(year, month, day)
    return None if is_partial else value


_SLASHED = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d\d)(?!\d)")


def slashed_date(sheet: Sheet, start: int, end: int, origin: str) -> Found[str] | None:
    """The first "24/7/2023" between the offsets as an ISO date."""
    match = _SLASHED.search(sheet.flat, start, end)
    if match is None:
        return None
    value, is_partial = _iso(match[3], match[2], match[1])
    return None if is_partial else sheet.found(*match.span(), origin, value=value)
