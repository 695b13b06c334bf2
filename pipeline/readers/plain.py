"""Plain text and Markdown dumps: encodings put right, every character kept, furniture marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pipeline.document import Document, Metadata, Page, ReadIssue
from pipeline.readers.encodings import decode
from pipeline.readers.furniture import Furniture, Mark, furniture
from pipeline.readers.limits import Limits, within
from pipeline.text.syllables import vscore

_BLANKS = " \t\x0b\x0c\u00a0\u2007\u202f\u200b\ufeff"
_INSIDE_WORDS = re.compile(r"\*(?<=[^\W\d_]\*)\*{1,3}(?=[^\W\d_])")
"""Two to four marks between letters; begun with one, since it is found far sooner than a letter."""
_EMPHASIS = re.compile(r"\*\*|\*|[^*]+")
_MARKDOWN = re.compile(r"^#{1,6} |\*\*[^*\n]+\*\*|^\|", re.M)
_MARKUP_ONLY = re.compile(r"[*#|_\-=\s\u00a0:]*")
_BULLET = re.compile(r"^\s*\*\s")
_HEADING = re.compile(r"#{1,6}\s+\S")


_SAMPLE = 20_000
_LIKE_VIETNAMESE = 0.3
"""Text that was read in a wrong encoding stays below (`vscore`)."""

_Style = tuple[bool | None, bool | None]


def read_plain(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """One page, one block a line with text; the text is what the bytes say, in NFC.

    Line ends become "\\n". Markdown marks stay in the text and show in the blocks as bold, italic
    and headings; only those inside a word ("C**ỤC**") are left out, since no word with them could
    be read, searched or quoted. Furniture of web pages is marked, not removed.
    """
    decoded = decode(data)
    printed = decoded.text
    within("max_characters", len(printed), limits.max_characters)
    within("max_blocks", printed.count("\n"), limits.max_blocks)
    text, cut_words = _INSIDE_WORDS.subn("", printed) if "**" in printed else (printed, 0)
    issues: tuple[ReadIssue, ...] = ()
    if decoded.damaged:
        issues = (ReadIssue(code="encoding-damaged", message="bytes that no encoding explains"),)
    elif decoded.encodings == ("windows-1252",) and vscore(text[:_SAMPLE]) < _LIKE_VIETNAMESE:
        issues = (ReadIssue(code="encoding-unknown", message="no Vietnamese in any encoding"),)
    around = furniture(text)
    return Document.model_validate(
        {
            "name": name,
            "media_type": media_type,
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "text": text,
            "pages": (Page(number=1, start=0, end=len(text), source="plain"),),
            "blocks": _blocks(text, printed, around),
            "metadata": Metadata(author=around.author, is_news_page=around.is_news),
            "issues": issues,
            "reading": {
                "encoding": "+".join(decoded.encodings),
                **({"emphasis-inside-words": str(cut_words)} if cut_words else {}),
            },
        }
    )


def _blocks(text: str, printed: str, around: Furniture) -> list[dict[str, object]]:
    """Fields of one block for each line with text: validated all at once, for speed.

    `printed` is the text with all marks, which the styles are told from.
    """
    lines = text.split("\n")
    markdown = any(m in printed for m in "*#|") and _MARKDOWN.search(printed) is not None
    styles = _styles(printed.split("\n")) if markdown else []
    blocks: list[dict[str, object]] = []
    offset = 0
    for index, line in enumerate(lines):
        inner = line.strip(_BLANKS)
        if inner:
            start = offset + line.index(inner)
            mark = around.marks.get(index) or _markup(inner, markdown=markdown)
            end = start + len(inner)
            block: dict[str, object] = {"kind": "paragraph", "start": start, "end": end, "page": 1}
            if markdown:
                block["bold"], block["italic"] = styles[index]
            if mark:
                block["kind"], block["note"] = mark.kind, mark.note or None
                if mark.kind == "heading":
                    block["bold"] = True
            blocks.append(block)
        offset += len(line) + 1
    return blocks


def _markup(inner: str, *, markdown: bool) -> Mark | None:
    """What a line is by its Markdown marks: a rule or separator, a heading, a row of a table."""
    if inner[0].isalnum() or not (markdown or len(inner) > 2):
        return None
    if _MARKUP_ONLY.fullmatch(inner):
        return Mark("boilerplate", "markup")
    if markdown and inner[0] == inner[-1] == "|":
        return Mark("table", "")
    if markdown and _HEADING.match(inner):
        return Mark("heading", "")
    return None


def _styles(lines: Sequence[str]) -> list[_Style]:
    """(bold, italic) of each line, if all its letters are; emphasis may run over line ends."""
    styles: list[_Style] = []
    bold = italic = False
    for line in lines:
        if not line or line == "|" or not line.strip(_BLANKS + "|"):
            bold = italic = False  # emphasis ends with its paragraph or cell
        elif "*" not in line:
            styles.append((bold, italic))
            continue
        all_bold = all_italic = True
        for token in _EMPHASIS.findall(_BULLET.sub("  ", line)):
            if token == "**":
                bold = not bold
            elif token == "*":
                italic = not italic
            elif any(map(str.isalnum, token)):
                all_bold, all_italic = all_bold and bold, all_italic and italic
        styles.append((all_bold, all_italic))
    return styles
