"""Body lines -> paragraphs, headings and items, by indents, distances and what would fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.document import Align, BlockKind
from pipeline.readers.blocks import (
    CENTRED,
    INDENTED,
    Margins,
    PrintedBlock,
    is_motto,
    label_of,
    word_list,
)
from pipeline.readers.printed import PrintedLine, PrintedPage


def paragraphs_of(
    lines: list[PrintedLine], page: PrintedPage, margins: Margins
) -> list[PrintedBlock]:
    """Body lines put together to paragraphs."""
    groups: list[list[PrintedLine]] = []
    leading = _leading(lines)
    for line in lines:
        if groups and _goes_on(groups[-1], line, margins, page.width, leading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group, page, margins) for group in groups]


def _leading(lines: list[PrintedLine]) -> float:
    """Usual distance of baselines in ems."""
    steps = [
        (under.baseline - line.baseline) / max(line.size, 1)
        for line, under in pairwise(lines)
        if 0 < under.baseline - line.baseline < 4 * line.size
    ]
    steps.sort()
    return steps[len(steps) // 3] if steps else 1.4


def alignment(line: PrintedLine, margins: Margins, width: float) -> Align | None:
    """How one line alone is set: centred, right, or None when it could be either left or full."""
    if line.x1 - line.x0 > 0.97 * margins.width:
        return None
    indent = line.x0 - margins.left
    off = abs(line.centre - margins.centre)
    deep = indent > 3.2 * line.size and off < CENTRED * width
    if deep or (line.bold and indent > 0.5 * line.size and off < 0.2 * line.size):
        return "center"
    if indent > 0.45 * margins.width and margins.right - line.x1 < 0.08 * margins.width:
        return "right"
    return None


def _goes_on(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, width: float, leading: float
) -> bool:
    """Whether `line` continues the paragraph in `group`."""
    last = group[-1]
    step = (line.baseline - last.baseline) / max(min(last.size, line.size), 1)
    if step > 1.75 * leading or abs(last.size - line.size) > 0.2 * last.size:
        return False
    centred = alignment(line, margins, width) == "center"
    if centred or alignment(group[0], margins, width) == "center":
        return _title_goes_on(group, line, margins, width)
    if label_of(line.text) and not _label_is_text(last, line, margins):
        return False
    if not _is_full(last, line, margins):
        return False
    return not _starts_paragraph(group, line, margins, step, leading)


def _title_goes_on(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, width: float
) -> bool:
    """Whether a centred line continues the title above it."""
    last = group[-1]
    if alignment(last, margins, width) != "center" and not _is_full(last, line, margins):
        return False
    if alignment(line, margins, width) != "center" and line.x1 - line.x0 < 0.9 * margins.width:
        return False
    folded = last.folded.strip(" :.*")
    if folded in word_list("kinds") or label_of(line.text) or _is_heading_number(last.text):
        return False
    same_case = last.text.isupper() == line.text.isupper()
    return last.bold == line.bold and last.italic == line.italic and same_case


def _is_heading_number(text: str) -> bool:
    label = label_of(text)
    return label is not None and len(label) >= len(text.strip()) - 1


def _label_is_text(last: PrintedLine, line: PrintedLine, margins: Margins) -> bool:
    """A wrapped line that only looks numbered: "… năm" / "2024. Các đơn vị"."""
    at_margin = line.x0 - margins.left < INDENTED * line.size
    ended = last.text[-1:] in ".;:!?"
    bullet = (label_of(line.text) or "") in ("-", "–", "+", "•")
    return at_margin and not ended and (not bullet or margins.indent is not None)


def _is_full(last: PrintedLine, line: PrintedLine, margins: Margins) -> bool:
    """Whether the first word of `line` would not have fitted at the end of `last`."""
    first = line.words[0]
    room = margins.right - last.x1
    return room < (first.box[2] - first.box[0]) + 0.25 * line.size


def _starts_paragraph(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, step: float, leading: float
) -> bool:
    """Whether the indent or the blank above `line` begins a paragraph."""
    last = group[-1]
    ended = last.text[-1:] in ".;:!?"
    if len(group) > 1 and abs(line.x0 - last.x0) < 0.5 * line.size:
        return ended and step > 1.2 * leading
    deeper = line.x0 - margins.left > INDENTED * line.size
    if margins.indent is not None and abs(line.x0 - margins.indent) < 3:
        return ended or not line.text[:1].islower()
    if len(group) == 1 and abs(line.x0 - last.x0) < 0.5 * line.size:
        return ended and (deeper or step > 1.2 * leading)
    if line.x0 > last.x0:
        return deeper and (len(group) > 1 or ended)
    return False


def _block(group: list[PrintedLine], page: PrintedPage, margins: Margins) -> PrintedBlock:
    text = group[0].text
    label = label_of(text)
    align = alignment(group[0], margins, page.width) or ("justify" if len(group) > 1 else "left")
    kind: BlockKind = "paragraph"
    bold = all(line.bold for line in group)
    if is_motto(group[0].folded):
        kind = "header"
    elif bold and len(group) <= 3 and (align == "center" or not text.rstrip().endswith((".", ";"))):
        kind = "heading"
    elif label:
        kind = "item"
    return PrintedBlock(kind, tuple(group), page.number, align=align, label=label)


def continues_page_before(
    last: PrintedBlock, first: PrintedBlock, last_margins: Margins, margins: Margins
) -> bool:
    """Whether `first` on a page goes on with the paragraph that ended the page before."""
    if last.kind not in ("paragraph", "item") or first.kind != "paragraph" or first.label:
        return False
    line, under = last.lines[-1], first.lines[0]
    if under.x0 - margins.left > INDENTED * under.size or first.align == "center":
        return False
    moved = replace(margins, right=last_margins.right)
    return _is_full(line, under, moved) or line.text[-1:] not in ".;:!?"
