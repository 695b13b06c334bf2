"""Legal Vietnamese syllables by spelling rule, and how Vietnamese a text looks."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.resources import lexicon

_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_STOP_TONES = frozenset({"sắc", "nặng"})
_STOPS = ("c", "ch", "p", "t")
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~–—‘’“”…«»•]+")
_MARKED_SHARE = 0.5
"""Share of syllables with a mark or đ from which a text counts as fully accented (usual: 0.75)."""


@cache
def toneless_syllables() -> frozenset[str]:
    """All spellings of a syllable without its tone mark, lower case, NFC."""
    rules = lexicon("syllables")
    rimes = [rime for row in rules["rimes"] for rime in row.split()]
    made = {
        onset + rime
        for onset in rules["onsets"]
        if onset not in ("qu", "gi")
        for rime in rimes
        if _fits(onset, rime, rules)
    }
    made |= {"qu" + rime for rime in rules["rimes_after_qu"].split()}
    made |= {"gi" + rime.strip("'") for rime in rules["rimes_after_gi"].split()}
    made |= {"gi" + rime for rime in rimes if rime[0] not in "iy"}
    return frozenset(made)


def _fits(onset: str, rime: str, rules: dict[str, list[str]]) -> bool:
    front = rime[0] in "eêiy"
    if onset in rules["front_only"]:
        return front
    return not (front and onset in rules["never_front"])


def split_tone(syllable: str) -> tuple[str, str]:
    """A lower-case syllable without its tone mark, and the tone ("ngang" where none is written).

    Two tone marks give the tone "": no syllable has them.
    """
    tone = "ngang"
    kept = []
    for char in unicodedata.normalize("NFD", syllable):
        if char in _TONES:
            tone = _TONES[char] if tone == "ngang" else ""
        else:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)), tone


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether `word` (any case, NFC) can be a written Vietnamese syllable.

    Both placements of the tone mark are legal ("hoà", "hòa"), and both i and y ("kĩ", "kỹ").
    """
    bare, tone = split_tone(word.lower())
    if not tone or bare not in toneless_syllables():
        return False
    return not bare.endswith(_STOPS) or tone in _STOP_TONES


@lru_cache(maxsize=65536)
def is_marked(word: str) -> bool:
    """Whether a letter carries a mark of Vietnamese writing (tone, circumflex, horn, breve, đ)."""
    return any(char in "đĐ" or char != _base(char) for char in word)


def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


def words_of(text: str) -> list[str]:
    """What stands between blanks, digits and punctuation in `text`, when it has a letter.

    Symbols that no Vietnamese word has stay in it, so that wrongly decoded words show.
    """
    return [word for word in _WORD.findall(text) if any(map(str.isalpha, word))]


def vscore(text: str) -> float:
    """How much `text` (NFC) looks like accented Vietnamese, from 0 to 1.

    The share of legal syllables among the words that are not abbreviations in capitals, halved for
    text without any mark. Ordinary documents have 0.9 and more, unaccented text about 0.45,
    text read in a wrong encoding below 0.3. Text without words has 0.
    """
    words = [word for word in words_of(text) if is_syllable(word) or not _is_abbreviation(word)]
    if not words:
        return 0.0
    legal = [word for word in words if is_syllable(word)]
    marked = sum(map(is_marked, legal)) / len(words)
    return len(legal) / len(words) * (0.5 + 0.5 * min(1.0, marked / _MARKED_SHARE))


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and len(word) <= 6
