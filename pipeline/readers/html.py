"""HTML and saved pages: main text, headline and captions told from what is around them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from lxml import etree, html

from pipeline.document import BlockKind, Document, ReadIssue
from pipeline.errors import CorruptFileError
from pipeline.readers.blocks import is_motto
from pipeline.readers.encodings import bytes_to_unicode, repair
from pipeline.readers.furniture import furniture
from pipeline.readers.html_dom import Node, PageWalk, Place, Seen
from pipeline.readers.html_meta import date_in, metadata_of, stated_title
from pipeline.readers.limits import Limits, within
from pipeline.readers.tree import Item, Paragraph, Table, TreeWriter
from pipeline.text.fold import fold, nfc

_GOOD_LENGTH = 80
_GOOD_LINKS = 0.3
_MAIN_SHARE = 0.8
"""The main part is the innermost element with so much of the running text."""
_TOO_MUCH = 0.5
"""What holds more than this share of the running text is no furniture, whatever its name."""
_CONTAINERS = ("div", "td", "article", "section", "main", "center", "form", "body", "html")
_SHORTEST_HEADLINE = 10
_LINK_LIST = 0.6
_NEAR = 3
"""So many paragraphs around the headline may hold the date of publication."""


def read_html(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """All text a page shows, in reading order; what is not the main text is marked boilerplate.

    Raises CorruptFileError, LimitError.
    """
    return _read(data, data, name=name, media_type=media_type, limits=limits)


def read_mhtml(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """A page saved as one file (.mht): its first HTML part. Raises CorruptFileError, LimitError."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(part, EmailMessage):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _read(payload, data, name=name, media_type=media_type, limits=limits)
    raise CorruptFileError("a saved page without an HTML part")


def _read(page: bytes, data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    within("max_part_bytes", len(page), limits.max_part_bytes)
    text, encoding, damaged = bytes_to_unicode(page, declared=True)
    root, truncated = _parsed(text)
    walk = PageWalk(limits.max_blocks)
    body = root.find("body")
    walk.walk(root if body is None else body)
    schemes = _repaired(walk.nodes, single_byte=encoding == "windows-1252")
    seen = list(_all_seen(walk.nodes))
    marks, headline = _marks(seen, walk.places, stated_title(root))
    out = TreeWriter("html")
    with out.pages():
        out.body([_item(node, marks) for node in walk.nodes])
    within("max_characters", out.text.offset, limits.max_characters)
    return out.text.document(
        data,
        name=name,
        media_type=media_type,
        metadata=metadata_of(
            root,
            headline=headline.text if headline else None,
            near=_near(seen, headline),
            author=_author(walk),
        ),
        issues=_issues(damaged=damaged, truncated=truncated),
        reading={"encoding": "+".join((encoding, *schemes))},
    )


def _parsed(text: str) -> tuple[Any, bool]:
    """The tree of a page, and whether it was nested too deep to be read whole."""
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise CorruptFileError(f"not a readable page: {error}") from error
    return root, any("depth" in entry.message for entry in parser.error_log)


def _issues(*, damaged: bool, truncated: bool) -> list[ReadIssue]:
    issues = []
    if damaged:
        message = "bytes that no encoding explains"
        issues.append(ReadIssue(code="encoding-damaged", message=message))
    if truncated:
        message = "the page is nested too deep, the rest was not read"
        issues.append(ReadIssue(code="truncated", severity="error", message=message))
    return issues


def _all_seen(nodes: Iterable[Node]) -> Iterator[Seen]:
    for node in nodes:
        if isinstance(node, Seen):
            yield node
        else:
            for row in node.rows:
                for cell in row:
                    yield from _all_seen(cell)


def _repaired(nodes: list[Node], *, single_byte: bool) -> tuple[str, ...]:
    """Put legacy encodings right in all paragraphs together; the schemes found."""
    seen = list(_all_seen(nodes))
    fixed, schemes = repair(nfc("\n".join(s.text for s in seen)), single_byte=single_byte)
    lines = iter(nfc(fixed).split("\n"))
    for paragraph in seen:
        count = paragraph.text.count("\n") + 1
        paragraph.text = "\n".join(next(lines) for _ in range(count))
    fonts = {s.scheme for s in seen if s.scheme}
    return (*schemes, *sorted(fonts - set(schemes)))


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: BlockKind | None = None
    note: str | None = None


def _marks(
    seen: Sequence[Seen], places: Sequence[Place], title: str | None
) -> tuple[dict[int, _Mark], Seen | None]:
    """What each paragraph is (by id of the object), and the headline."""
    running = _running_text(seen, places)
    reasons = [_reason(s, places, running) for s in seen]
    inside = _in_main(seen, places, running)
    headline = _headline(seen, reasons, title)
    last = max((i for i, within_main in enumerate(inside) if within_main), default=len(seen) - 1)
    first = min((i for i, within_main in enumerate(inside) if within_main), default=0)
    if headline is not None:
        first = min(first, next(i for i, s in enumerate(seen) if s is headline))
    marks: dict[int, _Mark] = {}
    for index, paragraph in enumerate(seen):
        reason = reasons[index]
        if reason is None and not first <= index <= last:
            reason = "outside-main"
        if reason is None and paragraph.link_share > _LINK_LIST and paragraph.tag[:1] != "h":
            reason = "link-list"
        marks[id(paragraph)] = _Mark("boilerplate", reason) if reason else _own(paragraph, places)
    main = [s for s in seen if marks[id(s)].kind != "boilerplate"]
    if headline is not None and marks[id(headline)].kind != "boilerplate":
        marks[id(headline)] = _Mark("heading", "headline")
    _mark_lines(main, marks)
    return marks, headline


def _running_text(seen: Sequence[Seen], places: Sequence[Place]) -> list[int]:
    """For each element, how many characters of running text it holds."""
    counts = [0] * len(places)
    for paragraph in seen:
        if len(paragraph.text) >= _GOOD_LENGTH and paragraph.link_share < _GOOD_LINKS:
            for place in _chain(paragraph.place, places):
                counts[place] += len(paragraph.text)
    return counts


def _chain(place: int, places: Sequence[Place]) -> Iterator[int]:
    while place >= 0:
        yield place
        place = places[place].parent


def _reason(paragraph: Seen, places: Sequence[Place], running: Sequence[int]) -> str | None:
    total = running[0] if running else 0
    for place in _chain(paragraph.place, places):
        reason = places[place].furniture
        if reason and (not total or running[place] < _TOO_MUCH * total):
            return reason
    return None


def _in_main(seen: Sequence[Seen], places: Sequence[Place], running: Sequence[int]) -> list[bool]:
    """Whether each paragraph is inside the element that holds the running text."""
    total = running[0] if running else 0
    if not total or any(is_motto(fold(line)) for s in seen for line in s.text.split("\n")):
        return [True] * len(seen)  # an official document is all of its page
    # children come after their parents, so the last one is the innermost
    main = max(i for i, count in enumerate(running) if count >= _MAIN_SHARE * total)
    while places[main].tag not in _CONTAINERS and places[main].parent >= 0:
        main = places[main].parent
    return [main in _chain(paragraph.place, places) for paragraph in seen]


def _headline(
    seen: Sequence[Seen], reasons: Sequence[str | None], title: str | None
) -> Seen | None:
    """The first h1 that is no furniture, else the paragraph that is the title of the page."""
    free = [s for s, reason in zip(seen, reasons, strict=True) if reason is None]
    for paragraph in free:
        if paragraph.tag == "h1" and len(paragraph.text) > _SHORTEST_HEADLINE:
            return paragraph
    wanted = fold(title or "")
    if len(wanted) <= _SHORTEST_HEADLINE:
        return None
    return next((s for s in free if fold(s.text).strip(" .*") == wanted.strip(" .*")), None)


def _own(paragraph: Seen, places: Sequence[Place]) -> _Mark:
    """What a paragraph of the main part is by its own tag and names."""
    names = places[paragraph.place].names
    if paragraph.tag == "figcaption" or "caption" in names:
        return _Mark("caption", "figure")
    if paragraph.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return _Mark("heading")
    if "author" in names and len(paragraph.text) < 60:
        return _Mark(None, "author")
    if "date" in names and date_in(paragraph.text):
        return _Mark(None, "published")
    return _Mark()


def _mark_lines(main: Sequence[Seen], marks: dict[int, _Mark]) -> None:
    """Furniture and captions by their wording, among the paragraphs of the main part."""
    lines = [s.text.replace("\n", " ") for s in main]
    for index, mark in furniture("\n".join(lines)).marks.items():
        if marks[id(main[index])].kind is None:
            marks[id(main[index])] = _Mark(mark.kind, mark.note)


def _author(walk: PageWalk) -> str | None:
    """The printed author: what the page names so, if it can be a name."""
    for text in walk.authors:
        name = text.partition(":")[2].strip() or text
        if 3 < len(name) < 60 and name[0].isupper() and not any(map(str.isdigit, name)):
            return name
    return None


def _near(seen: Sequence[Seen], headline: Seen | None) -> list[str]:
    """The lines around the headline that may hold the date of publication; links never do."""
    if headline is None:
        return []
    at = next(i for i, s in enumerate(seen) if s is headline)
    around = [*seen[at + 1 : at + 1 + _NEAR], *seen[max(0, at - _NEAR) : at][::-1]]
    return [s.text for s in around if s.link_share < _GOOD_LINKS and len(s.text) < 120]


def _item(node: Node, marks: dict[int, _Mark]) -> Item:
    if not isinstance(node, Seen):
        rows = [[tuple(_item(inner, marks) for inner in cell) for cell in row] for row in node.rows]
        return Table(tuple(map(tuple, rows)))
    mark = marks[id(node)]
    label = node.label if mark.kind != "boilerplate" else None
    return Paragraph(
        text=f"{label} {node.text}" if label else node.text,
        bold=node.bold,
        italic=node.italic,
        align=node.align,
        label=label,
        kind=mark.kind,
        note=mark.note,
    )
