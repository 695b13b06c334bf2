"""The title (trích yếu): the lines after the kind of document, or after "V/v"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.items import is_full
from pipeline.header.patterns import patterns
from pipeline.header.sheet import EDGE, Sheet, Span, is_upper, tidy
from pipeline.record import Found
from pipeline.structure.draft import Line

_HEADING = re.compile(
    r"(?:[ivxl]+|\d{1,2}|[a-e])\s*[.)/]\s|(?:dieu|chuong|phan|muc)\s+[\divx]+\b|\("
)
_SESSION_LINE = re.compile(r"khoa\s+[ivxlcdm\d]+|ky hop|nhiem ky")
_NOT_AUTHORITY = re.compile(r"\b(?:va|ve|nam|nhiem ky) (?:dai bieu|viec|\d)")
_OF_BODY = re.compile(r"cua\s")
_SENT = re.compile(r"\s+dien\s*:?$")
_LONGEST = 1200


@dataclass(frozen=True, slots=True)
class Title:
    """The title, where the text after it begins, and the body that speaks there (or None)."""

    title: Found[str] | None
    end: int
    authority: Span | None = None


def parse_title(sheet: Sheet, start: int, marks: tuple[Span, ...], issuer: str | None) -> Title:
    """The title that follows the kind of document at `start`, which may share its line."""
    stop = _next_mark(marks, start, ("dear", "recipients", "rule"))
    parts: list[Span] = []
    end = start
    lines = [line for line in sheet.lines if line.end > start and line.start < stop]
    last: Line | None = None
    authority: Span | None = None
    for line in lines:
        part = Span(*sheet.trim(max(line.start, start), min(line.end, stop)))
        if part.start >= part.end or is_rule(sheet.flat[part.start : part.end]):
            if parts:
                rest = [li for li in lines if li.start > part.start][:1]
                if rest:
                    after = Span(*sheet.trim(rest[0].start, rest[0].end))
                    authority = _authority_lines(sheet, lines, rest[0], after)
                break
            continue
        if parts and not _belongs(sheet, parts, last, line, part):
            authority = _authority_lines(sheet, lines, line, part)
            break
        if not parts and line.start >= start and _opens_body(sheet, part):
            break
        speaker = _speaker_in(sheet, part)
        if speaker is not None:
            parts.append(Span(*sheet.trim(part.start, speaker.start)))
            end = parts[-1].end
            authority = _authority_lines(sheet, lines, line, speaker)
            break
        parts.append(part)
        end, last = part.end, line
        if _is_run_on(sheet, part) or end - parts[0].start > _LONGEST:
            break
    title = _finish(sheet, _without_of_body(sheet, parts), end, issuer)
    if authority and title.authority is None:
        return Title(title.title, authority.end, authority)
    return title


def _authority_lines(sheet: Sheet, lines: list[Line], line: Line, part: Span) -> Span | None:
    """The lines in capitals that name who speaks, session included, below the title."""
    text = sheet.flat[part.start : part.end]
    if not is_upper(text) or text.endswith(":") or not _is_authority_line(sheet, part):
        return None
    end = part.end
    for follower in lines[lines.index(line) + 1 :][:3]:
        text = sheet.flat[follower.start : follower.end]
        if not is_upper(text) or _HEADING.match(sheet.folded, follower.start, follower.end):
            break
        if sheet.folded[follower.start : follower.end].startswith(("quyet nghi", "quyet dinh")):
            break
        end = follower.end
    return Span(part.start, end)


def _next_mark(marks: tuple[Span, ...], start: int, kinds: tuple[str, ...]) -> int:
    return next((m.start for m in marks if m.start >= start and m.kind in kinds[:2]), 1 << 60)


def _opens_body(sheet: Sheet, part: Span) -> bool:
    folded = sheet.folded[part.start : min(part.end, part.start + 120)]
    if _HEADING.match(folded) and not folded.startswith("("):
        return True
    upper = is_upper(sheet.flat[part.start : min(part.end, part.start + 60)])
    return bool(patterns().opening.match(folded)) and not upper


def _belongs(sheet: Sheet, parts: list[Span], last: Line | None, line: Line, part: Span) -> bool:
    """Whether a line goes on with the title of the lines before it."""
    text = sheet.flat[part.start : part.end]
    before = sheet.flat[parts[-1].start : parts[-1].end]
    if _HEADING.match(sheet.folded, part.start, part.end):
        return False
    upper = is_upper(text[:60])
    if is_upper(before) and not any(map(str.isalpha, text)):
        return any(map(str.isdigit, text))  # "GIAI ĐOẠN" / "2026 - 2030"
    if upper and is_upper(before):
        return not _is_authority_line(sheet, part)
    if text[0].islower():
        return not before.endswith((".", ";", ":"))
    if is_upper(before):
        return (_is_of_body(sheet, parts) and not _opens_body(sheet, part)) or is_full(
            sheet, last, text
        )
    if _opens_body(sheet, part) and not is_full(sheet, last, text):
        return False
    return not line.blank_before and is_full(sheet, last, text) and not _opens_strongly(sheet, part)


def _opens_strongly(sheet: Sheet, part: Span) -> bool:
    return sheet.folded.startswith(
        ("can cu ", "thuc hien ", "thi hanh ", "tu ngay ", "ngay "), part.start
    )


def _is_of_body(sheet: Sheet, parts: list[Span]) -> bool:
    return bool(_OF_BODY.match(sheet.folded, parts[0].start))


def _is_authority_line(sheet: Sheet, part: Span) -> bool:
    """A line such as "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH": who speaks, not what about."""
    match = patterns().authority.match(sheet.folded, part.start, part.end)
    if match is None or _NOT_AUTHORITY.search(sheet.folded, part.start, part.end):
        return False
    rest = sheet.flat[part.end : part.end + 400].lstrip(" *|-–")
    before = sheet.lower(max(0, part.start - 30), part.start).rstrip(" *")
    if patterns().link.search(before):
        return False
    line = next((li for li in sheet.lines if li.start >= part.end), None)
    following = sheet.folded[line.start : line.end] if line else ""
    plain = following.lstrip(" *-_|")
    return (
        bool(patterns().after_authority.match(plain))
        or bool(_SESSION_LINE.match(plain))
        or not is_upper(rest[:40])
    )


def _speaker_in(sheet: Sheet, part: Span) -> Span | None:
    """Who speaks, on a printed line of its own that was taken for the rest of a broken title."""
    if "\n" not in sheet.text[part.start : part.end]:
        return None
    for head in patterns().authority.finditer(sheet.folded, part.start + 1, part.end):
        above, broken, _ = sheet.text[part.start : head.start()].rpartition("\n")
        speaker = Span(head.start(), part.end)
        if (
            broken
            and above.strip(EDGE)
            and not sheet.text[part.start + len(above) : head.start()].strip(EDGE + "\n")
            and is_upper(sheet.flat[speaker.start : speaker.end])
            and _is_authority_line(sheet, speaker)
        ):
            return speaker
    return None


def _is_run_on(sheet: Sheet, part: Span) -> bool:
    """A line in which the title in capitals is followed by the body."""
    text = sheet.flat[part.start : part.end]
    return is_upper(text[:30]) and not is_upper(text)


def _without_of_body(sheet: Sheet, parts: list[Span]) -> list[Span]:
    """ "CỦA ĐOÀN CHỦ TỊCH …" on a line of its own belongs to the kind when the title follows."""
    if len(parts) > 1 and _is_of_body(sheet, parts):
        rest = sheet.folded[parts[1].start : parts[1].start + 10]
        if rest.startswith(("ve ", "v/v")) and not is_upper(
            sheet.flat[parts[1].start : parts[1].end]
        ):
            return parts[1:]
    return parts


def _finish(sheet: Sheet, parts: list[Span], end: int, issuer: str | None) -> Title:
    if not parts:
        return Title(None, end)
    start, end = parts[0].start, parts[-1].end
    authority = None
    if is_upper(sheet.flat[start : start + 30]):
        run_end = _capitals_end(sheet, start, end)
        authority = _authority_at(sheet, start, run_end, issuer) if run_end < end else None
        title_end, body = (authority.start, authority.end) if authority else (run_end, run_end)
    else:
        authority = _sender_at(sheet, start, end)
        title_end = body = authority.start if authority else end
    skip = re.match(r"v\s*/\s*v\s*:?\s*", sheet.folded[start:title_end])
    value_start = start + skip.end() if skip else start
    return Title(
        sheet.found(value_start, title_end, "rule:header.title", extra=".:;,"), body, authority
    )


def _sender_at(sheet: Sheet, start: int, end: int) -> Span | None:
    """Who sends a dispatch, in capitals behind its title: "… sạt lở đất CHỦ TỊCH … điện:"."""
    sent = _SENT.search(sheet.folded, start, end)
    if sent is None:
        return None
    for head in patterns().authority.finditer(sheet.folded, start + 1, sent.start()):
        if is_upper(sheet.flat[head.start() : sent.start()]):
            return Span(head.start(), sent.start())
    return None


def _capitals_end(sheet: Sheet, start: int, end: int) -> int:
    """The end of the words in capitals; the body follows with its first small letter."""
    last = start
    for token in re.finditer(r"\S+", sheet.flat[start:end]):
        word = token.group().strip("*|_.,;:()“”\"'")
        letters = [char for char in word if char.isalpha()]
        small = sum(char.islower() for char in letters)
        if small and (small > 1 or len(letters) < 4) and not is_upper(word):
            break
        if letters or any(map(str.isdigit, word)):
            last = start + token.end()
        if re.fullmatch(r"\(?[IVX]{0,4}\d?[.)]", token.group()) and last > start + 20:
            return start + token.start()
    return last


def _authority_at(sheet: Sheet, start: int, end: int, issuer: str | None) -> Span | None:
    """The body that speaks, at the end of a run of capitals before "Căn cứ …" or "điện:"."""
    after = sheet.folded[end : end + 40].lstrip(" *|:,")
    if not after or not patterns().after_authority.match(after):
        return None
    heads = list(patterns().authority.finditer(sheet.folded, start + 1, end))
    if issuer:
        at = sheet.flat.rfind(issuer, start + 1, end + 1)
        if at > start and at + len(issuer) >= end - 1:
            at = _with_office(sheet, heads, at)
            if after.startswith("dien") or _is_free(sheet, start, at):
                return Span(at, end)
    for match in reversed(heads):
        if len(sheet.flat[match.start() : end].split()) > 16:
            break
        at = _with_office(sheet, heads, match.start())
        if _is_free(sheet, start, at):
            return Span(at, end)
    return None


def _with_office(sheet: Sheet, heads: list[re.Match[str]], at: int) -> int:
    """`at`, or the start of the office directly before it ("CỤC TRƯỞNG" before "CỤC HẢI QUAN")."""
    office = next((m for m in heads if m.end() < at and not sheet.flat[m.end() : at].strip()), None)
    return _with_office(sheet, heads, office.start()) if office else at


def _is_free(sheet: Sheet, start: int, at: int) -> bool:
    before = sheet.lower(max(start, at - 30), at).rstrip(" *,")
    return not patterns().link.search(before) and sheet.folded[at - 1] not in "-–"


def parse_subject(sheet: Sheet, mark: Span, marks: tuple[Span, ...]) -> Found[str] | None:
    """The subject of a letter: the words after "V/v" up to the next mark."""
    stop = next((m.start for m in marks if m.start >= mark.end), len(sheet.flat))
    spans: list[Span] = []
    for line in sheet.lines:
        if line.end <= mark.end or line.start >= stop:
            continue
        part = Span(*sheet.trim(max(line.start, mark.end), min(line.end, stop)))
        if part.start >= part.end:
            continue
        if spans and (line.blank_before and sheet.flat[part.start].isupper() and not sheet.width):
            break
        spans.append(part)
        if part.end - spans[0].start > 500:
            break
    if not spans:
        return None
    value = tidy(" ".join(sheet.plain[span.start : span.end] for span in spans)).rstrip(".;,")
    return sheet.found(spans[0].start, spans[-1].end, "rule:header.subject", value=value)
