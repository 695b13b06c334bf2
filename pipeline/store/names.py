"""Names as people type them: keys of agencies and places, successors, abbreviations, numbers."""

from __future__ import annotations

import re
from functools import cache

from pipeline.resources import lexicon, lexicon_rows
from pipeline.text.fold import fold, nfc

_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)*")
_TONE_ON_SECOND = re.compile(r"(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?![^\W\d_])")
_TONE_ON_FIRST = {
    second: first
    for seconds, firsts in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"),
        ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
        ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for second, first in zip(seconds.split(), firsts.split(), strict=True)
}
_Y_AS_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_LONE_Y = re.compile(r"(?<![^\W\d_])(?:[hklmst]|qu)[yỳýỷỹỵ](?![^\W\d_])")


def spelling(text: str) -> str:
    """`text` (NFC) in lower case and one spelling: "hoá" as "hóa", "kỹ" as "kĩ"; same length.

    Both spellings are right Vietnamese, so a search for one must find the other as an exact match.
    """
    lower = text.lower()
    if len(lower) != len(text):  # a few letters have two in lower case; offsets must stay
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    lower = _TONE_ON_SECOND.sub(lambda match: _TONE_ON_FIRST[match.group()], lower)
    return _LONE_Y.sub(lambda match: match.group().translate(_Y_AS_I), lower)


@cache
def abbreviations() -> dict[str, str]:
    """Folded abbreviation -> folded words, only those that mean one thing ("tthc", "tn&mt")."""
    rows = lexicon_rows("synonyms_search")
    return {fold(row["short"]): fold(spelling(row["long"])) for row in rows}


@cache
def name_key(name: str) -> str:
    """`name` folded, abbreviations written out, punctuation dropped: two spellings, one key.

    "Sở TN&MT" and "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG" give "so tai nguyen va moi truong".
    """
    words = (abbreviations().get(word, word) for word in _WORD.findall(fold(spelling(nfc(name)))))
    return " ".join(part for word in words for part in _WORD.findall(word))


@cache
def party_key(name: str) -> str:
    """The key of who has to do something, without what is said in respect.

    "Đồng chí Nguyễn Văn A", "ông Nguyễn Văn A" and "Nguyễn Văn A" are one; "Bà Rịa" stays.
    """
    words = lexicon("search_words")
    honorifics, names = tuple(words["honorifics"]), tuple(words["not_honorifics"])
    key = name_key(name)
    while not f"{key} ".startswith(tuple(f"{kept} " for kept in names)):
        spoken = next((word for word in honorifics if key.startswith(f"{word} ")), None)
        if spoken is None:
            break
        key = key[len(spoken) + 1 :]
    return key


def within(key: str, wanted: str) -> bool:
    """Whether the words of `wanted` stand side by side in `key`."""
    return f" {wanted} " in f" {key} "


@cache
def _successions() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    later: dict[str, set[str]] = {}
    earlier: dict[str, set[str]] = {}
    for row in lexicon_rows("successors"):
        old, new = name_key(row["old"]), name_key(row["new"])
        if old != new:
            later.setdefault(old, set()).add(new)
            earlier.setdefault(new, set()).add(old)
    return later, earlier


def lineage(name: str) -> tuple[str, ...]:
    """Keys of `name`, of the bodies or places that it became, and of those that became it.

    Sisters are left out: "Bộ Xây dựng" brings "Bộ Giao thông vận tải", not the other way round more
    than once.
    """
    return lineage_of_key(name_key(name))


def lineage_of_key(start: str) -> tuple[str, ...]:
    """The same for a name that is a key already."""
    found = [start]
    for table in _successions():
        wave = {start}
        while wave:
            wave = {key for old in wave for key in table.get(old, ())} - set(found)
            found.extend(sorted(wave))
    return tuple(found)


def number_words(text: str) -> tuple[str, ...]:
    """The words of a document number however it is typed: "229/TB-STNMT" -> ("229", "tb", "stnmt").

    Leading zeros are dropped: "05/TB-UBND" and "5 tb ubnd" are the same number.
    """
    words = re.findall(r"[^\W_]+", fold(nfc(text)))
    return tuple(word.lstrip("0") or "0" if word.isdigit() else word for word in words)
