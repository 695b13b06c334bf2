"""The marks by which a header is found: quốc hiệu, number, date, kind, Kính gửi, Nơi nhận."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain

from rapidfuzz.distance import Levenshtein

from pipeline.header.patterns import document_types, patterns
from pipeline.header.sheet import Sheet, Span, is_upper
from pipeline.header.torn import torn_lines
from pipeline.text.digits import digit_runs
from pipeline.text.fold import fold


def _one_off(word: str) -> str:
    """An alternation of `word` and its forms with one letter misread."""
    return "|".join([word, *(word[:i] + r"\w" + word[i + 1 :] for i in range(len(word)))])


# Nghị định 30/2020/NĐ-CP, Phụ lục I, II.3 and II.4; a Party document has no colon after "Số"
NUMBER = re.compile(
    r"(?:s\w?|5\w?(?!\d))\s*(?P<colon>[:;.,])?\s*[*|]*\s*"
    r"(?P<number>\d[\d.]{0,9}[a-z]?\b|[.…_\- ]*)\s*"
    r"(?P<sep>[/-]|(?<=\d)(?=nq-))\s*(?P<symbol>(?:(?:18|19|20)\d\d\s*/\s*)?[a-z][\w&.,]*"
    r"(?:\s?[-–/]\s?[a-z0-9][\w&.]*){0,12})",
)
DATE = re.compile(
    r"ngay[\s*]*(?P<day>\d{1,2}|[.…_]*)[\s*]*thang[\s*]*(?P<month>\d{1,2}|[.…_]*)[\s*]*nam[\s*]*"
    r"(?P<year>\d{4}|20[.…_]*|[.…_]*)"
)
LOOSE_DATE = re.compile(
    rf"(?:{_one_off('ngay')})\s+(?P<day>\d{{1,2}})\s+(?:{_one_off('thang')})\s+(?P<month>\d{{1,2}})\s+"
    rf"(?:{_one_off('nam')})\s+(?P<year>(?:19|20)\d\d)"
)
_LOOSE_DIGITS = re.compile(r"\d+\s+\w{5}\s+\d{1,2}\s+\w{3}\s+(?:19|20)\d\d")
"""What a loose date cannot do without, told far sooner than all its misread forms."""
_HEAD_LINES = 40
_LONGEST_MISREAD = 24
"""Characters of a kind of document that stands alone with a letter misread."""
_NEAR = 100
DEAR = re.compile(r"kinh (?:gui|trinh)\s*:")
RECIPIENTS = re.compile(r"noi\s+nhan\s*[:;.]?")
SUBJECT = re.compile(r"v\s*/\s*v(?!\w)\s*:?")
_RULE = re.compile(r"[-–—_*=~.\s|•+]+")


def anchors(sheet: Sheet) -> tuple[Span, ...]:
    """Every mark of a header or footer in the text, in order, not overlapping."""
    spans = [*_fixed_lines(sheet), *_from_lines(sheet), *_dates(sheet)]
    spans += torn_lines(sheet, spans)
    spans.sort(key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def is_rule(text: str) -> bool:
    """Whether a line holds only dashes, stars or dots."""
    return bool(_RULE.fullmatch(text))


def _fixed_lines(sheet: Sheet) -> Iterator[Span]:
    """Quốc hiệu, tiêu ngữ, their Party and union counterparts: capitals, or a line's start."""
    starts = {line.start for line in sheet.lines}
    seen: set[str] = set()
    for name, (pattern, text, _) in patterns().fixed.items():
        if not all(word in sheet.folded for word in reversed(text.split()) if word != "-"):
            continue
        for match in pattern.finditer(sheet.folded):
            words = sheet.flat[match.start() : match.end()]
            at_start = match.start() in starts and words[:1].isupper()
            if is_upper(words) or name == "motto" or (at_start and _alone(sheet, match)):
                seen.add(name)
                yield Span(match.start(), match.end(), name)
    yield from _misread_lines(sheet, seen)


def _alone(sheet: Sheet, match: re.Match[str]) -> bool:
    line = next(line for line in sheet.lines if line.start == match.start())
    return line.end - match.end() <= 2


def _misread_lines(sheet: Sheet, seen: set[str]) -> Iterator[Span]:
    """Fixed lines with a few wrong letters, among the first short lines."""
    for line in sheet.lines[:60]:
        if not 18 <= line.end - line.start <= 44:
            continue
        folded = sheet.folded[line.start : line.end]
        for name, (_, text, distance) in patterns().fixed.items():
            if (
                name not in seen
                and Levenshtein.distance(folded, text, score_cutoff=distance) <= distance
            ):
                yield Span(line.start, line.end, name)


def _from_lines(sheet: Sheet) -> Iterator[Span]:
    folded = sheet.folded
    for line in sheet.lines:
        start, end = sheet.trim(line.start, line.end)
        if start >= end or (
            not folded[start].isalnum() and end - start < 120 and is_rule(folded[start:end])
        ):
            yield Span(line.start, line.end, "rule")
            continue
        found = _type_line(sheet, start, end) or _mark_line(sheet, start, end)
        if found:
            yield found
    starts = [line.start for line in sheet.lines]
    for kind, pattern in _LABELS:
        for match in pattern.finditer(folded):
            line = sheet.lines[bisect_right(starts, match.start()) - 1]
            start, end = sheet.trim(line.start, line.end)
            if _is_label(sheet, kind, match, start, end):
                yield Span(match.start(), match.end(), kind)
    yield from _numbers(sheet, starts)


_LABELS = (("dear", DEAR), ("recipients", RECIPIENTS), ("subject", SUBJECT))


def _is_label(sheet: Sheet, kind: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether the words are printed as a label, at the start of their line or after its mark."""
    at = match.start()
    if at and sheet.flat[at - 1].isalnum():
        return False
    if kind == "subject":
        return at == start or bool(NUMBER.match(sheet.folded, start))
    if not sheet.flat[at].isupper():
        return False
    return kind == "dear" or _is_recipients(sheet, match, start, end)


_SO_BEGINS = (re.compile("S"), re.compile("5"), re.compile("số(?= ?:)"))
"""How "Số" may begin, the last only behind a kind ("Luật số: 58/2010/QH12"); apart, since a single
letter is found ten times as fast as one of two."""
_SO = re.compile(r"(?:s\w?|5[o0])(?=[\s:;.,*|]*[\d/.…_-])")


def _numbers(sheet: Sheet, starts: list[int]) -> Iterator[Span]:
    """Number lines; the symbol may stand on the next line of hard-wrapped text."""
    begins = chain.from_iterable(letter.finditer(sheet.flat) for letter in _SO_BEGINS)
    for at in sorted(begin.start() for begin in begins):
        hit = None if at and sheet.flat[at - 1].isalnum() else _SO.match(sheet.folded, at)
        if hit is None:
            continue
        match = NUMBER.match(sheet.folded, at)
        if match is None or not _is_symbol(sheet, match):
            continue
        line = sheet.lines[bisect_right(starts, at) - 1]
        start = sheet.trim(line.start, line.end)[0]
        at_start = at == start
        if sheet.flat[at] == "s" and not patterns().type_name.fullmatch(
            sheet.folded, start, max(start, at - 1)
        ):
            continue
        exact = hit.group() == "so"
        if at_start if not exact else at_start or match["colon"] == ":":
            yield Span(at, match.end(), "number")


def _is_symbol(sheet: Sheet, match: re.Match[str]) -> bool:
    """A symbol is written in capitals ("TB-STNMT", "CTr/TU", "NQ-HĐND"), never as a word."""
    symbol = sheet.flat[match.start("symbol") : match.end("symbol")]
    if match["sep"] == "-" and "/" not in symbol and not match["number"].strip(". …_-"):
        return False
    return sum(char.isupper() for char in symbol) >= 2


def _is_recipients(sheet: Sheet, match: re.Match[str], start: int, end: int) -> bool:
    if match.start() == start:
        return (
            ":" in match.group()
            or match.end() == end
            or sheet.flat[match.end() : end].strip()[:1] in "-–"
        )
    return ":" in match.group() and sheet.flat[
        max(0, match.start() - _NEAR) : match.start()
    ].rstrip()[-1:] in tuple(".;|*/")


def _type_line(sheet: Sheet, start: int, end: int) -> Span | None:
    """A kind of document in capitals: alone on its line, or run together with the title."""
    if not sheet.flat[start].isupper():
        return None
    match = patterns().type_name.match(sheet.folded, start)
    if match is None and end - start > _LONGEST_MISREAD:
        return None
    if not is_upper(sheet.flat[start : min(end, start + 40)].split("  ")[0]):
        return None
    if match is None:
        return _misread_type(sheet, start, end)
    end = max(end, match.end())
    if not is_upper(sheet.flat[match.start() : match.end()]):
        return None
    rest = sheet.flat[match.end() : end].strip(" *")
    if rest.startswith(":"):
        return None
    if not rest or (
        is_upper(rest) and len(rest.split()) <= 3 and end - start <= 40 and not _names_issuer(rest)
    ):
        return Span(start, end, "type")
    return Span(match.start(), match.end(), "type")


def _names_issuer(rest: str) -> bool:
    return rest.split()[0] in {"CỦA", "VỀ", "V/V", "BAN"}


def _misread_type(sheet: Sheet, start: int, end: int) -> Span | None:
    folded = sheet.folded[start:end]
    for kind in document_types():
        if (
            len(kind.name) >= 7
            and abs(len(kind.name) - len(folded)) <= 1
            and Levenshtein.distance(folded, kind.name, score_cutoff=1) <= 1
        ):
            return Span(start, end, "type")
    return None


def _mark_line(sheet: Sheet, start: int, end: int) -> Span | None:
    """Urgency and secrecy stamps: a line that holds nothing else."""
    if end - start > 24:
        return None
    for kind, pattern in (("secrecy", patterns().secrecy), ("urgency", patterns().urgency)):
        if pattern.fullmatch(sheet.folded, start, end) and is_upper(sheet.flat[start:end]):
            return Span(start, end, kind)
    return None


_UNITS = (
    "thanh pho",
    "tinh",
    "huyen",
    "quan",
    "xa",
    "phuong",
    "thi xa",
    "thi tran",
    "dac khu",
    "tp",
)
_UNIT = re.compile(rf"(?:{'|'.join(_UNITS)})\b\.?\s*")
_TOKEN = re.compile(r"\S+")


def _dates(sheet: Sheet) -> Iterator[Span]:
    """Place and date of issue: "Hà Nội, ngày 05 tháng 7 năm 2023", which end their line."""
    starts = [line.start for line in sheet.lines]
    spans = list(_dated(sheet, starts, DATE.finditer(sheet.folded)))
    if not spans and sheet.lines:
        reach = sheet.lines[:_HEAD_LINES][-1].end
        digits = digit_runs(sheet.flat, 0, reach)
        if any(_LOOSE_DIGITS.match(sheet.folded, at, reach) for at in digits):
            spans = list(_dated(sheet, starts, LOOSE_DATE.finditer(sheet.folded, 0, reach)))
    return iter(spans)


def _dated(sheet: Sheet, starts: list[int], matches: Iterator[re.Match[str]]) -> Iterator[Span]:
    for match in matches:
        line_start = starts[max(0, bisect_right(starts, match.start()) - 1)] if starts else 0
        before = sheet.flat[max(0, match.start() - _NEAR) : match.start()].rstrip()
        if match.start() - line_start < 2 and before.endswith(","):
            comma = sheet.flat.rindex(",", 0, match.start())
            line_start = starts[max(0, bisect_right(starts, comma) - 1)]
        start = _place_start(sheet, line_start, match.start())
        if start == line_start:
            start = _wrapped_place(sheet, starts, start, match.start())
        if (start < match.start() and _closes_line(sheet, match.end())) or (
            start == line_start and sheet.flat[start].isupper() and _closes_line(sheet, match.end())
        ):
            yield Span(start, match.end(), "date")


def _place_start(sheet: Sheet, line_start: int, date_start: int) -> int:
    """Where the capitalised name before a date begins; `date_start` when there is none.

    In two columns read as one line the name is only the last words: "V/v góp vốn Hà Nội, ngày …".
    """
    tokens = list(_TOKEN.finditer(sheet.flat, max(line_start, date_start - _NEAR), date_start))
    best = date_start
    for token in reversed(tokens[-7:]):
        word = token.group().strip("*|,.;")
        if word in ("", "-", "–"):
            continue
        plain = fold(word)
        is_name = (
            word[0].isupper()
            and "/" not in word
            and not (len(word) > 3 and any(map(str.isdigit, word)))
        )
        is_code = "-" in word and is_upper(word) and len(word) > 4
        if (
            is_code
            or plain == "so"
            or not (
                is_name or plain in _UNITS or plain in ("thanh", "pho", "thi") or word.isdigit()
            )
        ):
            break
        best = token.start() + token.group().index(word)
    return best


def _wrapped_place(sheet: Sheet, starts: list[int], start: int, date_start: int) -> int:
    """Where a province's name begins that a narrow column cut in two: "Hà" / "Nội, ngày …"."""
    at = bisect_right(starts, start) - 1
    if at < 1 or sheet.lines[at].blank_before:
        return start
    above, _ = sheet.trim(sheet.lines[at - 1].start, sheet.lines[at - 1].end)
    if start - above > _NEAR:
        return start
    whole = " ".join(sheet.folded[above:date_start].replace("*", " ").replace(",", " ").split())
    return above if _UNIT.sub("", whole) in patterns().provinces else start


def _closes_line(sheet: Sheet, offset: int) -> bool:
    rest = sheet.text[offset : offset + 200].split("\n")[0].strip(" *|_.")
    return not rest or is_upper(rest[:60])
