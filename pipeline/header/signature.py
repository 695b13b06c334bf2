"""The signature block: on whose authority, in which position, who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from pipeline.header.patterns import patterns, title_rank
from pipeline.header.sheet import Sheet, Span, is_upper, tidy
from pipeline.record import Found
from pipeline.structure.draft import Line

_TOKEN = re.compile(r"\S+")
_NAME_TOKEN = re.compile(r"[^\W\d_]+(?:[’'.-][^\W\d_]+)*[’']?")


_LONGEST_MARK = 6


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed; `others` are the further signers of minutes and joint documents."""

    signer: Found[str] | None = None
    signer_title: Found[str] | None = None
    authority: Found[str] | None = None
    others: tuple[Found[str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines in capitals above one name, and the name."""

    capitals: tuple[Span, ...]
    name: Span | None


def is_note(sheet: Sheet, part: Span) -> bool:
    """Whether a line is "(Đã ký)" or the like."""
    return bool(patterns().note.match(sheet.folded, part.start, part.end))


def is_name(sheet: Sheet, part: Span) -> bool:
    """Whether a line is a name: two to five capitalised words, a degree or rank before them."""
    start = name_start(sheet, part)
    words = sheet.flat[start : part.end].strip(" ./").split()
    if not 2 <= len(words) <= 5:
        return False
    strange = patterns().not_names
    low = [word.lower() for word in words]
    if low[0] in strange or " ".join(low) in strange:
        return False
    return all(
        _short(word) or (_NAME_TOKEN.fullmatch(word) and _is_title_case(word)) for word in words
    )


def _is_title_case(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _short(word: str) -> bool:
    """Single letters occur in names of the highlands ("A Khương", "Y Thanh Hà")."""
    return len(word) == 1 and word.isupper()


def name_start(sheet: Sheet, part: Span) -> int:
    """Where the name begins after "PGS.TS.", "BS. CKII", "Thiếu tá"."""
    match = patterns().name_prefix.match(sheet.folded, part.start, part.end)
    return match.end() if match else part.start


def signature_tail(sheet: Sheet, part: Span) -> int | None:
    """Where a signature's words begin inside a line: its start, its last words, or nowhere."""
    if starts_capitals(sheet, part):
        return part.start
    tail = None
    for match in re.finditer(r"[;.:,)]\s+(?=\S)|\s{2,}", sheet.flat[part.start : part.end]):
        at = part.start + match.end()
        rest = Span(at, part.end)
        if part.end - at <= _LONGEST_MARK and is_bare_mark(sheet, rest):
            continue  # "Lưu: VT, KT." files the letter with an office
        if (
            starts_capitals(sheet, rest)
            or is_note(sheet, rest)
            or (match.group()[0] in ".; " and _prefixed_or_long(sheet, rest))
        ):
            tail = at
            break
    return tail


def _prefixed_or_long(sheet: Sheet, part: Span) -> bool:
    """A name at the end of a recipients' line: only with three words or a degree, to be safe."""
    if not is_name(sheet, part) and not (
        name_start(sheet, part) > part.start
        and is_name(sheet, Span(name_start(sheet, part), part.end))
    ):
        return False
    words = sheet.flat[part.start : part.end].split()
    return len(words) >= 3


def starts_capitals(sheet: Sheet, part: Span) -> bool:
    """Whether a line begins with capitals of a signature: an authority mark or a title."""
    start, end = part.start, part.end
    if end - start <= _LONGEST_MARK and is_bare_mark(sheet, part):
        return True
    text = sheet.flat[start : min(end, start + 60)]
    first = text.split(" ")[0]
    mark = patterns().mark.match(sheet.folded, start, end)
    if (
        mark
        and is_upper(sheet.flat[start : mark.end()])
        and is_upper(_words(sheet, mark.end(), end, 2))
    ):
        return True
    title = patterns().title.match(sheet.folded, start, end)
    if title is None:
        return title_like(sheet, start, end)
    return is_upper(first) and is_upper(sheet.flat[start : title.end()])


def is_bare_mark(sheet: Sheet, part: Span) -> bool:
    """Whether a line holds an authority mark alone ("TL."), whose office is in the next."""
    text = sheet.flat[part.start : part.end]
    if len(text) > _LONGEST_MARK or not text.isupper() or text.isalpha():
        return False
    return bool(patterns().bare_mark.fullmatch(sheet.folded, part.start, part.end))


def title_like(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a whole line is a title with one letter misread ("PHÓ GIÁM ĐỖC")."""
    if not 8 <= end - start <= 40 or not sheet.flat[start:end].isupper():
        return False
    words = " ".join(sheet.folded[start:end].split())
    return extractOne(words, _titles(), scorer=Levenshtein.distance, score_cutoff=1) is not None


@cache
def _titles() -> tuple[str, ...]:
    return tuple(title_rank())


def _words(sheet: Sheet, start: int, end: int, count: int) -> str:
    return " ".join(sheet.flat[start:end].split()[:count])


def is_capital_line(sheet: Sheet, part: Span) -> bool:
    """Whether a line is short and in capitals, as the lines of a signature are."""
    return part.end - part.start <= 60 and sheet.flat[part.start : part.end].isupper()


def is_name_piece(sheet: Sheet, part: Span) -> bool:
    """Whether a line holds one to three words of a name that the layout broke in two."""
    words = sheet.flat[part.start : part.end].split()
    if not 1 <= len(words) <= 3 or words[0].lower() in patterns().not_names:
        return False
    return all(_NAME_TOKEN.fullmatch(word) and _is_title_case(word) for word in words)


def _merged(sheet: Sheet, parts: list[Span]) -> list[Span]:
    """`parts` with the two halves of a broken name put together."""
    merged: list[Span] = []
    for part in parts:
        last = merged[-1] if merged else None
        if (
            last
            and not sheet.flat[last.end : part.start].strip(" *")
            and is_name_piece(sheet, part)
        ):
            words = sheet.flat[last.start : part.end].split()
            one = 1 in (len(sheet.flat[s.start : s.end].split()) for s in (last, part))
            if is_name_piece(sheet, last) and one and len(words) <= 5:
                merged[-1] = Span(last.start, part.end)
                continue
        merged.append(part)
    return merged


def is_wrapped(sheet: Sheet, last: Line | None, part: Span) -> bool:
    """Whether the wrap cut a signature: "… PHÓ TRƯỞNG" / "BAN Trần Thị Thanh Trà"."""
    words = sheet.flat[part.start : part.end].split()
    if not sheet.width or last is None or len(words) > 6:
        return False
    full = last.end - last.start + 1 + len(words[0]) > sheet.width
    return full and all(word.isalpha() and word[0].isupper() for word in words)


def parse_signature(sheet: Sheet, parts: list[Span]) -> Signature:
    """The signature that the parts (lines in reading order, recipients left out) spell."""
    blocks = [
        block for block in _blocks(sheet, _merged(sheet, parts)) if block.capitals or block.name
    ]
    if not blocks:
        return Signature()
    ranked = sorted(
        range(len(blocks)), key=lambda i: (blocks[i].name is None, _rank(sheet, blocks[i]), i)
    )
    block = blocks[ranked[0]]
    authority, title = _authority_and_title(sheet, block.capitals)
    others = [_name(sheet, blocks[i]) for i in sorted(ranked[1:]) if blocks[i].name]
    return Signature(_name(sheet, block), title, authority, tuple(o for o in others if o))


def _name(sheet: Sheet, block: _Block) -> Found[str] | None:
    if block.name is None:
        return None
    start = name_start(sheet, block.name)
    return sheet.found(start, block.name.end, "rule:header.signer", extra=".,;/-–")


def _rank(sheet: Sheet, block: _Block) -> int:
    """1 for who signs, 3 for who only bears witness in minutes."""
    ranks = title_rank()
    best = 2
    for part in block.capitals:
        title = patterns().title.match(sheet.folded, part.start, part.end)
        if title:
            rank = ranks.get(re.sub(r"\s+", " ", title.group()), 2)
            if rank == 3:
                return 3
            best = min(best, rank)
        elif patterns().mark.match(sheet.folded, part.start):
            best = 1
    return best


def _blocks(sheet: Sheet, parts: list[Span]) -> Iterator[_Block]:
    """Lines in capitals followed by a name, again and again."""
    capitals: list[Span] = []
    pending = False
    for part in parts:
        if is_note(sheet, part):
            continue
        head, name = _split_capitals(sheet, part)
        if head:
            capitals.append(head)
            pending = True
        if name:
            yield _Block(tuple(capitals), name)
            capitals, pending = [], False
    if pending:
        yield _Block(tuple(capitals), None)


def _split_capitals(sheet: Sheet, part: Span) -> tuple[Span | None, Span | None]:
    """ "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Trần Văn A" as its capitals and its name."""
    if is_name(sheet, part):
        return None, part
    end = part.start
    for token in _TOKEN.finditer(sheet.flat, part.start, part.end):
        word = token.group().strip("*|_.,;:()")
        if any(map(str.islower, word)) and not (word in ("Q", "T/M") or _is_mark_word(word)):
            break
        end = token.end()
    start, end = sheet.trim(part.start, end)
    name = Span(*sheet.trim(end, part.end, extra="./"))
    head = Span(start, end) if end > start else None
    if head and name.start >= name.end:
        return _upper_name(sheet, head)
    if name.start < name.end and is_name(sheet, name):
        return (head, name) if head is None or not _short_head(sheet, head) else (None, part)
    if head is None and title_in_small(sheet, part):
        return part, None
    return head if head and starts_capitals(sheet, head) else None, None


def _is_mark_word(word: str) -> bool:
    return word in ("Tm", "Kt", "Tl")


def _short_head(sheet: Sheet, head: Span) -> bool:
    """A single capital letter or a degree is part of the name, not a title."""
    prefix = patterns().name_prefix.match(sheet.folded, head.start, head.end + 1)
    return head.end - head.start <= 2 or bool(prefix and prefix.end() >= head.end)


def _upper_name(sheet: Sheet, head: Span) -> tuple[Span | None, Span | None]:
    """A line in capitals only: a title, unless it is nobody's title and looks like a name."""
    if starts_capitals(sheet, head) or not _looks_upper_name(sheet, head):
        return head, None
    return None, head


def _looks_upper_name(sheet: Sheet, head: Span) -> bool:
    words = sheet.folded[head.start : head.end].split()
    if not 2 <= len(words) <= 5 or words[0] not in patterns().surnames:
        return False
    first = sheet.flat[head.start : head.end].split()[0].lower()  # "Đính" is no "Đinh"
    return first not in patterns().not_names and all(map(str.isalpha, words))


def title_in_small(sheet: Sheet, part: Span) -> bool:
    """ "Phó Chủ tịch" alone on a line of minutes."""
    match = patterns().title.match(sheet.folded, part.start, part.end)
    return bool(match) and part.end - part.start <= 40 and sheet.flat[part.start].isupper()


def _authority_and_title(
    sheet: Sheet, capitals: tuple[Span, ...]
) -> tuple[Found[str] | None, Found[str] | None]:
    """Authority and own title of "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"."""
    authority: list[Span] = []
    title: list[Span] = []
    acting: Span | None = None
    for part in _whole_offices(sheet, capitals):
        mark = patterns().mark.match(sheet.folded, part.start, part.end)
        if mark and sheet.folded[part.start] == "q":
            acting = Span(*sheet.trim(part.start, mark.end()))
            title.append(part)
        elif mark and not title:
            cut = _title_at(sheet, part)
            authority.append(Span(*sheet.trim(part.start, cut)))
            if cut < part.end:
                title.append(Span(cut, part.end))
        elif _is_title(sheet, part):
            if title:
                break
            title.append(part)
        elif title:
            title.append(part)
        elif authority:
            cut = _title_at(sheet, Span(part.start, part.end), any_title=True)
            authority.append(Span(*sheet.trim(part.start, cut)))
            if cut < part.end:
                title.append(Span(cut, part.end))
    found_authority = _joined(sheet, [acting] if acting else authority, "rule:header.authority")
    return found_authority, _joined(sheet, title, "rule:header.signer-title")


def _whole_offices(sheet: Sheet, capitals: tuple[Span, ...]) -> Iterator[Span]:
    """The lines, those that end with a comma with the next ("KT. BỘ TRƯỞNG," / "CHỦ NHIỆM"), and
    so those that hold a mark only ("TL.") or end in the "PHÓ" of the office below."""
    begun: Span | None = None
    for part in capitals:
        part = Span(begun.start if begun else part.start, part.end)
        comma = sheet.flat[part.end - 1 : part.end + 1].strip()[-1:] == ","
        deputy = sheet.folded[part.start : part.end].endswith(" pho")
        begun = part if comma or deputy or is_bare_mark(sheet, part) else None
        if begun is None:
            yield part
    if begun is not None:
        yield begun


def _is_title(sheet: Sheet, part: Span) -> bool:
    exact = patterns().title.match(sheet.folded, part.start, part.end)
    return bool(exact) or title_like(sheet, part.start, part.end)


def _joined(sheet: Sheet, spans: list[Span], origin: str) -> Found[str] | None:
    spans = [span for span in spans if span.start < span.end]
    if not spans:
        return None
    value = tidy(" ".join(sheet.plain[span.start : span.end] for span in spans)).strip(" ,;:")
    value = re.sub(r"^([KT][TML]\.)(?=[^\s/])", r"\1 ", value)
    return sheet.found(spans[0].start, spans[-1].end, origin, value=value, extra=",;:")


def _title_at(sheet: Sheet, part: Span, any_title: bool = False) -> int:
    """Where the signer's own title begins in a line with marks; its end when it is not there.

    After KT. the deputy's title is meant ("KT. BỘ TRƯỞNG THỨ TRƯỞNG"), after TM., TL. and TUQ. the
    first title that is not the one acted for.
    """
    last_mark = _last_mark(sheet, part)
    start = last_mark.end() if last_mark else part.start
    is_for = bool(last_mark) and sheet.folded[last_mark.start()] in "k"  # type: ignore[union-attr]
    first = True
    for match in patterns().title.finditer(sheet.folded, start, part.end):
        before = sheet.flat[start : match.start()].rstrip()
        acted_for = first and not before and not any_title
        first = False
        if (
            acted_for
            or before.endswith(",")
            or sheet.folded[start : match.start()].rstrip().endswith("doan")
        ):
            continue
        deputy = match.group().startswith(("pho ", "thu truong"))
        if deputy or not is_for:
            return match.start()
    return part.end


def _last_mark(sheet: Sheet, part: Span) -> re.Match[str] | None:
    last = patterns().mark.match(sheet.folded, part.start, part.end)
    for token in _TOKEN.finditer(sheet.flat, part.start, part.end):
        mark = patterns().mark.match(sheet.folded, token.start(), part.end)
        if (mark and "." in mark.group()) or (mark and "/" in mark.group()):
            last = mark
    return last
