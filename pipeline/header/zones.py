"""The parts of the text that are not the document's body."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.foot import Foot
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, is_upper
from pipeline.resources import lexicon
from pipeline.structure.draft import Zone

_ATTACHMENTS = ("phu luc", "phu bieu", "mau so")
_SAYS_SO = 6
"""Lines below the heading of an attachment among which it names the act that it comes with."""
_CODE_AND_YEAR = "{} năm "
_ISSUED = " ban hanh"
_NOT_UPDATED = "van ban nay chua cap nhat noi dung"
"""What sites print behind a text that they have not worked on."""


@dataclass(frozen=True, slots=True)
class ZoneSpan:
    """A span of the text that is header, footer, boilerplate or attachment, and why."""

    start: int
    end: int
    zone: Zone
    reason: str


def tail_start(sheet: Sheet, after: int) -> int:
    """Where the text of a web site behind the document begins; the text's end without one."""
    tail, not_updated = patterns().tail, _NOT_UPDATED in sheet.folded
    for line in sheet.lines:
        if line.start < after:
            continue
        folded = sheet.folded[line.start : line.end].lstrip(" *#|")
        if tail.match(folded) or (not_updated and _NOT_UPDATED in folded and line.start > after):
            return line.start
    return len(sheet.flat)


def named_again(sheet: Sheet, tail: int, code: str | None) -> int:
    """The site's text from the line above it on, if that only names the document once more:
    "Thông báo 12/TB-ABC năm 2025 về … do … ban hành"."""
    if code is None or tail >= len(sheet.flat):
        return tail
    line = next((line for line in reversed(sheet.lines) if line.end <= tail), None)
    if line is None or _CODE_AND_YEAR.format(code) not in sheet.flat[line.start : line.end]:
        return tail
    named = patterns().type_name.match(sheet.folded, line.start, line.end)
    return line.start if named and sheet.folded.endswith(_ISSUED, 0, line.end) else tail


def attachment_start(sheet: Sheet, after: int, stop: int) -> int:
    """Where the first attachment begins: a heading such as PHỤ LỤC alone in capitals."""
    if not any(words in sheet.folded for words in _ATTACHMENTS):
        return stop
    for at, line in enumerate(sheet.lines):
        if not after <= line.start < stop or line.end - line.start > 60:
            continue
        start, end = sheet.trim(line.start, line.end)
        if not sheet.folded.startswith(_ATTACHMENTS, start):
            continue
        if is_upper(sheet.flat[start : start + 7]) or (
            patterns().numbered_attachment.fullmatch(sheet.folded, start, end)
            and _is_attached(sheet, at)
        ):
            return line.start
    return stop


def _is_attached(sheet: Sheet, at: int) -> bool:
    """Whether what is headed "Phụ lục I" in small letters says soon that it comes with an act."""
    below = sheet.lines[at + 1 : at + _SAYS_SO]
    comes_with = lexicon("header_patterns")["comes_with_act"]
    return any(comes_with in sheet.folded[line.start : line.end] for line in below)


def official_zones(
    sheet: Sheet, top: int, body: int, foot: Foot, tail: int
) -> tuple[ZoneSpan, ...]:
    """Zones of a document with a header: site text, header, footer, attachments, site text."""
    zones = [_zone(sheet, 0, top, "boilerplate", "before-document")]
    zones.append(_zone(sheet, top, body, "header", "header"))
    if foot.start < foot.end:
        zones.append(_zone(sheet, foot.start, foot.end, "footer", "signature-and-recipients"))
        zones.append(_zone(sheet, foot.end, tail, "attachment", _why(sheet, foot.end)))
    else:
        start = attachment_start(sheet, body, tail)
        zones.append(_zone(sheet, start, tail, "attachment", "attachment-heading"))
    zones.append(_zone(sheet, tail, len(sheet.flat), "boilerplate", "site-text"))
    return tuple(zone for zone in zones if zone.start < zone.end)


def _why(sheet: Sheet, offset: int) -> str:
    line = next(
        (
            li
            for li in sheet.lines
            if li.start >= offset and not is_rule(sheet.flat[li.start : li.end])
        ),
        None,
    )
    if line and patterns().attachment.match(sheet.folded[line.start : line.end].lstrip(" *(")):
        return "attachment-heading"
    return "after-signature"


def _zone(sheet: Sheet, start: int, end: int, zone: Zone, reason: str) -> ZoneSpan:
    start, end = sheet.trim(start, end)
    while start < end < len(sheet.flat) and sheet.flat[end] == "*":  # bold letters end with it
        end += 1
    return ZoneSpan(start, max(start, end), zone, reason)
