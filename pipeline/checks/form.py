"""Form: the parts that Nghị định 30/2020/NĐ-CP asks for, headings, numbering, signature, citations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks.catalogue import Reading, flag, short
from pipeline.extract.references import kind_of, resolve_short_forms
from pipeline.record import Issue, Section
from pipeline.text.fold import fold
from pipeline.text.numerals import parse_roman

_NATIONAL = ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam")
_KIND_OF_SYMBOL = {"TTR": "TTr", "QYĐ": "QĐ"}
_SUBJECT = re.compile(
    r"[\s,(]*(?:ban hành\s+|ký\s+)?(?:ngày\s[\d/.\s–-]+(?:tháng\s\d+\s)?(?:,?\s?năm\s\d{4})?)?[\s,)(]*"
    r"(?:(?:của|do)\s[^.;]{2,90}?\s)?[\s,(“\"]*(?:về|V/v|ban hành|quy định|hướng dẫn|phê duyệt|sửa đổi|"
    r"thành lập|giao|tăng cường|phê chuẩn|công bố|triển khai|thực hiện|tổ chức|đẩy mạnh|xử lý|đề nghị)"
)
_RECIPIENTS = re.compile(r"^\W*Nơi nhận", re.MULTILINE)
_ARCHIVE = re.compile(r"^\W*Lưu ?: ?VT[.;]?\s*$", re.MULTILINE)
_ITEM = re.compile(r"(?m)^\s*(?P<number>\d{1,2})\. +(?=[^\W\d])")
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


def parts(reading: Reading) -> Iterator[Issue]:
    """National title, issuer and signer (Phụ lục I, II.1, II.2, II.7)."""
    header = reading.record.header
    head = " ".join(fold(reading.text[:3000]).replace("*", " ").split())
    if not any(title in head for title in _NATIONAL):
        yield flag("missing-national-title", None, None)
    if header.issuer is None or header.issuer.origin.startswith("inferred"):
        yield flag("missing-issuer", None, None)
    if header.signer is None:
        yield flag("missing-signer", None, None)


def kind_and_symbol(reading: Reading) -> Iterator[Issue]:
    """The kind printed above the title against the one in the symbol (Phụ lục III)."""
    header = reading.record.header
    if header.kind is None or header.symbol is None or header.code is None:
        return
    named = kind_of(header.code)
    printed = header.kind.value
    if named in (None, "CV") or printed in ("CV", "NEWS", named):
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
    for match in _RECIPIENTS.finditer(reading.text):
        if header.signer_title.end <= match.start() < match.end() <= header.signer.start:
            yield flag("signature-order", header.signer_title.start, header.signer.end)


def archive_line(reading: Reading) -> Iterator[Issue]:
    """ "Lưu: VT." without the drafting unit, where the symbol names one ("STNMT-VP")."""
    symbol = reading.record.header.symbol
    match = _ARCHIVE.search(reading.text)
    if (
        match
        and symbol
        and re.search(r"-(?:VP|[A-ZĐ]{2,})$", symbol.value)
        and kind_of(f"1/{symbol.value}") in ("CV", None)
    ):
        yield flag("archive-unit-missing", match.start(), match.end())


def headings(reading: Reading) -> Iterator[Issue]:
    """Headings numbered I, II, III of which some end with a colon or are in capitals, some not."""
    top = [s for s in reading.record.sections if s.label and parse_roman(s.label.strip(". "))]
    for first, second in pairwise(top):
        if first.parent == second.parent and _form(first) != _form(second):
            facts = {"first": short(first.title, 40), "second": short(second.title, 40)}
            yield flag("heading-form", second.start, second.end, **facts)


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
    """Items "1.", "2.", "4.": one number is missing between two neighbours of one list."""
    items = [(int(m["number"]), m.start("number"), m.end()) for m in _ITEM.finditer(reading.text)]
    for (before, _, _), (after, start, end) in pairwise(items):
        if after == before + 2 and before >= 1 and not _is_elsewhere(items, before + 1):
            yield flag("item-gap", start, end, before=before, after=after)


def _is_elsewhere(items: list[tuple[int, int, int]], number: int) -> bool:
    return any(found == number for found, _, _ in items)


def subjects(reading: Reading) -> Iterator[Issue]:
    """First citations without the subject that Phụ lục I, II.6 b asks for."""
    seen: set[str] = set()
    for reference in reading.record.references:
        if reference.code in seen:
            continue
        seen.add(reference.code)
        if not _SUBJECT.match(reading.flat, reference.end):
            words = reading.text[reference.start : reference.end]
            yield flag("citation-no-subject", reference.start, reference.end, words=words)


def short_references(reading: Reading) -> Iterator[Issue]:
    """Short citations ("QĐ 262") and the document they stand for."""
    for found in resolve_short_forms(reading.flat, reading.record.references):
        yield flag("short-reference", found.start, found.end, words=found.quote, code=found.code)


def cut_sentences(reading: Reading) -> Iterator[Issue]:
    """A paragraph without an end whose sentence goes on, in small letters, after a blank line."""
    captions = reading.blocks("caption", "boilerplate", "heading", "table", "header", "footer")
    for (start, end), (after, _) in pairwise(reading.lines):
        gap = reading.text[end:after]
        if gap.count("\n") < 2 and "\f" not in gap:
            continue
        goes_on = reading.text[after].islower() and not re.match(r"\w\)", reading.text[after:])
        if not goes_on or end - start < 40 or _SENTENCE_END.search(reading.text[start:end]):
            continue
        if not any(a <= end - 1 < b or a <= after < b for a, b in captions):
            yield flag("cut-sentence", start if end - start < 60 else end - 30, after + 1)
