"""The automatic numbers of a Word document, as the reader of the printed page sees them.

Numbers are not in the text of a DOCX: paragraphs point (directly or through their style) at a list
definition, and Word counts. ECMA-376 Part 1, 17.9 says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_KEPT_BULLETS = "-+*•–"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and what it prints around the number."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    all_decimal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass(slots=True)
class _List:
    """A list instance (w:num): its abstract list and the levels it overrides."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]
    started: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of one document; `next_label` counts, so call it once a paragraph, in order."""

    _lists: dict[str, _List]
    _counters: dict[str, list[int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any | None) -> Numbering:
        """From the root of numbering.xml; None for a document without lists."""
        if root is None:
            return cls({})
        abstracts = _abstract_levels(root)
        lists = {}
        for num in root.iterfind(f"{W}num"):
            abstract = _value(num, "abstractNumId") or ""
            levels = dict(abstracts.get(abstract, {}))
            starts = {}
            for override in num.iterfind(f"{W}lvlOverride"):
                index = _number(override.get(f"{W}ilvl")) or 0
                replacing = override.find(f"{W}lvl")
                if replacing is not None:
                    levels[index] = _level(replacing)
                start = _number(_value(override, "startOverride"))
                if start is not None:
                    starts[index] = start
            lists[num.get(f"{W}numId") or ""] = _List(abstract, levels, starts)
        return cls(lists)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level that a paragraph style stands for in a list; 0 when none names it."""
        known = self._lists.get(list_id)
        levels = known.levels if known else {}
        return next((i for i, level in levels.items() if level.style == style), 0)

    def next_label(self, list_id: str, index: int) -> tuple[str, str]:
        """Count one paragraph of a list: its printed label, and the blank before its text.

        The label is "" where nothing is printed.
        """
        known = self._lists.get(list_id)
        if known is None or not 0 <= index < _LEVELS or index not in known.levels:
            return "", ""
        counters = self._counters.setdefault(known.abstract, [None] * _LEVELS)
        if not known.started:  # a start override counts from the first use of this instance
            known.started = True
            for at in known.starts:
                counters[at:] = [None] * (_LEVELS - at)
        _count(counters, known, index)
        level = known.levels[index]
        label = _label(known, counters, index)
        return label, {"nothing": "", "space": " "}.get(level.suffix, " ") if label else ""


def _count(counters: list[int | None], known: _List, index: int) -> None:
    for above in range(index):  # Word shows the start of a level that was never counted
        if counters[above] is None:
            counters[above] = _start(known, above)
    current = counters[index]
    counters[index] = _start(known, index) if current is None else current + 1
    for deeper in range(index + 1, _LEVELS):
        level = known.levels.get(deeper)
        restart = level.restart if level else None
        if restart is None or (restart > 0 and index < restart):
            counters[deeper] = None


def _start(known: _List, index: int) -> int:
    level = known.levels.get(index)
    return known.starts.get(index, level.start if level else 1)


def _label(known: _List, counters: list[int | None], index: int) -> str:
    level = known.levels[index]
    if level.form == "none":
        return ""
    if level.form == "bullet":
        return _bullet(level.text)
    label = level.text
    for at in range(_LEVELS):
        mark = f"%{at + 1}"
        if mark in label:
            shown = known.levels.get(at, Level())
            form = "decimal" if level.all_decimal else shown.form
            label = label.replace(mark, format_number(counters[at] or _start(known, at), form))
    return label.strip()


def _bullet(text: str) -> str:
    """A bullet as text: dashes and plus signs as they are, every other picture as "•"."""
    mark = text.strip()
    if mark in ("\uf02d", "\uf0be", "\u2212", "\u2012", "—"):
        return "-"
    return mark if mark and mark in _KEPT_BULLETS else "•" if mark else ""


def format_number(number: int, form: str) -> str:
    """A number in a format of ST_NumberFormat; formats of other scripts come out as digits."""
    if form in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form in ("upperLetter", "lowerLetter") and number > 0:
        # after z come aa, bb, cc: the letter is doubled, it does not carry
        letter = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 40)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{number:02d}"
    return "" if form == "none" else str(number)


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        letters += sign * (number // value)
        number %= value
    return letters


def _abstract_levels(root: Any) -> dict[str, dict[int, Level]]:
    """Levels by abstract list; a list that only names a list style gets that style's levels."""
    levels: dict[str, dict[int, Level]] = {}
    by_style: dict[str, str] = {}
    links: dict[str, str] = {}
    for abstract in root.iterfind(f"{W}abstractNum"):
        key = abstract.get(f"{W}abstractNumId") or ""
        levels[key] = dict(_levels(abstract))
        own, link = _value(abstract, "styleLink"), _value(abstract, "numStyleLink")
        if own:
            by_style[own] = key
        if link:
            links[key] = link
    for key, link in links.items():
        levels[key] = levels.get(by_style.get(link, key), {}) or levels[key]
    return levels


def _levels(abstract: Any) -> Iterator[tuple[int, Level]]:
    for element in abstract.iterfind(f"{W}lvl"):
        index = _number(element.get(f"{W}ilvl"))
        if index is not None and 0 <= index < _LEVELS:
            yield index, _level(element)


def _level(element: Any) -> Level:
    start = _number(_value(element, "start"))
    legal = element.find(f"{W}isLgl")
    return Level(
        start=1 if start is None else start,
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        suffix=_value(element, "suff") or "tab",
        all_decimal=legal is not None and legal.get(f"{W}val") not in ("0", "false", "off"),
        restart=_number(_value(element, "lvlRestart")),
        style=_value(element, "pStyle"),
    )


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    found = None if child is None else child.get(f"{W}val")
    return None if found is None else str(found)


def _number(text: str | None) -> int | None:
    """A whole number of up to six digits (larger ones are no list numbers), else None."""
    if text is None or not text.lstrip("-").isdecimal() or len(text) > 6:
        return None
    return int(text)
