"""A report as one HTML page with charts: no scripts, no fonts, nothing loaded from elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from html import escape
from typing import Any

from pipeline.export.charts import chart, number_text
from pipeline.export.report import Answer
from pipeline.messages import Language, say

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LONG = 60
"""Characters from which a column is one of sentences."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #566577; --line: #d9e0e8; --paper: #fff;
  --panel: #f5f8fb; --link: #1f5a99; --late: #b52b1e; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #a3b3c2; --line: #33404d; --paper: #12181f; --panel: #1a222b;
    --link: #7db6ee; --late: #ff8a75; }
  figure rect, .legend rect { filter: brightness(1.45); }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .25rem; }
p.note { color: var(--soft); margin: .1rem 0 .8rem; font-size: .9rem; }
nav { columns: 18rem 2; font-size: .95rem; } nav a { display: block; color: var(--link); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .8rem;
  margin: 1.5rem 0; }
.numbers div { background: var(--panel); border-radius: .5rem; padding: .7rem 1rem; }
.numbers div.late b { color: var(--late); }
.numbers b { display: block; font-size: 1.6rem; line-height: 1.2; }
.numbers span { color: var(--soft); font-size: .9rem; }
figure { margin: .5rem 0; } figure svg { max-width: 100%; height: auto; }
svg text { fill: var(--ink); font-size: 13px; }
.legend span { display: inline-block; margin-right: 1rem; font-size: .9rem; }
.legend svg { margin-right: .35rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.long { width: 60%; }
td.long p { margin: 0; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden; }
.matrix tbody th { font-weight: 400; width: 40%; } .matrix td { padding-left: .6rem; }
details summary { cursor: pointer; color: var(--soft); margin: .4rem 0; }
@page { margin: 1.6cm; }
@media print {
  body { font-size: 11pt; padding: 0; max-width: none; } nav, details { display: none; }
  h2 { break-after: avoid; } figure, tr, .numbers { break-inside: avoid; }
  thead { display: table-header-group; } td.long p { display: block; }
}
"""


def html_page(
    answers: tuple[Answer, ...], totals: dict[str, int], as_of: dt.date, language: Language
) -> str:
    """The page: key numbers, then each question as a chart with its table."""
    title = say("export.report-title", language)
    numbers = "".join(
        f"<div{' class=late' if name == 'overdue' else ''}><b>{number_text(value, language)}</b>"
        f"<span>{escape(say(f'export.total-{name}', language))}</span></div>"
        for name, value in totals.items()
    )
    links = "".join(f'<a href="#{a.name}">{escape(a.title)}</a>' for a in answers)
    sections = "".join(_section(answer, language) for answer in answers)
    day = say("export.report-day", language, day=as_of.strftime("%d/%m/%Y"))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p class=note>{escape(day)}</p>"
        f"<div class=numbers>{numbers}</div>"
        f'<nav aria-label="{escape(say("export.report-contents", language))}">{links}</nav>'
        f"{sections}</body></html>\n"
    )


def _section(answer: Answer, language: Language) -> str:
    note = f"<p class=note>{escape(answer.note)}</p>" if answer.note else ""
    head = f'<section id="{answer.name}"><h2>{escape(answer.title)}</h2>'
    if not answer.rows:
        empty = answer.empty or say("export.report-empty", language)
        return f"{head}<p>{escape(empty)}</p></section>"
    table = f"<div class=wide>{_table(answer, language)}</div>"
    if answer.chart is None:
        return f"{head}{note}{table}</section>"
    summary = escape(say("export.report-table", language))
    details = f"<details><summary>{summary}</summary>{table}</details>"
    return f"{head}{note}{chart(answer, language)}{details}</section>"


def _table(answer: Answer, language: Language) -> str:
    kinds = [_column_kind([row[at] for row in answer.rows]) for at in range(len(answer.columns))]
    units = answer.units or ("",) * len(answer.columns)
    head = "".join(
        f"<th{kind}>{escape(title)}</th>" for kind, title in zip(kinds, answer.titles, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{_cell(value, unit, kind, language)}</td>"
            for kind, value, unit in zip(kinds, row, units, strict=True)
        )
        + "</tr>"
        for row in answer.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _column_kind(values: list[Any]) -> str:
    """The class of a column: numbers and days, sentences, or short words."""
    held = [value for value in values if value is not None]
    if all(isinstance(value, int | float) or _DAY.fullmatch(str(value)) for value in held):
        return ' class="n"'
    return ' class="long"' if max(len(str(value)) for value in held) > _LONG else ""


def _cell(value: Any, unit: str, kind: str, language: Language) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float):
        return number_text(value, language) + escape(unit)
    text = " ".join(str(value).split())
    day = _DAY.fullmatch(text)
    if day and language == "vi":
        return "/".join(reversed(day.groups()))
    full = escape(text)
    return f'<p title="{full}">{full}</p>' if "long" in kind else full
