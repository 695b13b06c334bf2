"""Charts of an answer as SVG and HTML: no scripts, readable in print, numbers beside every mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from pipeline.export.report import Answer
from pipeline.messages import Language

COLORS = ("#1f5a99", "#c0392b", "#2e8b57", "#8e5bb5", "#b8860b", "#5f7d8c")
"""The whole, or what is left of it; then the parts."""
_BAR, _LABEL, _CHART = 22, 330, 420
_HEIGHT, _WIDTH, _MOST_COLUMNS = 190, 840, 24


def number_text(value: float, language: Language) -> str:
    """Digits grouped as the language does: 12.345,6 in Vietnamese, 12,345.6 in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def chart(answer: Answer, language: Language, rest: str = "") -> str:
    """The drawing that `answer.chart` names; `rest` is what a stacked bar has beside its parts."""
    if answer.chart in ("columns", "matrix"):
        return (_columns if answer.chart == "columns" else _matrix)(answer, language)
    return _bars(answer, language, rest)


def _bars(answer: Answer, language: Language, rest: str) -> str:
    """Horizontal bars; in a stacked chart the later columns are parts of the first."""
    stacked = answer.chart == "stacked"
    series = tuple(range(1, len(answer.columns))) if stacked else (1,)
    largest = answer.full or max((float(row[1] or 0) for row in answer.rows), default=0.0) or 1.0
    labels = [" ".join(str(row[0]).split()) for row in answer.rows]
    middle = min(_LABEL, 14 + max(map(_room, labels), default=0.0))
    height, width = len(answer.rows) * _BAR + 6, middle + _CHART + 90
    unit = answer.units[1] if answer.units else ""
    bars = (_bar(row, at, series, largest, middle) for at, row in enumerate(answer.rows))
    ends = (
        f'<text x="{middle + float(row[1] or 0) / largest * _CHART + 6:.0f}"'
        f' y="{at * _BAR + 16}">{number_text(row[1] or 0, language)}{escape(unit)}</text>'
        for at, row in enumerate(answer.rows)
    )
    svg = _svg(answer, width, height, (*bars, *ends))
    titles = (answer.titles[0], rest or answer.titles[1], *answer.titles[2:])
    return f"{_legend(titles, series)}{svg}" if stacked else svg


def _bar(
    row: tuple[Any, ...], at: int, series: tuple[int, ...], largest: float, middle: float
) -> str:
    """A label that ends and a bar that begins at `middle`."""
    top = at * _BAR + 3
    label = " ".join(str(row[0]).split())
    parts = [
        f'<text x="{middle - 8:.0f}" y="{top + 13}" text-anchor="end">{escape(_fitted(label))}'
        f"<title>{escape(label)}</title></text>",
        _rectangle(middle, top, float(row[1] or 0) / largest, COLORS[0]),
    ]
    left = middle
    for number, column in enumerate(series[1:], start=1):
        share = float(row[column] or 0) / largest
        parts.append(_rectangle(left, top, share, COLORS[number % len(COLORS)]))
        left += share * _CHART
    return "".join(parts)


def _fitted(label: str) -> str:
    """As much of `label` as there is room for."""
    room = float(_LABEL - 14)
    for at, char in enumerate(label):
        room -= _room(char)
        if room < 0:
            return label[: at - 1].rstrip() + "…"
    return label


def _room(words: str) -> float:
    """The width of words; capitals take half as much room again."""
    return sum(10.2 if char.isupper() else 7.2 for char in words)


def _rectangle(left: float, top: float, share: float, color: str) -> str:
    width = share * _CHART
    return (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR - 6}"'
        f' rx="2" fill="{color}"/>'
        if width > 0
        else ""
    )


def _columns(answer: Answer, language: Language) -> str:
    """Columns over time, the latest 24; the third column of the answer is a part of the second."""
    rows = answer.rows[-_MOST_COLUMNS:]
    largest = max(float(row[1]) for row in rows) or 1.0
    step = min(_WIDTH / len(rows), 120)
    marks = []
    for at, (label, whole, part, *_) in enumerate(rows):
        left, middle = at * step + step * 0.15, at * step + step / 2
        for value, color in ((whole, COLORS[0]), (part, COLORS[2])):
            height = float(value) / largest * _HEIGHT
            marks.append(
                f'<rect x="{left:.1f}" y="{_HEIGHT + 20 - height:.1f}" width="{step * 0.7:.1f}"'
                f' height="{height:.1f}" rx="2" fill="{color}"/>'
            )
        above = _HEIGHT + 14 - float(whole) / largest * _HEIGHT
        for y, text in ((above, number_text(whole, language)), (_HEIGHT + 38, escape(str(label)))):
            marks.append(f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle">{text}</text>')
    svg = _svg(answer, _WIDTH, _HEIGHT + 46, marks)
    return f"{_legend(answer.titles, (1, 2), (COLORS[0], COLORS[2]))}{svg}"


def _matrix(answer: Answer, language: Language) -> str:
    """A table of the third column by the first and the second, darker where there is more."""
    across = sorted({row[1] for row in answer.rows})
    largest = max(float(row[2]) for row in answer.rows) or 1.0
    cells: dict[Any, dict[Any, float]] = {}
    for first, second, value, *_ in answer.rows:
        cells.setdefault(first, {})[second] = value
    head = "".join(f'<th class="n">{escape(year)}</th>' for year in across)
    body = "".join(
        f"<tr><th>{escape(' '.join(str(name).split()))}</th>"
        + "".join(_shaded(held.get(year), largest, language) for year in across)
        + f'<td class="n"><b>{number_text(sum(held.values()), language)}</b></td></tr>'
        for name, held in cells.items()
    )
    return (
        f'<div class="wide"><table class="matrix"><thead><tr><th>{escape(answer.titles[0])}</th>'
        f'{head}<th class="n">Σ</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _shaded(value: float | None, largest: float, language: Language) -> str:
    if value is None:
        return '<td class="n">·</td>'
    depth = 0.08 + 0.4 * float(value) / largest
    text = number_text(value, language)
    return f'<td class="n" style="background: rgb(80 140 200 / {depth:.2f})">{text}</td>'


def _svg(answer: Answer, width: float, height: float, marks: Iterable[str]) -> str:
    return (
        f'<figure><svg role="img" aria-label="{escape(answer.title)}" width="{width:.0f}"'
        f' height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">{"".join(marks)}'
        "</svg></figure>"
    )


def _legend(
    titles: Sequence[str], series: tuple[int, ...], colors: tuple[str, ...] = COLORS
) -> str:
    keys = "".join(
        f'<span><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2"'
        f' fill="{colors[at % len(colors)]}"/></svg>{escape(titles[column])}</span>'
        for at, column in enumerate(series)
    )
    return f'<div class="legend">{keys}</div>'
