"""The header of an official document, put together from its marks."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.header.addressees import Addressees, parse_addressees
from pipeline.header.anchors import DATE
from pipeline.header.checks import check_header
from pipeline.header.family import family_of, kind_of
from pipeline.header.foot import parse_foot
from pipeline.header.frame import Frame
from pipeline.header.gazette import Gazette, parse_gazette
from pipeline.header.infer import infer_issuer
from pipeline.header.issuer import Issuer, issuer_in_title, parse_issuer
from pipeline.header.number import Issued, Numbered, coded, parse_date, parse_number, slashed_date
from pipeline.header.portal import Portal
from pipeline.header.sheet import Sheet, Span, is_upper
from pipeline.header.title import Title, parse_subject, parse_title
from pipeline.header.zones import (
    ZoneSpan,
    attachment_start,
    named_again,
    official_zones,
    tail_start,
)
from pipeline.record import Family, Found, Header, Issue
from pipeline.text.characters import occurrences

_ADOPTED = re.compile(
    r"thong qua(?:(?!\bso\b|\(|hieu luc)[^.;]){0,80}?ngay\s*(\d{1,2})\s*(?:thang|[/.-])\s*(\d{1,2})"
    r"\s*(?:,?\s*nam|[/.-])\s*(\d{4})"
)
_ATTACHED = re.compile(r"\((?:ban hanh )?kem theo [a-z ]{4,30}? so\s*")
_OPENED = re.compile(r"hom nay\b")
_DISPATCH = re.compile(r"\bdien\s*:")


def parse_official(
    sheet: Sheet, frame: Frame, portal: Portal
) -> tuple[Header, Family, tuple[ZoneSpan, ...], tuple[Issue, ...]]:
    """Header, family, zones and doubts of the document that `frame` marks."""
    type_mark = _type_mark(frame)
    dear = frame.first("dear")
    top = frame.start
    block_end = _block_end(sheet, frame, type_mark, dear)
    gazette = parse_gazette(sheet, type_mark)
    number = _number(sheet, frame, block_end, portal, gazette)
    issued = _issued(sheet, frame, block_end)
    bodies = _issuer(sheet, frame, top, block_end, number)
    subject = _subject(sheet, frame, block_end)
    title = (
        parse_title(
            sheet, type_mark.end, frame.marks, bodies.issuer.value if bodies.issuer else None
        )
        if type_mark
        else _untyped_title(sheet, frame, dear, subject, block_end)
    )
    if gazette is not None:
        title = _behind_heading(sheet, title, gazette.end)
        issued = _beside_heading(issued, gazette.date)
        bodies = bodies if bodies.issuer else Issuer(gazette.issuer, None)
    addressees = _addressees(sheet, frame, dear, title, type_mark)
    body = max(title.end, addressees.end if addressees else 0, block_end)
    tail = named_again(sheet, tail_start(sheet, body), number.code if number else None)
    stop = attachment_start(sheet, body, tail)
    foot = parse_foot(sheet, body, stop, frame.marks)
    if bodies.issuer is None:
        bodies = Issuer(_dispatcher(sheet, title), None)
    if bodies.issuer is None and title.authority:
        bodies = Issuer(issuer_in_title(sheet, title.authority.start, title.authority.end), None)
    issuer_name = bodies.issuer.value if bodies.issuer else ""
    family = family_of(frame, number, issuer_name)
    is_letter = type_mark is None and bool(subject or dear)
    header = Header(
        kind=kind_of(sheet, type_mark, number, is_letter, family),
        number=number.number if number else None,
        symbol=number.symbol if number else None,
        code=number.code if number else None,
        issued_on=issued.date or _other_date(sheet, body, tail, portal),
        place=issued.place,
        issuer=bodies.issuer or infer_issuer(sheet, number, issued, foot, portal),
        parent_agency=bodies.parent,
        title=title.title or subject or _portal_title(sheet, portal, number, tail),
        signer=foot.signature.signer,
        signer_title=foot.signature.signer_title,
        authority=foot.signature.authority,
        urgency=_stamp(sheet, frame, "urgency", body),
        secrecy=_stamp(sheet, frame, "secrecy", body),
        addressees=addressees.names if addressees else (),
        recipients=foot.recipients,
        nulls=_blanks(number, issued),
    )
    zones = official_zones(sheet, top, body, foot, tail)
    return header, family, zones, check_header(sheet, header, number, issued, foot, body)


def _behind_heading(sheet: Sheet, title: Title, heading: int) -> Title:
    """The title without the heading of a gazette before it."""
    end = title.title.end if title.title else heading
    words = sheet.found(heading, end, "rule:header.title", extra=".:;,")
    return replace(title, title=words, end=max(title.end, heading))


def _beside_heading(issued: Issued, date: Found[str] | None) -> Issued:
    """The line of place and date, unless it is the date of a heading, which names no place."""
    if issued.date is None:
        return replace(issued, date=date)
    return replace(issued, place=None) if date and date.end == issued.date.end else issued


def _untyped_title(
    sheet: Sheet, frame: Frame, dear: Span | None, subject: Found[str] | None, end: int
) -> Title:
    """The title of a document whose kind stands in its symbol only."""
    number = frame.first("number", before=end)
    if number is None or dear or subject:
        return Title(None, end)
    return parse_title(sheet, max(number.end, end), frame.marks, None)


def _type_mark(frame: Frame) -> Span | None:
    """The kind's name; one behind Kính gửi belongs to the body."""
    dear = frame.first("dear")
    mark = frame.first("type")
    if mark is None or mark.start > frame.start + 2500:
        return None
    if dear and dear.start < mark.start and dear.start < frame.start + 1500:
        return None
    return mark


def _block_end(sheet: Sheet, frame: Frame, type_mark: Span | None, dear: Span | None) -> int:
    """Where the block of issuer, number, place and date ends: the kind's name or Kính gửi."""
    stops = [mark.start for mark in (type_mark, dear) if mark and mark.start <= frame.start + 2500]
    if stops:
        return min(stops)
    early = [
        m
        for m in frame.marks
        if m.start < frame.start + 1500 and m.kind in ("number", "date", "subject")
    ]
    last = max((m.end for m in early), default=frame.start)
    return next((line.end for line in sheet.lines if line.start <= last <= line.end), last)


def _number(
    sheet: Sheet, frame: Frame, end: int, portal: Portal, gazette: Gazette | None
) -> Numbered | None:
    """The number of its line, a portal's table, a heading, or the reference of an annex."""
    mark = frame.first("number", before=max(end, frame.start + 1) + 200)
    if mark is not None:
        return parse_number(sheet, mark)
    if "number" in portal.facts:
        return coded(sheet, portal.facts["number"], "rule:header.portal-number")
    if gazette and gazette.numbered:
        return gazette.numbered
    attached = _ATTACHED.search(sheet.folded, end)
    if attached:
        return coded(
            sheet, Span(attached.end(), attached.end() + 40), "rule:header.attachment-number"
        )
    return None


def _issued(sheet: Sheet, frame: Frame, end: int) -> Issued:
    mark = frame.first("date", before=end + 200)
    return parse_date(sheet, mark) if mark else Issued(None, None, False)


def _issuer(sheet: Sheet, frame: Frame, top: int, end: int, number: Numbered | None) -> Issuer:
    marks = tuple(mark for mark in frame.marks if mark.start < end)
    return parse_issuer(sheet, top, end, marks)


def _subject(sheet: Sheet, frame: Frame, end: int) -> Found[str] | None:
    mark = frame.first("subject", before=end + 300) or _subject_line(sheet, frame, end)
    return parse_subject(sheet, mark, frame.marks) if mark else None


def _subject_line(sheet: Sheet, frame: Frame, end: int) -> Span | None:
    """A subject printed without "V/v" on the line after the number: "Về hướng dẫn …"."""
    number = frame.first("number", before=end)
    if number is None or frame.first("type", before=end + 1):
        return None
    line = next((line for line in sheet.lines if line.start >= number.end), None)
    if line is None or line.start >= end or not sheet.folded.startswith("ve ", line.start):
        return None
    return Span(line.start, line.start)


def _addressees(
    sheet: Sheet, frame: Frame, dear: Span | None, title: Title, type_mark: Span | None
) -> Addressees | None:
    """Kính gửi in the header, or the list after "điện:" of a dispatch."""
    limit = max(title.end, frame.start) + 1500
    if dear and dear.start < limit:
        return parse_addressees(sheet, dear, _foot_start(frame, dear.end))
    if type_mark and sheet.folded.startswith("cong dien", type_mark.start):
        match = _DISPATCH.search(sheet.folded, title.end, title.end + 200)
        if match:
            return parse_addressees(
                sheet, Span(match.start(), match.end()), _foot_start(frame, match.end())
            )
    return None


def _dispatcher(sheet: Sheet, title: Title) -> Found[str] | None:
    """Who sends a dispatch: the capitals before "điện:"."""
    match = _DISPATCH.search(sheet.folded, title.end, title.end + 200)
    if match is None or title.title is None:
        return None
    start = title.authority.start if title.authority else title.end
    sender = sheet.found(start, match.start(), "rule:header.dispatch-sender")
    return sender if sender and is_upper(sender.quote) else None


def _foot_start(frame: Frame, after: int) -> int:
    return next(
        (m.start for m in frame.marks if m.kind == "recipients" and m.start > after), 1 << 60
    )


def _other_date(sheet: Sheet, body: int, tail: int, portal: Portal) -> Found[str] | None:
    """The date where the date line is missing: adoption, minutes' opening, a portal's table."""
    adopted = list(_ADOPTED.finditer(sheet.folded, body, tail))
    if adopted:
        match = adopted[-1]
        value = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
        return sheet.found(match.start(1), match.end(3), "rule:header.adoption", value=value)
    opened = _OPENED.search(sheet.folded, body, body + 400)
    dated = DATE.search(sheet.folded, opened.end(), opened.end() + 120) if opened else None
    if dated:
        span = Span(dated.start(), dated.end())
        return parse_date(sheet, span, "rule:header.minutes-opening").date
    if "issued_on" in portal.facts:
        span = portal.facts["issued_on"]
        return slashed_date(sheet, span.start, span.end, "rule:header.portal-date")
    return _attached_date(sheet, body)


def _attached_date(sheet: Sheet, body: int) -> Found[str] | None:
    match = _ATTACHED.search(sheet.folded, body)
    if match is None:
        return None
    start = sheet.folded.find("ngay", match.end(), match.end() + 60)
    if start < 0:
        return None
    return parse_date(sheet, Span(start, start + 40), "rule:header.attachment-date").date


_PORTAL_TITLE = re.compile(
    r" năm \d{4} (?:về )?(?P<title>.{10,400}?) do [^.]{3,200}? ban hành",
)
"""What a portal prints behind the code of a document."""


def _portal_title(
    sheet: Sheet, portal: Portal, number: Numbered | None, tail: int
) -> Found[str] | None:
    """The title that a portal prints, in its table or in the sentence behind the text."""
    if "title" in portal.facts:
        span = portal.facts["title"]
        return sheet.found(span.start, span.end, "rule:header.portal-title")
    if not portal.facts or number is None or number.code is None:
        return None
    for at in occurrences(sheet.flat, number.code):
        match = _PORTAL_TITLE.match(sheet.flat, at + len(number.code))
        if match:
            return sheet.found(*match.span("title"), "rule:header.portal-title")
    return None


def _stamp(sheet: Sheet, frame: Frame, kind: str, body: int) -> Found[str] | None:
    mark = next((m for m in frame.marks if m.kind == kind and m.start < body), None)
    return sheet.found(mark.start, mark.end, f"rule:header.{kind}") if mark else None


def _blanks(number: Numbered | None, issued: Issued) -> dict[str, str]:
    nulls: dict[str, str] = {}
    if number and number.blank:
        nulls["number"] = "blank"
    if issued.is_partial and issued.date is None:
        nulls["issued_on"] = "blank"
    return nulls
