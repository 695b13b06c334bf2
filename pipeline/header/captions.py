"""Captions of pictures inside a news report: text of the page, not of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.header.sheet import Sheet, is_upper
from pipeline.header.zones import ZoneSpan

_IMAGE = re.compile(r"!?\[[^\]]{0,400}\]\([^)]*\)?")
_OF_PHOTO = r"[ẢảÂâ]nh(?:\s*:\s*|\s+(?=[A-ZĐ]\.))"
_PHOTO = re.compile(_OF_PHOTO)
"""What a credit cannot do without, found far sooner than what may stand before it."""
_CREDIT = re.compile(rf"\(?(?:[Tt]in, )?{_OF_PHOTO}")
_NAME = re.compile(r"[A-ZĐ][\w.&/-]*(?:\s+-)?")
_LONGEST = 320
_LONGEST_LINE = 260


def caption_zones(sheet: Sheet, after: int, tail: int, headline: str) -> Iterator[ZoneSpan]:
    """Images, lines that end in the credit of a picture, repeated headlines, openings of a
    paragraph up to such a credit ("Toàn cảnh buổi làm việc. Ảnh: N.A Phát biểu tại …")."""
    for line in sheet.lines:
        if not after <= line.start < tail:
            continue
        text = sheet.flat[line.start : line.end]
        image = _IMAGE.match(text)
        if image or text == headline or _is_bracketed(text):
            end = line.end if not image or len(text) < _LONGEST * 2 else line.start + image.end()
            yield ZoneSpan(line.start, end, "boilerplate", "caption")
            continue
        credited = _credited(text)
        if credited is not None:
            yield ZoneSpan(line.start, line.start + credited, "boilerplate", "caption")


def _is_bracketed(text: str) -> bool:
    """A whole line in brackets, as captions are often set."""
    return len(text) < _LONGEST_LINE and text[0] == "(" and text[-1] == ")" and text.count("(") == 1


def _credited(text: str) -> int | None:
    """Where the caption at a paragraph's start ends, after the name of who took the picture."""
    is_there = _PHOTO.search(text, 0, _LONGEST)
    credit = _CREDIT.search(text, 0, _LONGEST) if is_there else None
    if credit is None or credit.start() > _LONGEST_LINE:
        return None
    end = _name_end(text, credit.end(), bracketed=credit.group()[0] == "(")
    rest = len(text) - end
    return len(text) if rest <= 2 else end


def _name_end(text: str, at: int, *, bracketed: bool) -> int:
    """The end of a credit: bracket, full stop, else initials or two words of a name."""
    if bracketed and (close := text.find(")", at, at + 60)) >= 0:
        return close + 1 + text[close + 1 : close + 2].count(".")
    end, words = at, 0
    for match in re.finditer(r"\S+", text[at : at + 60]):
        word = match.group()
        capitals = is_upper(word)
        if not _NAME.fullmatch(word.rstrip(".,;)")) or (
            words and capitals != is_upper(text[at:end])
        ):
            break
        end, words = at + match.end(), words + 1
        if word.endswith((".", ")")) and not re.fullmatch(r"(?:\w\.)+\w?", word):
            break
        if words >= 2 and not capitals:
            break
    return end
