"""The end of the document: signature block and Nơi nhận, which two columns print interleaved."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.patterns import patterns
from pipeline.header.recipients import parse_recipients
from pipeline.header.sheet import EDGE, Sheet, Span
from pipeline.header.signature import (
    Signature,
    is_capital_line,
    is_name,
    is_name_piece,
    is_note,
    is_wrapped,
    parse_signature,
    starts_capitals,
    title_in_small,
)
from pipeline.record import Found
from pipeline.structure.draft import Line

_MAX_ABOVE = 14
_MAX_BELOW = 16


@dataclass(frozen=True, slots=True)
class Foot:
    """Signature and recipients with the span they cover; start == end when there is none."""

    start: int
    end: int
    signature: Signature
    recipients: tuple[Found[str], ...]


def parse_foot(sheet: Sheet, body: int, stop: int, marks: tuple[Span, ...]) -> Foot:
    """The foot between the offsets `body` (where the header ends) and `stop`."""
    mark = next((m for m in marks if m.kind == "recipients" and body <= m.start < stop), None)
    if mark is None:
        return _signature_only(sheet, body, stop)
    recipients = parse_recipients(sheet, mark, stop)
    above = _above(sheet, mark.start, body)
    others = recipients.others
    below = _below(sheet, recipients.end, stop) if not _has_name(sheet, others) else []
    parts = sorted([*above, *recipients.others, *below], key=lambda part: part.start)
    if _has_name(sheet, tuple(above)) and not _has_name(sheet, (*recipients.others, *below)):
        parts = above
    start = min([mark.start, *(part.start for part in above)])
    end = max([recipients.end, *(part.end for part in parts)])
    return Foot(start, end, parse_signature(sheet, parts), recipients.names)


def _has_name(sheet: Sheet, parts: tuple[Span, ...]) -> bool:
    return any(_ends_in_name(sheet, part) for part in parts)


def _ends_in_name(sheet: Sheet, part: Span) -> bool:
    last = sheet.flat[part.start : part.end].rstrip(EDGE + "./").rpartition(" ")[2]
    if not last[:1].isupper():  # each word of a name begins with a capital
        return False
    return is_name(sheet, part) or parse_signature(sheet, [part]).signer is not None


def _above(sheet: Sheet, offset: int, body: int) -> list[Span]:
    """Signature lines directly above Nơi nhận."""
    parts: list[Span] = []
    for line in reversed(
        [li for li in sheet.lines if body <= li.start and li.end <= offset][-_MAX_ABOVE:]
    ):
        part = Span(*sheet.trim(line.start, line.end))
        if is_rule(sheet.flat[line.start : line.end]):
            continue
        if part.end - part.start > 120 or not _is_part(sheet, part):
            break
        parts.insert(0, part)
    while parts and is_note(sheet, parts[0]):
        parts.pop(0)
    return parts if _has_name(sheet, tuple(parts)) or _has_capitals(sheet, parts) else []


def _has_capitals(sheet: Sheet, parts: list[Span]) -> bool:
    return any(starts_capitals(sheet, part) for part in parts)


def _is_part(sheet: Sheet, part: Span) -> bool:
    if is_note(sheet, part) or is_name(sheet, part) or title_in_small(sheet, part):
        return True
    return starts_capitals(sheet, part)


def _below(sheet: Sheet, offset: int, stop: int) -> list[Span]:
    """Signature lines below the recipients, up to the first line that is none."""
    parts: list[Span] = []
    misses = 0
    last: Line | None = None
    for line in [li for li in sheet.lines if offset <= li.start < stop][:_MAX_BELOW]:
        part = Span(*sheet.trim(line.start, line.end))
        if part.start >= part.end or is_rule(sheet.flat[line.start : line.end]):
            continue
        if line.kind == "page-number":
            continue
        if parts and is_wrapped(sheet, last, part):
            parts[-1] = Span(parts[-1].start, part.end)
        elif parts and is_name_piece(sheet, part) and _adjoins(sheet, parts[-1], part):
            parts.append(part)
        elif _has_name(sheet, tuple(parts)) and not _next_signer(sheet, part):
            break
        elif _is_part(sheet, part) or (parts and is_capital_line(sheet, part)):
            parts.append(part)
        else:
            misses += 1
            if parts or misses > 3 or part.end - part.start > 60:
                break
        last = line
    return parts


def _adjoins(sheet: Sheet, last: Span, part: Span) -> bool:
    """Whether two lines may be halves of one name, or a title and the first half."""
    whole = is_name(sheet, last) and len(sheet.flat[last.start : last.end].split()) > 2
    return not whole and not sheet.flat[last.end : part.start].strip(" *")


def _next_signer(sheet: Sheet, part: Span) -> bool:
    return part.end - part.start <= 120 and starts_capitals(sheet, part)


def _signature_only(sheet: Sheet, body: int, stop: int) -> Foot:
    """A foot without Nơi nhận: the last lines of the document, when they name a signer.

    Where a charter or an annex follows, the lines below the first "TM.", "KT." in capitals.
    """
    lines = [li for li in sheet.lines if body <= li.start and li.end <= stop]
    for count, line in enumerate(reversed(lines)):
        if count > 12:
            break
        part = Span(*sheet.trim(line.start, line.end))
        if not _ends_in_name(sheet, part):
            continue
        parts = [*_above(sheet, line.start, body), part]
        if (
            len(parts) == 1
            and patterns().mark.match(sheet.folded, part.start) is None
            and is_name(sheet, part)
        ):
            continue
        signature = parse_signature(sheet, parts)
        if signature.signer and (signature.signer_title or signature.authority):
            return Foot(parts[0].start, parts[-1].end, signature, ())
    return _signature_inside(sheet, lines) or Foot(stop, stop, Signature(), ())


def _signature_inside(sheet: Sheet, lines: list[Line]) -> Foot | None:
    """The first signature on another's behalf that stands before the end of the text."""
    for line in lines:
        start, end = sheet.trim(line.start, line.end)
        mark = patterns().mark.match(sheet.folded, start, end)
        if mark is None or not is_capital_line(sheet, Span(start, end)):
            continue
        parts = _below(sheet, line.start, lines[-1].end)
        signature = parse_signature(sheet, parts)
        if signature.signer and signature.authority:
            return Foot(parts[0].start, parts[-1].end, signature, ())
    return None
