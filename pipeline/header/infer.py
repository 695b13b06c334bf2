"""The issuer where it is not printed: inferred from symbol and place, never without evidence."""

from __future__ import annotations

import re

from pipeline.header.foot import Foot
from pipeline.header.number import Issued, Numbered
from pipeline.header.portal import Portal
from pipeline.header.sheet import Sheet
from pipeline.record import Found
from pipeline.resources import lexicon_rows

_CITIES = {"Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh", "Huế"}


def infer_issuer(
    sheet: Sheet, number: Numbered | None, issued: Issued, foot: Foot, portal: Portal
) -> Found[str] | None:
    """The body that symbol and place (or the signer's title) point to; `origin` says inferred."""
    if "issuer" in portal.facts:
        span = portal.facts["issuer"]
        return sheet.found(span.start, span.end, "rule:header.portal-issuer")
    if number and number.symbol:
        return _from_symbol(number.symbol, issued)
    title = foot.signature.authority
    if title is not None and re.search(r"BỘ TRƯỞNG, CHỦ NHIỆM", title.value):
        return title.model_copy(
            update={
                "value": "Văn phòng Chính phủ",
                "origin": "inferred:header.signer-title",
                "confidence": 0.8,
            }
        )
    return None


def _from_symbol(symbol: Found[str], issued: Issued) -> Found[str] | None:
    for part in re.split(r"[-/]", symbol.value):
        organ = part.rstrip("0123456789")
        row = next((row for row in lexicon_rows("symbols") if row["symbol"] in (part, organ)), None)
        if row is None or not _in_time(row, issued):
            continue
        name = row["name"]
        if row["level"] == "province" and issued.place:
            name = f"{name} {_province(issued.place.value)}"
        return symbol.model_copy(
            update={"value": name, "origin": "inferred:header.symbol-and-place", "confidence": 0.7}
        )
    return None


def _in_time(row: dict[str, str], issued: Issued) -> bool:
    if issued.date is None:
        return not row["valid_to"]
    day = issued.date.value
    return (not row["valid_from"] or row["valid_from"][: len(day)] <= day) and (
        not row["valid_to"] or day <= row["valid_to"][: len(day)]
    )


def _province(place: str) -> str:
    bare = re.sub(r"^(?:TP\.?|Thành phố|thành phố)\s*", "", place)
    return f"thành phố {bare}" if bare in _CITIES else f"tỉnh {bare}"
