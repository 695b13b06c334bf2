"""What a careful archivist would flag in a header."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from pipeline.header.foot import Foot
from pipeline.header.number import Issued, Numbered
from pipeline.header.sheet import Sheet
from pipeline.messages import say
from pipeline.record import Header, Issue, Severity
from pipeline.text.characters import occurrences


def check_header(
    sheet: Sheet, header: Header, number: Numbered | None, issued: Issued, foot: Foot, body: int
) -> tuple[Issue, ...]:
    """Blank number or day, a signer spelled in two ways, several signers; nothing is repaired."""
    issues: list[Issue] = []
    if number and number.blank:
        issues.append(_issue("number-blank", "warning", number.blank.start, number.blank.end))
    if issued.date is not None and issued.is_partial:
        issues.append(_issue("date-partial", "warning", issued.date.start, issued.date.end))
    issues.extend(_spellings(sheet, header, foot))
    if foot.signature.others:
        other = foot.signature.others[0]
        issues.append(_issue("several-signers", "info", other.start, other.end))
    return tuple(issues)


def _issue(code: str, severity: Severity, start: int, end: int, **facts: object) -> Issue:
    return Issue(
        code=code,
        severity=severity,
        message=say(f"header.{code}", "vi", **facts),
        start=start,
        end=end,
    )


def _spellings(sheet: Sheet, header: Header, foot: Foot) -> list[Issue]:
    """The signer's name with one letter or mark changed, elsewhere in the document."""
    signer = header.signer
    if signer is None or len(signer.value.split()) < 2:
        return []
    words = signer.value.split()
    for start in occurrences(sheet.flat, words[0]):
        rest = _further_words(len(words) - 1).match(sheet.flat, start + len(words[0]), foot.start)
        if rest is None or _LETTER.match(sheet.flat, start - 1, start):
            continue
        other = sheet.flat[start : rest.end()].split()
        changed = [(a, b) for a, b in zip(words, other, strict=True) if a != b]
        if len(changed) == 1 and _is_slip(*changed[0]):
            name = " ".join(other)
            facts = {"signature": signer.value, "body": name}
            return [
                _issue("signer-spelling", "warning", signer.start, signer.end, **facts),
                _issue("signer-spelling", "warning", start, rest.end(), **facts),
            ]
    return []


_LETTER = re.compile(r"\w")


@cache
def _further_words(count: int) -> re.Pattern[str]:
    return re.compile(rf"(?:\s+[^\W\d_]+){{{count}}}")


def _is_slip(first: str, second: str) -> bool:
    """Whether two syllables differ by one letter or one mark, capitals kept."""
    return second[0].isupper() and Levenshtein.distance(first, second) == 1
