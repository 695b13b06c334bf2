"""Headings of the official gazette (Công báo) and of collections of laws: who, number and date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.header.number import Numbered, coded, iso_date
from pipeline.header.sheet import Sheet, Span
from pipeline.record import Found

_HEADING = re.compile(
    r"[\s*]*cua\s+(?P<issuer>[^.;]{3,120}?)\s+so\s*:?\s*(?P<code>\d[\w/&-]{0,40})\s*,?\s+"
    r"ngay\s+(?P<day>\d{1,2})\s+thang\s+(?P<month>\d{1,2})\s+nam\s+(?P<year>\d{4})\s*"
)
_LONGEST = 300
"""Characters that such a heading has at most."""


@dataclass(frozen=True, slots=True)
class Gazette:
    """What the heading states, and where it ends."""

    issuer: Found[str] | None
    numbered: Numbered | None
    date: Found[str] | None
    end: int


def parse_gazette(sheet: Sheet, kind: Span | None) -> Gazette | None:
    """ "CỦA BỘ Y TẾ SỐ 05/2010/TT-BYT NGÀY 20 THÁNG 01 NĂM 2010 …" behind the kind's name."""
    if kind is None:
        return None
    match = _HEADING.match(sheet.folded, kind.end, kind.end + _LONGEST)
    if match is None:
        return None
    date = iso_date(match["year"], match["month"], match["day"])
    return Gazette(
        issuer=sheet.found(*match.span("issuer"), "rule:header.gazette-issuer"),
        numbered=coded(sheet, Span(*match.span("code")), "rule:header.gazette-number"),
        date=sheet.found(
            match.start("day"), match.end("year"), "rule:header.gazette-date", value=date
        )
        if date
        else None,
        end=match.end(),
    )
