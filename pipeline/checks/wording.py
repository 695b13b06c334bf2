"""Wording: misspelt syllables, mixed spacing, invisible blanks, traces of the page around the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.catalogue import Reading, flag, short
from pipeline.record import Issue
from pipeline.text.fold import fold
from pipeline.text.syllables import is_syllable

_SMALL_WORD = re.compile(r"(?<![\w./@:-])[a-zà-ỹđ]{3,8}(?![\w/@.:-]*[\w@])")
_MARKED = re.compile(r"[à-ỹđ]")
_NO_BREAK = 5
"""Fewer no-break spaces are typing, not a converter's work."""
_URGENT = re.compile(r"(?i)khẩn trương|kịp thời|(?<!\w)ngay(?!\w)|sớm")


def wording_checks(reading: Reading) -> Iterator[Issue]:
    """Every check of wording."""
    yield from misspellings(reading)
    yield from percent_spacing(reading)
    yield from no_break_spaces(reading)
    yield from page_traces(reading)


def misspellings(reading: Reading) -> Iterator[Issue]:
    """Small-letter words that no Vietnamese spelling allows, beside words that it does.

    Foreign words come in runs, slips alone: a neighbour that is no syllable either acquits the word.
    """
    foreign = [span for span in reading.noise]
    words = [m for m in re.finditer(r"[^\W\d_]+", reading.text)]
    known = [is_syllable(word.group().lower()) for word in words]
    for index, word in enumerate(words):
        if known[index] or not _SMALL_WORD.fullmatch(word.group()):
            continue
        alone = all(known[max(0, index - 2) : index]) and all(known[index + 1 : index + 3])
        if (
            alone
            and _is_slip(reading.text, word)
            and not any(a <= word.start() < b for a, b in foreign)
        ):
            yield flag("misspelling", word.start(), word.end(), words=word.group())


def _is_slip(text: str, word: re.Match[str]) -> bool:
    """Whether a strange word stands between blanks, once, and looks like a mistyped syllable."""
    around = text[max(0, word.start() - 1) : word.start()] + text[word.end() : word.end() + 1]
    if re.search(r"[\w./@:-]", around.replace(". ", "")) and not re.fullmatch(
        r"[\s,.;()]*", around
    ):
        return False
    letters = word.group()
    strange = re.search(r"[fjwz]|[^aeiouyà-ỹ]{4,}", letters)
    once = len(re.findall(rf"(?<!\w){letters}(?!\w)", text)) == 1
    return (
        once
        and not re.search(r"[fjwz]", letters)
        and bool(
            _MARKED.search(letters) or strange or (re.match(r"p[^h]|[^aeiouy]{3}(?<!ngh)", letters))
        )
    )


def percent_spacing(reading: Reading) -> Iterator[Issue]:
    """ "100%" here and "100 %" there."""
    close = re.search(r"\d+%", reading.text)
    apart = re.search(r"\d+[ \u00a0]+%", reading.text)
    if close and apart:
        facts = {"first": short(close.group()), "second": short(apart.group())}
        yield flag("percent-spacing", apart.start(), apart.end(), **facts)


def no_break_spaces(reading: Reading) -> Iterator[Issue]:
    """Blanks that look like spaces and are none; searches stumble over them."""
    count = reading.text.count("\u00a0")
    if count >= _NO_BREAK:
        at = reading.text.index("\u00a0")
        yield flag("no-break-spaces", at, at + 1, count=count)


def page_traces(reading: Reading) -> Iterator[Issue]:
    """Site text, captions and repeated headlines within a news item."""
    for start, end in reading.blocks("boilerplate")[:1]:
        yield flag("page-furniture", start, end)
    if not reading.is_news:
        return
    for start, end in reading.blocks("caption"):
        yield flag("caption-between", start, end)
    title = reading.record.header.title
    if title is None or len(title.value) < 20:
        return
    wanted = fold(" ".join(title.value.split()))
    for start, end in reading.lines:
        if start > title.end and fold(" ".join(reading.text[start:end].split())) == wanted:
            yield flag("headline-repeated", start, end)


def urgency_only(reading: Reading) -> Iterator[Issue]:
    """Two tasks or more of which none has a deadline, but words of urgency."""
    tasks = reading.record.tasks
    if len(tasks) < 2 or any(task.deadline for task in tasks):
        return
    words = (_URGENT.search(task.quote) for task in tasks)
    found = sorted({match.group().lower() for match in words if match})
    if found:
        first = tasks[0]
        yield flag("tasks-without-deadline", first.start, first.end, words=", ".join(found))
