"""Form: the parts that Nghị định 30/2020/NĐ-CP asks for, headings, numbering, citations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pipeline.checks.catalogue import Reading, flag, matches_at, short
from pipeline.extract.references import kind_of
from pipeline.record import Issue, Reference, Section
from pipeline.text.fold import fold
from pipeline.text.numerals import parse_roman
from pipeline.text.paths import has_unreadable_bytes

_PRESCRIBED = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM")
_REPUBLIC = "1976-07-02"
"""Since when the State bears its name (resolution of the National Assembly's sixth term)."""
_KIND_OF_SYMBOL = {"TTR": "TTr", "QYĐ": "QĐ"}
_SUBJECT = re.compile(
    r"\b(?:về|V/v|ban hành|quy định|hướng dẫn|phê duyệt|sửa đổi|bổ sung|thành lập|giao|"
    r"phê chuẩn|công bố)\b",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"[\s,(*]*(?:(?:ngày\s+)+[\d/.\s–-]+(?:tháng\s+\d+\s*)?(?:,?\s*năm\s+\d{4})?)?[\s)*]*"
    r"(?P<issuer>(?:của|do)\s+[A-ZĐỦ](?:[^.;,:()]|,\s(?=[A-ZĐ])){1,60}?)?[\s*]*"
    r"(?=[.;:)]|,\s(?!ngày\b|[A-ZĐ])|đã\b|$)"
)
_UNNAMED_KINDS = frozenset({"QH", "NĐ", "TT", "TTLT", "VBHN", None})
"""Laws and decrees are cited by name before the number, or by their subject in many words."""
_SIGNED = re.compile(
    r"[^\w\n]*+(?:(?:KT|TM|TL|TUQ|Q)\.|"
    r"(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|CỤC TRƯỞNG|BỘ TRƯỞNG|CHỦ NHIỆM))"
)
_RECIPIENTS = re.compile(r"^\W*Nơi nhận", re.MULTILINE)
_ARCHIVE = re.compile(r"^\W*Lưu ?: ?VT[.;]?\s*$", re.MULTILINE)
_OF_UNIT = re.compile(r"-(?:VP|[A-ZĐ]{2,})$")
_LETTERED = re.compile(r"\w\)")
_ITEM = re.compile(r"(\d{1,2})\. +[^\W\d]")
_ARTICLE = re.compile(r"(?:Điều|Chương|Mục|Phần)\W*$")
_SENTENCE_END = re.compile(r"[.!?:;…”\"»)\]}/*]$|\./\.$")


def form_checks(reading: Reading) -> Iterator[Issue]:
    """Every check of form."""
    if reading.is_official:
        yield from parts(reading)
        yield from kind_and_symbol(reading)
        yield from signature(reading)
        yield from archive_line(reading)
        yield from headings(reading)
        yield from without_headings(reading)
        yield from item_gaps(reading)
        yield from subjects(reading)
    yield from short_references(reading)
    yield from cut_sentences(reading)
    yield from file_name(reading)
    yield from without_text(reading)


def file_name(reading: Reading) -> Iterator[Issue]:
    """A name with bytes that are not UTF-8: it is kept as escapes, so that the file is found."""
    name = reading.record.source.name
    if has_unreadable_bytes(name):
        yield flag("file-name-unreadable", None, None, words=short(name))


def without_text(reading: Reading) -> Iterator[Issue]:
    """No letter and no digit: an empty form, a blank scan, a file that lost its content."""
    if not any(map(str.isalnum, reading.text)):
        yield flag("no-text", None, None)


def parts(reading: Reading) -> Iterator[Issue]:
    """National title, issuer and signer (Phụ lục I, II.1, II.2, II.7)."""
    header = reading.record.header
    issued = header.issued_on.value if header.issued_on else _REPUBLIC
    if issued >= _REPUBLIC and not _has_national_title(reading.flat[:3000]):
        yield flag("missing-national-title", None, None)
    if header.issuer is None or header.issuer.origin.startswith("inferred"):
        yield flag("missing-issuer", None, None)
    if header.signer is None and not any(matches_at(_SIGNED, reading.text, reading.line_starts)):
        yield flag("missing-signer", None, None)


def _has_national_title(head: str) -> bool:
    """Whether a title of the State or the Party stands there, as prescribed or in another form."""
    if any(title in head for title in _PRESCRIBED):
        return True
    folded = fold(head)
    return any(title.search(folded) for title in _titles())


@cache
def _titles() -> tuple[re.Pattern[str], ...]:
    """The prescribed titles in folded text, between their words blanks and stars."""
    return tuple(re.compile(r"[\s*]+".join(fold(title).split())) for title in _PRESCRIBED)


def kind_and_symbol(reading: Reading) -> Iterator[Issue]:
    """The kind printed above the title against the one in the symbol (Phụ lục III)."""
    header = reading.record.header
    if header.kind is None or header.symbol is None or header.code is None:
        return
    named = kind_of(header.code)
    printed = header.kind.value
    if named in (None, "CV", "VBHN") or printed in ("CV", "NEWS", named):
        return
    if _KIND_OF_SYMBOL.get(str(named).upper(), named) != printed:
        span = header.symbol
        facts = {"kind": printed, "symbol": span.value}
        yield flag("kind-symbol", span.start, span.end, **facts)


def signature(reading: Reading) -> Iterator[Issue]:
    """Title of the signer, then the recipients, then the name: columns read in the wrong order."""
    header = reading.record.header
    if header.signer is None or header.signer_title is None:
        return
    for _ in _RECIPIENTS.finditer(reading.text, header.signer_title.end, header.signer.start):
        yield flag("signature-order", header.signer_title.start, header.signer.end)


def archive_line(reading: Reading) -> Iterator[Issue]:
    """ "Lưu: VT." without the drafting unit, where the symbol names one ("STNMT-VP")."""
    symbol = reading.record.header.symbol
    if (
        symbol is None
        or not _OF_UNIT.search(symbol.value)
        or kind_of(f"1/{symbol.value}") not in ("CV", None)
    ):
        return
    match = _ARCHIVE.search(reading.text) if "Lưu" in reading.text else None
    if match:
        yield flag("archive-unit-missing", match.start(), match.end())


def headings(reading: Reading) -> Iterator[Issue]:
    """Headings numbered I, II, III of which some end with a colon or are in capitals, some not."""
    top = [s for s in reading.record.sections if re.fullmatch(r"[IVX]+[. )]*", s.label or "")]
    for first, second in pairwise(top):
        if (
            first.parent == second.parent
            and _follows(first, second)
            and _form(first) != _form(second)
        ):
            facts = {"first": short(first.title, 40), "second": short(second.title, 40)}
            yield flag("heading-form", second.start, second.end, **facts)


def _follows(first: Section, second: Section) -> bool:
    """Whether the numbers are neighbours; where they begin anew, another list does."""
    numbers = [parse_roman((section.label or "").strip("). ")) or 0 for section in (first, second)]
    return numbers[1] == numbers[0] + 1


def _form(section: Section) -> tuple[bool, bool]:
    title = section.title.strip()
    return title.endswith(":"), title.isupper()


def without_headings(reading: Reading) -> Iterator[Issue]:
    """Tasks and shortcomings in one text that has no heading for them."""
    labels = {statement.label for statement in reading.record.statements}
    if {"task", "shortcoming"} <= labels and not reading.record.sections:
        first = next(s for s in reading.record.statements if s.label == "shortcoming")
        yield flag("no-headings", first.start, first.end)


def item_gaps(reading: Reading) -> Iterator[Issue]:
    """Items "1.", "2.", "4.": one number is missing between two neighbours of one list.

    A list within a list is no gap: the missing number then stands before the inner list.
    """
    text = reading.text
    lines = (_ITEM.match(text, start) for start, _ in reading.lines if text[start].isdigit())
    items = [(int(item[1]), item.start()) for item in lines if item]
    for index, ((before, seen), (after, start)) in enumerate(pairwise(items)):
        if after != before + 2 or _ARTICLE.search(reading.text[max(0, start - 12) : start]):
            continue
        missing = before + 1
        earlier = [number for number, _ in items[:index]]
        since = len(earlier) - earlier[::-1].index(after) if after in earlier else 0
        written = re.search(rf"(?<![\d.]){missing}(?:[.)]|\s*[\\*]*\.)", reading.text[seen:start])
        if missing not in earlier[since:] and not written:
            yield flag("item-gap", start, start + len(str(after)), before=before, after=after)


def subjects(reading: Reading) -> Iterator[Issue]:
    """First citations without the subject that Phụ lục I, II.6 b asks for."""
    seen: set[str] = set()
    for reference in reading.record.references:
        if reference.code in seen:
            continue
        seen.add(reference.code)
        if _is_named_before(reading, reference):
            continue
        bare = _NO_SUBJECT.match(reading.flat, reference.end)
        if bare and not _SUBJECT.search(bare["issuer"] or ""):
            words = reading.text[reference.start : reference.end]
            yield flag("citation-no-subject", reference.start, reference.end, words=words)


def _is_named_before(reading: Reading, reference: Reference) -> bool:
    """Laws carry their name before the number; in a list of codes the subject follows the last."""
    before = reading.flat[max(0, reference.start - 150) : reference.start]
    after = reading.flat[reference.end : reference.end + 12]
    return (
        reference.kind in _UNNAMED_KINDS
        or re.search(r"\b(?:No\.?|Decree|Circular|Decision)\s*$", before) is not None
        or re.search(r"(?:[Ll]uật|[Pp]háp lệnh)[^.;]{3,140}$", before) is not None
        or re.match(r"\s*(?:,|và)\s*(?:số\s*)?\d", after) is not None
        or re.search(r"\d[/-][A-ZĐ][\w-]*\s*(?:,|và)\s*(?:số\s*)?$", before) is not None
    )


def short_references(reading: Reading) -> Iterator[Issue]:
    """Short citations ("QĐ 262") and the document they stand for."""
    for found in reading.record.references:
        if not found.quote[0].isdigit():
            words = reading.flat[found.start : found.end]
            yield flag("short-reference", found.start, found.end, words=words, code=found.code)


def cut_sentences(reading: Reading) -> Iterator[Issue]:
    """A paragraph without an end whose sentence goes on, in small letters, after a blank line."""
    for (start, end), (after, _) in pairwise(reading.lines):
        if after - end < 2:
            continue
        gap = reading.text[end:after]
        if gap.count("\n") < 2 and "\f" not in gap:
            continue
        goes_on = reading.text[after].islower() and not _LETTERED.match(reading.text, after)
        if not goes_on or end - start < 40 or _SENTENCE_END.search(reading.text[start:end]):
            continue
        if not (reading.is_apart(end - 1) or reading.is_apart(after)):
            yield flag("cut-sentence", start if end - start < 60 else end - 30, after + 1)
