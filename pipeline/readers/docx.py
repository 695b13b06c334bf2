"""DOCX: paragraphs and tables in reading order, header and signature as the columns they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.document import Document, ReadIssue
from pipeline.readers.blocks import pattern
from pipeline.readers.docx_look import Styles
from pipeline.readers.docx_numbering import Numbering, W
from pipeline.readers.docx_package import WordParts, pictures, word_parts
from pipeline.readers.docx_walk import Walk
from pipeline.readers.limits import Limits, within
from pipeline.readers.tree import Item, Paragraph, TreeWriter, paragraphs_of

_SHORT = 60
"""Characters of a Word file up to which its pictures may be all there is to read."""


def read_docx(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """The text of a Word file as printed, with bold, size, alignment and automatic numbers.

    A file of nothing but pictures holds scanned pages and is read by OCR.
    Raises CorruptFileError, EncryptedFileError, LimitError.
    """
    parts = word_parts(data, limits)
    document = _read(data, parts, name=name, media_type=media_type, limits=limits)
    if len(document.text) > _SHORT:
        return document
    pages = pictures(data, limits)
    if not pages:
        return document
    if document.text:
        message = f"{len(pages)} pictures and hardly any text: scanned pages were perhaps pasted in"
        issue = ReadIssue(code="pictures-not-read", severity="error", message=message)
        return document.model_copy(update={"issues": (*document.issues, issue)})
    from pipeline.readers.image import read_images

    return read_images(pages, data, name=name, media_type=media_type, limits=limits)


def _read(data: bytes, parts: WordParts, *, name: str, media_type: str, limits: Limits) -> Document:
    walk = Walk(Styles(parts.styles), Numbering.of(parts.numbering), limits.max_blocks)
    out = TreeWriter("docx")
    with out.pages():
        out.margins(_unique(walk.items(root) for root in parts.headers), "page-header")
        out.body(walk.items(_body(parts.document)))
        out.notes(list(_notes(parts, walk)))
        out.margins(_unique(walk.items(root) for root in parts.footers), "page-footer")
    within("max_characters", out.text.offset, limits.max_characters)
    return out.text.document(
        data,
        name=name,
        media_type=media_type,
        issues=_issues(walk, parts),
        reading=_reading(walk),
    )


def _body(document: Any) -> Any:
    body = document.find(f"{W}body")
    return document if body is None else body


def _notes(parts: WordParts, walk: Walk) -> Iterator[Paragraph]:
    """Footnotes, then endnotes, in their order; separators are not notes."""
    for root, tag in ((parts.footnotes, "footnote"), (parts.endnotes, "endnote")):
        for note in () if root is None else root.iterfind(f"{W}{tag}"):
            if note.get(f"{W}type") in (None, "normal"):
                yield from paragraphs_of(walk.items(note))


def _unique(parts: Iterable[tuple[Item, ...]]) -> list[Paragraph]:
    """What headers (first, even, other pages) print, once each; lone page numbers left out."""
    seen: dict[str, Paragraph] = {}
    number = pattern("page_number")
    for items in parts:
        for paragraph in paragraphs_of(items):
            if not number.match(paragraph.text.lower()):
                seen.setdefault(paragraph.text, paragraph)
    return list(seen.values())


def _issues(walk: Walk, parts: WordParts) -> list[ReadIssue]:
    issues = []
    if walk.tracked:
        message = "tracked changes: insertions are in the text, deletions are not"
        issues.append(ReadIssue(code="tracked-changes", severity="warning", message=message))
    if walk.hidden:
        message = "hidden text is left out, as on paper"
        issues.append(ReadIssue(code="hidden-text", severity="info", message=message))
    if parts.has_comments:
        message = "comments are left out, as on paper"
        issues.append(ReadIssue(code="comments", severity="info", message=message))
    return issues


def _reading(walk: Walk) -> dict[str, str]:
    if not walk.schemes:
        return {}
    return {"encoding": "+".join(scheme for scheme, _ in walk.schemes.most_common())}
