"""Document -> header, family and zones."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import Document
from pipeline.header.anchors import anchors
from pipeline.header.family import looks_like_news
from pipeline.header.frame import find_frame
from pipeline.header.handwriting import without_handwriting
from pipeline.header.news import parse_news
from pipeline.header.official import parse_official
from pipeline.header.portal import find_portal
from pipeline.header.sheet import make_sheet
from pipeline.header.zones import ZoneSpan
from pipeline.record import Family, Header, Issue
from pipeline.structure.draft import Line

_NEWS_FIELDS = ("title", "author", "published_on")
_OFFICIAL_FIELDS = (
    "kind",
    "number",
    "symbol",
    "issued_on",
    "place",
    "issuer",
    "title",
    "signer",
    "signer_title",
)


@dataclass(frozen=True, slots=True)
class HeaderResult:
    """What the document says of itself; all text outside `zones` is body."""

    header: Header
    family: Family
    zones: tuple[ZoneSpan, ...]
    issues: tuple[Issue, ...]


def parse_header(document: Document, lines: tuple[Line, ...]) -> HeaderResult:
    """The header of an official document or a news report; `lines` are `lines_of(document)`."""
    sheet = make_sheet(document, lines)
    marks = anchors(sheet)
    portal = find_portal(sheet, marks)
    frame = find_frame(sheet, marks, portal.end)
    if frame is not None:
        header, family, zones, issues = parse_official(sheet, frame, portal)
        header = without_handwriting(sheet, header)
        return HeaderResult(_with_nulls(header, _OFFICIAL_FIELDS), family, zones, issues)
    if looks_like_news(sheet):
        header, zones = parse_news(sheet)
        return HeaderResult(_with_nulls(header, _NEWS_FIELDS), "news", zones, ())
    return HeaderResult(_with_nulls(Header(), _OFFICIAL_FIELDS), "unknown", (), ())


def _with_nulls(header: Header, fields: tuple[str, ...]) -> Header:
    """`header` with a reason for each of `fields` that is null: "absent" unless one is noted."""
    missing = {name: "absent" for name in fields if getattr(header, name) is None}
    return header.model_copy(update={"nulls": {**missing, **header.nulls}})
