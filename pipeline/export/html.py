"""A report as one HTML page with charts: no scripts, no fonts, nothing loaded from elsewhere."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from pipeline.export.report import Answer
from pipeline.messages import Language, say

_BAR = 22
_LABEL = 330
_CHART = 420
_COLORS = ("#1f5a99", "#c0392b", "#2e8b57", "#8e5bb5", "#b8860b", "#5f7d8c")
"""The whole, or what is left of it; then the parts."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6b7c; --line: #d9e0e8; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9fb0c0; --line: #33404d; --paper: #12181f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.75rem 0 .25rem; }
p.note { color: var(--soft); margin: .1rem 0 .8rem; font-size: .9rem; }
nav a { margin-right: 1rem; color: #1f6fbf; }
.numbers { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; }
.numbers div { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1.1rem; }
.numbers b { display: block; font-size: 1.6rem; } .numbers span { color: var(--soft); }
figure { margin: .5rem 0; overflow-x: auto; } svg text { fill: var(--ink); font-size: 13px; }
.legend span { display: inline-block; margin-right: 1rem; font-size: .9rem; }
.legend svg { margin-right: .35rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
th, td { vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
details summary { cursor: pointer; color: var(--soft); margin: .4rem 0; }
@media print { details { display: none; } section { break-inside: avoid; } }
"""


def html_page(
    answers: tuple[Answer, ...], totals: dict[str, int], as_of: dt.date, language: Language
) -> str:
    """The page: key numbers, then each question as a chart with its table."""
    title = say("export.report-title", language)
    day = as_of.strftime("%d/%m/%Y")
    numbers = "".join(
        f"<div><b>{number_text(value, language)}</b>"
        f"<span>{escape(say(f'export.total-{name}', language))}</span></div>"
        for name, value in totals.items()
    )
    links = "".join(f'<a href="#{a.name}">{escape(a.title)}</a>' for a in answers)
    sections = "".join(_section(answer, language) for answer in answers)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p class=note>"
        f"{escape(say('export.report-day', language, day=day))}</p>"
        f"<div class=numbers>{numbers}</div><nav>{links}</nav>{sections}</body></html>\n"
    )


def _section(answer: Answer, language: Language) -> str:
    note = f"<p class=note>{escape(answer.note)}</p>" if answer.note else ""
    head = f'<section id="{answer.name}"><h2>{escape(answer.title)}</h2>{note}'
    if not answer.rows:
        return f"{head}<p>{escape(say('export.report-empty', language))}</p></section>"
    table = _table(answer, language)
    if answer.chart is None:
        return f"{head}{table}</section>"
    summary = escape(say("export.report-table", language))
    details = f"<details><summary>{summary}</summary>{table}</details>"
    return f"{head}{chart(answer, language)}{details}</section>"


def _table(answer: Answer, language: Language) -> str:
    numeric = [_is_numeric(answer, at) for at in range(len(answer.columns))]
    mark = [' class="n"' if is_number else "" for is_number in numeric]
    cells = zip(mark, answer.titles, strict=True)
    head = "".join(f"<th{m}>{escape(title)}</th>" for m, title in cells)
    body = "".join(
        "<tr>"
        + "".join(f"<td{m}>{_cell(v, language)}</td>" for m, v in zip(mark, row, strict=True))
        + "</tr>"
        for row in answer.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _is_numeric(answer: Answer, at: int) -> bool:
    return all(isinstance(row[at], int | float) or row[at] is None for row in answer.rows)


def _cell(value: Any, language: Language) -> str:
    if isinstance(value, int | float):
        return number_text(value, language)
    return escape(" ".join(str(value).split())) if value is not None else "–"


def number_text(value: float, language: Language) -> str:
    """Digits grouped as the language does: 12.345,6 in Vietnamese, 12,345.6 in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def _series(answer: Answer) -> tuple[tuple[int, ...], bool]:
    """The columns to draw, and whether they are parts of the first ("stacked")."""
    stacked = answer.chart == "stacked"
    return (tuple(range(1, len(answer.columns))) if stacked else (1,)), stacked


def chart(answer: Answer, language: Language) -> str:
    """Horizontal bars; in a stacked chart the later columns are parts of the first."""
    series, stacked = _series(answer)
    largest = max((float(row[1] or 0) for row in answer.rows), default=0.0) or 1.0
    height = len(answer.rows) * _BAR + 6
    bars = "".join(_bar(row, at, series, largest, language) for at, row in enumerate(answer.rows))
    name = escape(answer.title)
    svg = (
        f'<figure><svg role="img" aria-label="{name}" width="{_LABEL + _CHART + 90}"'
        f' height="{height}" viewBox="0 0 {_LABEL + _CHART + 90} {height}">{bars}</svg></figure>'
    )
    if not stacked:
        return svg
    legend = "".join(
        f'<span><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2"'
        f' fill="{_COLORS[at % len(_COLORS)]}"/></svg>{escape(answer.titles[column])}</span>'
        for at, column in enumerate(series)
    )
    return f'<div class="legend">{legend}</div>{svg}'


def _bar(
    row: tuple[Any, ...], at: int, series: tuple[int, ...], largest: float, language: Language
) -> str:
    top = at * _BAR + 3
    label = " ".join(str(row[0]).split())
    shown = label if len(label) <= 46 else label[:45] + "…"
    total = float(row[series[0]] or 0)
    parts = [
        f'<text x="{_LABEL - 8}" y="{top + 13}" text-anchor="end">{escape(shown)}'
        f"<title>{escape(label)}</title></text>",
        _rectangle(_LABEL, top, total / largest, _COLORS[0]),
    ]
    left = float(_LABEL)
    for number, column in enumerate(series[1:], start=1):
        share = float(row[column] or 0) / largest
        parts.append(_rectangle(left, top, share, _COLORS[number % len(_COLORS)]))
        left += share * _CHART
    end = _LABEL + total / largest * _CHART + 6
    parts.append(f'<text x="{end:.0f}" y="{top + 13}">{_cell(row[series[0]], language)}</text>')
    return "".join(parts)


def _rectangle(left: float, top: float, share: float, color: str) -> str:
    width = share * _CHART
    return (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR - 6}"'
        f' rx="2" fill="{color}"/>'
        if width > 0
        else ""
    )
