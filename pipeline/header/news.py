"""Headline, author, date of publication and of the event of a news report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.header.captions import caption_zones
from pipeline.header.items import is_full
from pipeline.header.number import slashed_date
from pipeline.header.patterns import joined, words
from pipeline.header.sheet import Sheet, Span, tidy
from pipeline.header.zones import ZoneSpan
from pipeline.record import Found, Header
from pipeline.resources import lexicon
from pipeline.structure.draft import Line
from pipeline.text.digits import digit_runs


@dataclass(frozen=True)
class _Patterns:
    furniture: re.Pattern[str]
    date_line: re.Pattern[str]
    label: re.Pattern[str]
    notes: re.Pattern[str]
    outlet: re.Pattern[str]
    by_outlet: re.Pattern[str]
    caption: re.Pattern[str]
    tail: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = lexicon("news_patterns")
    outlets = words(data["outlets"])
    return _Patterns(
        furniture=re.compile(joined(data["furniture"])),
        date_line=re.compile(joined(data["date_line"])),
        label=re.compile(rf"(?:{joined(data['author_labels'])})\s*:\s*"),
        notes=re.compile(rf"\s*\((?:{words(data['author_notes'])})\)\s*$"),
        outlet=re.compile(rf"(?:theo |bao )?(?:{outlets})$"),
        by_outlet=re.compile(rf"\s+[-–]\s+(?:{outlets})$"),
        caption=re.compile(joined(data["caption"])),
        tail=re.compile(joined(data["tail"])),
    )


def parse_news(sheet: Sheet) -> tuple[Header, tuple[ZoneSpan, ...]]:
    """The header of a news report and the parts around its text."""
    title_line = _headline(sheet)
    title = _title(sheet, title_line)
    after = title_line.end if title_line else 0
    published = _published(sheet, title_line)
    tail = _tail(sheet, after)
    author = _author(sheet, after, tail)
    event = _event(sheet, after, published)
    kind = title.model_copy(update={"value": "NEWS", "origin": "rule:news.form"}) if title else None
    header = Header(
        kind=kind,
        title=title,
        published_on=published or _today(sheet, after),
        author=author,
        event_on=event,
    )
    return header, _zones(sheet, title_line, published, author, tail)


def _headline(sheet: Sheet) -> Line | None:
    """The page's own title where it stands in the text, else the first line of content."""
    stated = sheet.document.metadata.title
    if stated:
        at = sheet.flat.find(stated.strip())
        line = next((li for li in sheet.lines if li.start <= at < li.end), None)
        if line is not None:
            return line
    for line in sheet.lines[:20]:
        folded = sheet.folded[line.start : line.end].lstrip(" *#|")
        if (
            len(folded) >= 15
            and not _patterns().furniture.match(folded)
            and not _is_date_line(sheet, line)
        ):
            return line
    return None


def _title(sheet: Sheet, line: Line | None) -> Found[str] | None:
    """The headline; a wrapped one goes on in small letters, or on one line that is not full."""
    if line is None:
        return None
    start, end = line.start, line.end
    at = sheet.lines.index(line)
    for last, follower in pairwise(sheet.lines[at : at + 4]):
        text = sheet.flat[follower.start : follower.end]
        if not is_full(sheet, last, text) or follower.blank_before or sheet.flat[end - 1] in ".!":
            break
        after = sheet.lines[sheet.lines.index(follower) + 1 :][:1]
        prose = bool(after) and is_full(sheet, follower, sheet.flat[after[0].start : after[0].end])
        if not text[0].islower() and prose:
            break
        end = follower.end
    return sheet.found(start, end, "rule:news.headline", extra="#")


def _is_date_line(sheet: Sheet, line: Line) -> bool:
    folded = sheet.folded[line.start : line.end].strip(" *|()")
    return (
        len(folded) <= 60
        and bool(_patterns().date_line.match(folded))
        and any(map(str.isdigit, folded))
    )


def _published(sheet: Sheet, title_line: Line | None) -> Found[str] | None:
    """The date on a line of its own beside the headline, or stated by the page and printed."""
    if title_line is None:
        return None
    at = sheet.lines.index(title_line)
    for line in (*sheet.lines[at + 1 : at + 5], *sheet.lines[:at]):
        if _is_date_line(sheet, line):
            date = slashed_date(sheet, line.start, line.end, "rule:news.date-line")
            if date is not None:
                return _with_time(sheet, line, date)
    stated = sheet.document.metadata.published
    if stated:
        return _stated(sheet, stated)
    return None


def _with_time(sheet: Sheet, line: Line, date: Found[str]) -> Found[str]:
    clock = re.search(
        r"(?<!\d)([01]?\d|2[0-3])\s*[:hg]\s*([0-5]\d)(?!\d)", sheet.folded[line.start : line.end]
    )
    if clock is None:
        return date
    start = min(date.start, line.start + clock.start())
    end = max(date.end, line.start + clock.end())
    value = f"{date.value}T{int(clock[1]):02d}:{clock[2]}"
    return sheet.found(start, end, date.origin, value=value) or date


def _stated(sheet: Sheet, stated: str) -> Found[str] | None:
    """A date from the page's metadata, when the same day is printed in the text."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", stated)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    printed = re.search(rf"(?<!\d)0?{day}\s*[/.-]\s*0?{month}\s*[/.-]\s*{year}(?!\d)", sheet.flat)
    if printed is None:
        return None
    return sheet.found(*printed.span(), "rule:news.page-date", value=match.group())


_FULL_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_TODAY = re.compile(r"(?:sang|trua|chieu|toi|ngay) (?:hom )?nay,? ?\(?(?:ngay )?$")
_DAY = re.compile(
    r"(?P<day>\d{1,2}) ?[/.-] ?(?P<month>\d{1,2})(?: ?[/.-] ?(?P<year>\d{4}))?(?![\d/%])"
)
_BEFORE_DAY = re.compile(
    r"(?:(?:sang|trua|chieu|toi|vao ngay|hom qua|hom nay)(?: ngay| nay| qua)*,? ?|ngay )"
    r"\(?(?:ngay )?$"
)
_LEAD = 1500
_NEAR = 60
"""Characters before the digits of a day in which the words that tell of it are looked for."""


def _today(sheet: Sheet, after: int) -> Found[str] | None:
    """ "sáng nay 6/7/2018": the day of the event told as today is the day of publication."""
    for at in digit_runs(sheet.flat, after, len(sheet.flat)):
        day = _FULL_DAY.match(sheet.folded, at)
        if day and _TODAY.search(sheet.folded, max(after, at - _NEAR), at):
            date = slashed_date(sheet, *day.span(), "inferred:news.today")
            return date if date is None else date.model_copy(update={"confidence": 0.8})
    return None


def _event(sheet: Sheet, after: int, published: Found[str] | None) -> Found[str] | None:
    """The first day told in the lead; its year from the publication, marked as inferred.

    A day without its part ("sáng", "chiều") counts at the start of a sentence only: "trước ngày
    30/4" is a time limit, "Nghị quyết … ngày 6/2" a citation.
    """
    end = min(after + _LEAD, len(sheet.folded))
    for at in digit_runs(sheet.flat, after, end):
        day = _DAY.match(sheet.folded, at, end)
        told = day and _BEFORE_DAY.search(sheet.folded, max(after, at - _NEAR), at)
        if not (day and told and 1 <= int(day["day"]) <= 31 and 1 <= int(day["month"]) <= 12):
            continue
        start = told.start()
        if told.group().startswith("ngay ") and sheet.flat[start] != "N":
            continue
        if start and sheet.flat[start - 1].isalnum():
            continue
        return _dated_event(sheet, start, day, published)
    return None


def _dated_event(
    sheet: Sheet, start: int, day: re.Match[str], published: Found[str] | None
) -> Found[str] | None:
    printed = f"{int(day['month']):02d}-{int(day['day']):02d}"
    if day["year"]:
        return sheet.found(start, day.end(), "rule:news.event", value=f"{day['year']}-{printed}")
    if published is None:
        return sheet.found(start, day.end(), "rule:news.event", value=f"--{printed}")
    year = int(published.value[:4]) - (printed > published.value[5:10])
    inferred = "inferred:news.year-of-publication"
    return sheet.found(start, day.end(), inferred, value=f"{year}-{printed}")


def _tail(sheet: Sheet, after: int) -> int:
    """Where the page's text behind the article begins."""
    for line in sheet.lines:
        if line.start > after and _patterns().tail.match(
            sheet.folded[line.start : line.end].lstrip(" *#|")
        ):
            return line.start
    return len(sheet.flat)


_STOP = re.compile(r"(?:[.!?…”\"’):]|/\.)[\s*]+(?=\S)")
_REACH = 110


def _author(sheet: Sheet, after: int, tail: int) -> Found[str] | None:
    """Who wrote it: a labelled line, a short last line, or the words after the last full stop."""
    lines = [li for li in sheet.lines if after <= li.start and li.kind != "page-number"]
    for line in lines[:1] + [line for line in lines if line.start >= tail]:
        label = re.match(r"[\s*(]*tac gia\s*:\s*", sheet.folded[line.start : line.end])
        if label and line.end - line.start < 80:
            return _name(sheet, Span(line.start + label.end(), line.end))
    body = [line for line in lines if line.start < tail]
    for index in range(len(body) - 1, max(-1, len(body) - 4), -1):
        line = body[index]
        text = sheet.flat[line.start : line.end]
        own = index == 0 or not is_full(sheet, body[index - 1], text)
        if own and line.end - line.start <= 70:
            found = _whole_line(sheet, line)
            if found is not None:
                return found
    return _run_on(sheet, body[-1].end) if body else None


def _whole_line(sheet: Sheet, line: Line) -> Found[str] | None:
    start, end = sheet.trim(line.start, line.end, extra="-–—")
    is_caption = _patterns().caption.match(sheet.folded[start:end])
    bracketed = (
        start < end and sheet.flat[start] == "(" and sheet.flat[end - 1] == ")" and not is_caption
    )
    return _name(sheet, Span(start + bracketed, end - bracketed))


def _run_on(sheet: Sheet, end: int) -> Found[str] | None:
    """The name that stands behind the last sentence of a paragraph."""
    start = max(0, end - _REACH)
    for stop in _STOP.finditer(sheet.flat, start, end):
        found = _name(sheet, Span(stop.end(), end))
        if found is not None:
            return found
    return None


_WORD = re.compile(r"[^\W\d_]+(?:[.,’'&][^\W\d_]+)*\.?")
_LINKS = {"-", "–", "/", "va", "và", "Theo", "theo", "(Theo", "&"}


def _name(sheet: Sheet, span: Span) -> Found[str] | None:
    """The span as an author: its label and notes cut off, capitalised words only."""
    label = _patterns().label.match(sheet.folded, span.start, span.end)
    start = label.end() if label else span.start
    note = _patterns().notes.search(sheet.folded[start : span.end])
    end = start + note.start() if note else span.end
    start, end = sheet.trim(start, end, extra="-–—,.:")
    if sheet.flat.count("(", start, end) != sheet.flat.count(")", start, end):
        return None
    outlet = _patterns().outlet.match(sheet.folded, start, end)
    if outlet:
        return sheet.found(start, end, "rule:news.author-outlet")
    by = _patterns().by_outlet.search(sheet.folded, start, end)
    end = by.start() if by else end
    names = sheet.flat[start:end].split()
    if not 1 <= len(names) <= 8 or end - start < 2:
        return None
    if not all(map(_is_name_word, names)) or names[0] in _LINKS - {"Theo"}:
        return None
    alone = len(names) == 1
    if alone and not (
        label or sheet.flat[start:end].isupper() or "." in names[0] or "," in names[0]
    ):
        return None
    half = len(names) // 2
    if half and names[:half] == names[half:]:
        end = start + sheet.flat[start:end].index(names[half - 1]) + len(names[half - 1])
    value = tidy(sheet.plain[start:end])
    return sheet.found(start, end, "rule:news.author", value=value)


def _is_name_word(word: str) -> bool:
    if word in _LINKS:
        return True
    bare = word.strip("()")
    parts = [part for part in re.split(r"[/-]", bare) if part]
    return bool(parts) and all(_WORD.fullmatch(part) and part[0].isupper() for part in parts[:1])


def _author_lines(sheet: Sheet, author: Found[str], after: int, tail: int) -> list[ZoneSpan]:
    """The author's name behind the text, and every line that holds nothing else."""
    zones: list[ZoneSpan] = []
    for line in sheet.lines:
        if not after <= line.start < tail:
            continue
        start, end = sheet.trim(line.start, line.end, extra="-–—().")
        inside = line.start <= author.start < line.end
        if sheet.flat[start:end] == author.quote or (inside and end - start <= 90):
            zones.append(ZoneSpan(line.start, line.end, "footer", "author"))
        elif inside:
            before = sheet.folded[max(0, author.start - 24) : author.start]
            label = next(
                (m for m in _patterns().label.finditer(before) if m.end() == len(before)), None
            )
            start = author.start - (len(label.group()) if label else 0)
            zones.append(ZoneSpan(start, line.end, "footer", "author"))
    return zones


def _zones(
    sheet: Sheet,
    title: Line | None,
    published: Found[str] | None,
    author: Found[str] | None,
    tail: int,
) -> tuple[ZoneSpan, ...]:
    """Page furniture, headline block, author line and the page's tail."""
    zones: list[ZoneSpan] = []
    top = title.start if title else 0
    if sheet.flat[:top].strip():
        zones.append(ZoneSpan(*sheet.trim(0, top), "boilerplate", "before-article"))
    if title:
        end = (
            published.end
            if published and title.end <= published.start <= title.end + 200
            else title.end
        )
        zones.append(ZoneSpan(title.start, end, "header", "headline"))
    if author:
        zones.extend(_author_lines(sheet, author, title.end if title else 0, tail))
    if tail < len(sheet.flat):
        zones.append(
            ZoneSpan(tail, sheet.trim(tail, len(sheet.flat))[1], "boilerplate", "site-text")
        )
    headline = title.text if title else ""
    zones.extend(caption_zones(sheet, title.end if title else 0, tail, headline))
    return _disjoint(zones)


def _disjoint(zones: list[ZoneSpan]) -> tuple[ZoneSpan, ...]:
    """Zones in order, none inside another."""
    kept: list[ZoneSpan] = []
    for zone in sorted((z for z in zones if z.start < z.end), key=lambda z: z.start):
        if not kept or zone.start >= kept[-1].end:
            kept.append(zone)
    return tuple(kept)
