"""Bytes to Unicode, and Vietnamese typed in the encodings of before Unicode put right.

Old text reaches a reader in two ways: as bytes of TCVN3 (ABC), VNI, VISCII or Windows-1258, or as
Unicode that shows those bytes as Western letters ("C«ng hoµ", "Coäng hoøa", "Cá»™ng hÃ²a"). Both
end here as the second, and are decided for each paragraph, because one file often mixes them.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipeline.readers.sniff import utf16_order
from pipeline.resources import lexicon_rows
from pipeline.text.characters import Table, codes_of
from pipeline.text.fold import nfc
from pipeline.text.syllables import vscore

MIN_GAIN = 0.12
"""How much more Vietnamese a text must look before it is converted; clean text gains nothing."""
_GOOD = 0.9
"""A paragraph that looks this Vietnamese already is left alone."""
_SAMPLE = 1200
"""Characters of a paragraph that are scored."""
_MAJORITY = 0.5

_CP1252 = {
    code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)
}
_TO_BYTE = {ord(char): code for code, char in _CP1252.items()}
_PRIVATE = 0xF0000
_FROM_PRIVATE = {_PRIVATE + ord(mark): mark for mark in "\u00a0‘’“”–—…"}
_VISCII_MARK = re.compile(r"(?<![A-ZÀ-Ý])[\u00a0‘’“”–—…]")
_CAPITAL_INSIDE = re.compile(r"[à-öø-ỹ][A-Z]|[A-Z]{2,}[à-öø-ỹ]")
_SMALL_ASCII = re.compile("[a-z]")
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
_PARAGRAPH = re.compile(r"[^\n]+")
_CLEAN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_LETTER = "[^\\W\\d_]"
_ODD = (  # what Windows-1252 shows and clean Vietnamese never has beside a letter
    "[\xa1-\xa9\xab-\xaf\xb1-\xb5\xb8\xb9\xbb-\xbf\xc4\xc5\xc6\xc7\xcb\xce\xcf\xd0\xd1\xd6\xd7\xd8\xdb\xdc\xde\xdf\xe4\xe5\xe6\xe7\xeb\xee\xef"
    "\xf0\xf1\xf6\xf7\xf8\xfb\xfc\xfe\xff\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u0192\u20ac\u201a\u201e\u2020\u2021\u02c6\u2030\u2039\u203a\u2122\x80-\x9f]"
)
_ODD_ONE = re.compile(rf"{_ODD}|[\x02\x05\x06]")
_is_odd = Table(lambda char: _ODD_ONE.match(char) is not None)
"""Whether a character is one of those without which a text is not suspicious."""
_SUSPICIOUS = re.compile(
    f"{_LETTER}{_ODD}|{_ODD}{_LETTER}|[aeoAEO][âÂ]|[aeuyAEUY][ùõÙÕ]|[aA][êÊ]"
    "|[\x02\x05\x06\x14\x19\x1e]"
)
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]+(?:[\u00c2-\u00f4]?[\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]+)*"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, the encodings it was in (most frequent first), and whether bytes were lost."""

    text: str
    encodings: tuple[str, ...]
    damaged: bool = False


def decode(data: bytes) -> Decoded:
    """The text of `data` in NFC with "\\n" line ends; every byte counts, none is dropped.

    Bytes that break UTF-8 in a text that is otherwise UTF-8 become U+FFFD and `damaged` is set.
    """
    text, encoding, damaged = bytes_to_unicode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return Decoded(text, (encoding,), damaged)
    composed = nfc(text)
    fixed, schemes = repair(composed, single_byte=encoding == "windows-1252")
    named = schemes if encoding == "windows-1252" and schemes else (encoding, *schemes)
    return Decoded(fixed if fixed is composed else nfc(fixed), named, damaged)


def bytes_to_unicode(data: bytes, *, declared: bool = False) -> tuple[str, str, bool]:
    """The characters of `data`, the encoding, and whether bytes were lost; nothing is put right.

    "windows-1252" stands for any encoding of one byte a letter. With `declared`, a charset named
    at the start of an HTML page is tried before that.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return _replacing(data[len(bom) :], name)
    guess = utf16_order(data)
    if guess:
        return _replacing(data, guess)
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return _replacing(data, "utf-8")
    charset = _DECLARED.search(data[:4096]) if declared else None
    if charset and charset.group(1).lower() == b"windows-1258":
        return data.decode("cp1258", "replace"), "windows-1258", False
    return data.decode("latin-1").translate(_CP1252), "windows-1252", False


def _replacing(data: bytes, encoding: str) -> tuple[str, str, bool]:
    text = data.decode(encoding, "replace")
    return text, encoding, "\ufffd" in text and "\ufffd".encode(encoding) not in data


def _mostly_utf8(data: bytes) -> bool:
    """Whether the sequences that are good UTF-8 outnumber the broken ones twenty to one."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    return good > 20 * bad


@cache
def _table(scheme: str) -> dict[str, str]:
    return {
        "".join(chr(int(code, 16)) for code in row["seen"].split()): row["character"]
        for row in lexicon_rows("legacy_encodings")
        if row["scheme"] == scheme
    }


@cache
def _translator(scheme: str) -> Callable[[str], str]:
    table = _table(scheme)
    if all(len(seen) == 1 for seen in table):
        single = {ord(seen): char for seen, char in table.items()}
        return lambda text: text.translate(single)
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: table[match.group()], text)


def _from_cp1258(text: str) -> str:
    data = _bytes_of(text)
    return text if data is None else nfc(data.decode("cp1258", "replace"))


def _bytes_of(text: str) -> bytes | None:
    """The Windows-1252 bytes that `text` shows, or None when it holds other characters."""
    try:
        return text.translate(_TO_BYTE).encode("latin-1")
    except UnicodeEncodeError:
        return None


def _from_mojibake(text: str) -> str:
    return _MOJIBAKE.sub(_undo_mojibake, text)


def _undo_mojibake(match: re.Match[str]) -> str:
    data = _bytes_of(match.group())
    if data is None:
        return match.group()
    try:
        return nfc(data.decode("utf-8"))
    except UnicodeDecodeError:
        return match.group()


_SCHEMES = ("tcvn3", "vni", "mojibake", "windows-1258", "viscii")
_BYTE_SCHEMES = ("tcvn3", "vni", "windows-1258", "viscii")


def convert(text: str, scheme: str) -> str:
    """`text` in which the letters of `scheme` show as Western ones, put right (NFC)."""
    if scheme == "windows-1258":
        return _from_cp1258(text)
    if scheme == "mojibake":
        return _from_mojibake(text)
    if scheme == "viscii":
        text = _keep_punctuation(text)
    text = nfc(_translator(scheme)(text)).translate(_FROM_PRIVATE)
    return _with_capitals(text) if scheme == "tcvn3" else text


def _with_capitals(text: str) -> str:
    """TCVN3 has no accented capitals: a line such as "QUYếT ĐịNH" was typed in a capitals font."""
    lines = text.split("\n")
    return "\n".join(line.upper() if _is_capitals(line) else line for line in lines)


def _is_capitals(line: str) -> bool:
    return _CAPITAL_INSIDE.search(line) is not None and _SMALL_ASCII.search(line) is None


def _keep_punctuation(text: str) -> str:
    """Hide the marks that VISCII reads as capitals with a tone, unless after another capital.

    Programs of Windows put their own quotes, dashes and no-break spaces between VISCII letters.
    """
    return _VISCII_MARK.sub(lambda match: chr(_PRIVATE + ord(match.group())), text)


def looks_unicode(text: str) -> bool:
    """Whether `text` holds letters that only Unicode has: then nothing is to be put right."""
    return _CLEAN.search(text) is not None


def repair(text: str, *, single_byte: bool = False) -> tuple[str, tuple[str, ...]]:
    """`text` (NFC) with its paragraphs in legacy encodings converted, and the schemes found.

    A paragraph is converted when that makes it look far more Vietnamese (MIN_GAIN), or when it is
    short and in doubt and most of the others are in one scheme. Clean Unicode is returned as it is.
    `single_byte` says that the text was read from bytes that are not UTF-8.
    """
    if not single_byte and (not _is_odd(codes_of(text)).any() or not _SUSPICIOUS.search(text)):
        return text, ()
    schemes = _BYTE_SCHEMES if single_byte else _SCHEMES
    paragraphs = [
        (m.start(), m.end()) for m in _PARAGRAPH.finditer(text) if not m.group().isascii()
    ]
    found = [_scheme_of(text[start:end], schemes) for start, end in paragraphs]
    counts = Counter(scheme for scheme in found if scheme)
    if not counts and single_byte:
        whole = _scheme_of(" ".join(text[start:end] for start, end in paragraphs), schemes)
        counts.update([whole] if whole else [])
    if not counts:
        return text, ()
    common, times = counts.most_common(1)[0]
    if single_byte or times >= _MAJORITY * len(found):
        found = [
            _agreed(text[start:end], scheme, common)
            for scheme, (start, end) in zip(found, paragraphs, strict=True)
        ]
        counts = Counter(scheme for scheme in found if scheme)
    return _apply(text, paragraphs, found), tuple(scheme for scheme, _ in counts.most_common())


def _apply(text: str, paragraphs: list[tuple[int, int]], found: list[str | None]) -> str:
    parts, at = [], 0
    for (start, end), scheme in zip(paragraphs, found, strict=True):
        if scheme:
            parts += [text[at:start], convert(text[start:end], scheme)]
            at = end
    return "".join([*parts, text[at:]])


def _scheme_of(paragraph: str, schemes: tuple[str, ...]) -> str | None:
    """The scheme that makes `paragraph` most Vietnamese, or None when it is fine or none helps."""
    sample = paragraph[:_SAMPLE]
    here = vscore(sample)
    if here >= _GOOD or (looks_unicode(sample) and not _MOJIBAKE.search(sample)):
        return None
    best, scheme = max((_score(sample, name), name) for name in schemes)
    return scheme if best - here >= MIN_GAIN else None


def _score(sample: str, scheme: str) -> float:
    converted = convert(sample, scheme)
    return vscore(converted) if converted != sample else 0.0


def _agreed(paragraph: str, scheme: str | None, common: str) -> str | None:
    """The scheme of a paragraph in a document that is mostly in `common`.

    Few words decide badly: `common` is taken unless another scheme is clearly better, and for a
    paragraph that seemed fine when it becomes no worse.
    """
    if scheme == common or (scheme is None and looks_unicode(paragraph)):
        return scheme
    sample = paragraph[:_SAMPLE]
    here = _score(sample, scheme) - MIN_GAIN if scheme else vscore(sample)
    converted = convert(sample, common)
    if converted == sample:
        return scheme
    # what decodes as UTF-8 twice over was never meant as it stands
    return common if common == "mojibake" or vscore(converted) >= here else scheme


@cache
def scheme_of_font(font: str) -> tuple[str, bool] | None:
    """The scheme that a font shows and whether it holds capitals only (".VnTimeH"), else None."""
    name = font.strip().lower()
    for row in lexicon_rows("legacy_fonts"):
        if name.startswith(row["prefix"]):
            capitals = row["capitals"]
            return row["scheme"], bool(capitals) and name.endswith(capitals)
    return None


def convert_run(text: str, font: str | None) -> tuple[str, str | None]:
    """A run of text in one font put right by that font; the scheme is None when untouched."""
    known = scheme_of_font(font) if font else None
    if known is None:
        return text, None
    scheme, capitals = known
    converted = _maybe_unicode(text, scheme) if looks_unicode(text) else convert(text, scheme)
    converted = converted.upper() if capitals else converted
    return converted, scheme if converted != text else None


def _maybe_unicode(text: str, scheme: str) -> str:
    """Text with Vietnamese letters in a legacy font: Unicode in the wrong font, or misread.

    Where the code page of the file is 1258 (RTF and old Word files of a Vietnamese Windows), the
    bytes of the font come as letters of that page.
    """
    try:
        seen = text.encode("cp1258").decode("latin-1").translate(_CP1252)
    except UnicodeEncodeError:
        return text
    converted = convert(seen, scheme)
    return converted if vscore(converted) >= vscore(nfc(text)) + MIN_GAIN else text
