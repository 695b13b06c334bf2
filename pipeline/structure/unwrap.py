"""Text broken at a column -> the lines as they were written, offsets kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from pipeline.resources import lexicon
from pipeline.structure.draft import Line
from pipeline.structure.markers import Marker, find_marker

_ENDS = (".", ";", ":", "!", "?", "…")
_CLOSING = '"”’)]'
_DATE = re.compile(r"\d{1,2}(?:[/.-]| năm )\d|(?:19|20)\d\d\b")
_MARKER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,2}|[IVX]{1,5}|[a-zđ])[.)]")
_EMPHASIS = " *_"
_BOLD_FIRST = re.compile(r"\*\*([^*]+)\*\*\s*[^\s*][^*]*")
_LAST_WORD = re.compile(r"([\w/]+)\.$")
_LONGEST = 30
"""Characters from the end in which the last word is looked for."""
_TEXT_KINDS = frozenset({"paragraph", "item", "caption"})
DASHES = frozenset({"dash", "plus"})
_GAP = "   "
"""Blanks inside a line that stand for the distance of two columns."""
_LETTERS = "abcdđeghiklmnopqrstuvxy"


class _Limits(NamedTuple):
    never_last: frozenset[str]
    before: dict[str, re.Pattern[str]]
    abbreviations: frozenset[str]
    narrowest: int
    widest: int
    breaks: int
    share: float


@cache
def _limits() -> _Limits:
    data = lexicon("structure")["wrap"]
    return _Limits(
        frozenset(data["never_last"]),
        {word: re.compile(row["pattern"]) for row in data["before"] for word in row["words"]},
        frozenset(lexicon("sentences")["abbreviations"]),
        data["narrowest"],
        data["widest"],
        data["breaks_min"],
        data["breaks_share"],
    )


@lru_cache(maxsize=1024)
def is_closed(text: str) -> bool:
    """Whether a line ends as a sentence, a clause of a list or a lead-in does."""
    bare = text.rstrip(_EMPHASIS)
    if not bare.rstrip(_CLOSING).endswith(_ENDS):
        return bare.endswith("./")
    if not bare.endswith("."):
        return True
    word = _LAST_WORD.search(bare, max(0, len(bare) - _LONGEST))
    return word is None or word.group(1) not in _limits().abbreviations


def is_marker_alone(line: Line) -> bool:
    """Whether a line holds only the number or letter of an item."""
    return bool(_MARKER.fullmatch(line.text.strip(_EMPHASIS)))


def ends_in_comma(line: Line) -> bool:
    """Whether a line ends in a comma, emphasis aside."""
    return line.text.rstrip(_EMPHASIS).endswith(",")


def is_emphasis_open(group: Sequence[Line], after: Line) -> bool:
    """Whether bold letters begin in a paragraph so far and go on in the line right below it.

    The end of a sentence ends them, since a mark without its pair would join all that follows,
    but for a mark that closes below ("**Điều 2." / "** Công bố").
    """
    closes = after.text.startswith("** ")
    if after.blank_before or (is_closed(group[-1].text) and not closes):
        return False
    return sum([line.text.count("**") for line in group]) % 2 == 1


def leaves_open(group: Sequence[Line], after: Line) -> bool:
    """Whether the last line of a paragraph so far cannot end a sentence, whatever comes next.

    It ends in a word that leads on ("tại", "và", or "ngày" before a number), or a bracket,
    a quotation or an emphasis is not closed.
    """
    if is_emphasis_open(group, after):
        return True
    bare = group[-1].text.strip(_EMPHASIS)
    if bare.rfind("(") > bare.rfind(")") or bare.rfind("“") > bare.rfind("”"):
        return True
    return _leads_on(bare.rsplit(" ", 2), after.text.lstrip(_EMPHASIS))


def _leads_on(words: Sequence[str], following: str) -> bool:
    """Whether the last of some words needs another after it: of those that may name a number or
    letter, only before one, and not in "90 ngày"."""
    last = words[-1].lower()
    pattern = _limits().before.get(last)
    if pattern is None:
        return last in _limits().never_last
    counted = len(words) > 1 and words[-2][-1:].isdigit() and not _DATE.match(following)
    return not counted and pattern.match(following) is not None


def opens_plain(group: Sequence[Line]) -> bool:
    """Whether one line is all there is and its marker alone is bold: "**Điều 2. **Sở", no title."""
    if len(group) > 1:
        return False
    parts = _BOLD_FIRST.fullmatch(group[0].text)
    marker = find_marker(group[0].text) if parts else None
    return parts is not None and marker is not None and parts.group(1).strip() == marker.text


def goes_on_small(line: Line) -> bool:
    """Whether a line begins with a small letter."""
    return line.text.lstrip(_EMPHASIS)[:1].islower()


def changes_look(before: Line, after: Line) -> bool:
    """Whether what looks like a heading (bold, or in capitals) ends between two lines."""
    if before.bold and after.bold is False:
        return True
    return _is_capitals(before.text) != _is_capitals(after.text) and min(
        len(before.text), len(after.text)
    ) >= int(lexicon("structure")["wrap"]["look_min"])


def _is_capitals(text: str) -> bool:
    return text.isupper()


class Numbering:
    """The last number or letter of each kind of marker: what the next item is called."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self._last: dict[str, int] = {}
        self._kind: str | None = None

    def add(self, marker: Marker | None) -> None:
        """A line that begins a paragraph, with its marker if it has one."""
        if marker is not None:
            self._last[marker.name] = _place(marker) or 0
            self._kind = marker.name

    def expects(self, marker: Marker) -> bool:
        """Whether the marker is the next of its list: the number after, or one more dash."""
        if marker.name in DASHES:
            return self._kind == marker.name
        place = _place(marker)
        return place is None or place in (1, self._last.get(marker.name, 0) + 1)


def _place(marker: Marker) -> int | None:
    word = marker.text.strip(" ()./-–")
    if marker.name in ("number", "number-paren"):
        return int(word)
    return _LETTERS.find(word) + 1 if marker.name == "letter" else None


def opens_item(
    group: Sequence[Line], after: Line, marker: Marker, numbering: Numbering, *, full: bool
) -> bool:
    """Whether a marker at the start of `after` opens an item and is not part of a sentence.

    `group` is the paragraph before; `full` says that its last line had no room for the marker
    ("… trong tháng | 12. Sau đó …").
    """
    if after.blank_before or is_closed(group[-1].text):
        return True
    if leaves_open(group, after):
        return False
    if marker.name in DASHES:
        small = after.text[marker.end : marker.end + 1].islower()
        return not full or (not small and numbering.expects(marker))
    return numbering.expects(marker) or not (full or ends_in_comma(group[-1]))


class Column(NamedTuple):
    """Where lines were broken: they have room for `lowest` characters and not for more than
    `highest`, as far as their lengths tell."""

    lowest: int
    highest: int


def wrap_columns(lines: Sequence[Line]) -> tuple[Column, ...]:
    """The columns at which the lines of a text were broken, the usual one first; () for none.

    Each sentence that runs over the end of a line says that the next word had no room there. A
    column is what explains many of these breaks; there are several where first lines of a
    paragraph were broken sooner.
    """
    limits = _limits()
    breaks = [
        _lengths(before, after) for before, after in pairwise(lines) if _runs_over(before, after)
    ]
    least = max(limits.breaks, len(breaks) * limits.share)
    columns: list[Column] = []
    while len(breaks) >= least:
        column, count = _most_covered(breaks)
        if count < least:
            break
        if limits.narrowest <= column.lowest <= limits.widest:
            columns.append(column)
        breaks = [span for span in breaks if not span[0] <= column.lowest <= span[1]]
    return tuple(columns)


def _runs_over(before: Line, after: Line) -> bool:
    return (
        not after.blank_before
        and goes_on_small(after)
        and before.kind in _TEXT_KINDS
        and after.kind in _TEXT_KINDS
        and not is_closed(before.text)
    )


def _most_covered(spans: Sequence[tuple[int, int]]) -> tuple[Column, int]:
    """The first stretch of numbers in most of the spans (ends included), and in how many."""
    edges: Counter[int] = Counter()
    for low, high in spans:
        edges[low] += 1
        edges[high + 1] -= 1
    best, covered, most = Column(0, 0), 0, 0
    for edge, following in pairwise(sorted(edges)):
        covered += edges[edge]
        if covered > most:
            best, most = Column(edge, following - 1), covered
    return best, most


def _lengths(before: Line, after: Line) -> tuple[int, int]:
    """The length of a line without and with the first word of the next one."""
    length, word = len(before.text), after.text.find(" ")
    return length, length + (word if word >= 0 else len(after.text))


def unwrap(flat: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """`lines` with those that were broken at a column put together again; `rows` counts them."""
    columns = wrap_columns(lines)
    if not columns:
        return tuple(lines)
    groups: list[list[Line]] = []
    numbering = Numbering()
    for line, following in zip_longest(lines, lines[1:]):
        marker = find_marker(line.text)
        if groups and _is_full(groups[-1][-1], line, columns):
            if marker is not None and opens_item(groups[-1], line, marker, numbering, full=True):
                joins = False
            elif _may_be_headline(groups) and following and _is_full(line, following, columns):
                joins = goes_on_small(line) or leaves_open(groups[-1], line)
            else:
                joins = _was_broken(groups[-1], line, columns)
            if joins:
                groups[-1].append(line)
                continue
        numbering.add(marker)
        groups.append([line])
    return tuple(_joined(flat, group) for group in groups)


def _may_be_headline(groups: Sequence[Sequence[Line]]) -> bool:
    """Whether all that stands above is one line, which may fill its column by chance."""
    return len(groups) == 1 and len(groups[0]) == 1


def _is_full(before: Line, after: Line, columns: Sequence[Column]) -> bool:
    """Whether two lines stand together and the next word had no room on the first."""
    length, wanted = _lengths(before, after)
    return (
        not after.blank_before
        and any(length <= highest and lowest <= wanted for lowest, highest in columns)
        and before.kind in _TEXT_KINDS
        and after.kind in _TEXT_KINDS
        and before.page == after.page
        and _GAP not in before.text
        and _GAP not in after.text
    )


def _was_broken(group: Sequence[Line], after: Line, columns: Sequence[Column]) -> bool:
    """Whether a paragraph whose last line is full goes on in the next one."""
    before = group[-1]
    if goes_on_small(after) or leaves_open(group, after):
        return True
    if changes_look(before, after):
        return False
    if ends_in_comma(before):
        return True
    # a short line without a full stop after the end of a sentence is a name or a heading
    return (
        not is_closed(before.text)
        or 2 * len(after.text) > max(columns).lowest
        or is_closed(after.text)
    )


def _joined(flat: str, group: Sequence[Line]) -> Line:
    first, last = group[0], group[-1]
    if first is last:
        return first
    bold = {line.bold for line in group}
    kinds = {line.kind for line in group}
    return Line(
        first.start,
        last.end,
        flat[first.start : last.end],
        first.blank_before,
        first.page,
        kinds.pop() if len(kinds) == 1 else "paragraph",
        first.note,
        bold.pop() if len(bold) == 1 else False if False in bold else None,
        first.align,
        first.size,
        len(group),
    )
