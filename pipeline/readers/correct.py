"""Misread words put right where OCR itself was in doubt; what was read stays beside it as `raw`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

from pipeline.readers.labels import labelled, repairs, with_text
from pipeline.readers.notes import Numbering
from pipeline.readers.printed import PrintedLine, PrintedWord
from pipeline.resources import lexicon_rows
from pipeline.text.fold import fold
from pipeline.text.syllables import is_syllable, split_tone

_IN_DOUBT = 0.965
"""Confidence from which a word is never touched for its marks."""
_SURE = 0.93
_MARGIN_IN_DOUBT = 3.2
_MARGIN_SURE = 5.0
"""How much likelier (natural logarithm) a word must be to replace the one that was read."""
_UNSEEN = 0.25
_TORN = 0.6
"""Confidence below which a word of a line that every form has is not what is printed."""
_CAPITAL_IN_DOUBT = 0.9
"""Confidence below which a capital may have been taken for another ("HỘ TÀI CHÍNH")."""
_SECOND_VOWEL = re.compile(r"(?<!q)([ou])([aey])([\u0300\u0301\u0303\u0309\u0323])$")
_PUNCTUATION = "\"'“”‘’()[].,;:!?…/-"


@cache
def _pairs() -> dict[tuple[str, str], int]:
    """How often one syllable follows another, as powers of two."""
    found: dict[tuple[str, str], int] = {}
    for row in lexicon_rows("syllable_pairs"):
        for group in row["next"].split():
            power, _, words = group.partition(":")
            for word in words.split(","):
                key = _placed(row["first"]), _placed(word)
                found[key] = max(int(power), found.get(key, 0))
    return found


@cache
def _counts() -> dict[str, int]:
    """How often a syllable stands before another, as far as the pairs tell."""
    found: dict[str, int] = defaultdict(int)
    for (first, _), power in _pairs().items():
        found[first] += 2**power
    return dict(found)


def _commonness(word: str) -> int:
    return _counts().get(_placed(word), 1)


@lru_cache(maxsize=16384)
def _placed(syllable: str) -> str:
    """A syllable with its tone mark on the first of two vowels: "hoà" and "hòa" are one."""
    match = _SECOND_VOWEL.search(unicodedata.normalize("NFD", syllable))
    if match is None:
        return syllable
    return syllable[:-2] + unicodedata.normalize("NFC", match[1] + match[3] + match[2])


@cache
def _lookalikes() -> dict[str, tuple[str, ...]]:
    """Known syllables by their letters without marks."""
    grouped: dict[str, set[str]] = defaultdict(set)
    for pair in _pairs():
        for word in pair:
            grouped[fold(word)].add(word)
    return {folded: tuple(sorted(words)) for folded, words in grouped.items()}


def corrected(lines: Sequence[PrintedLine], numbering: Numbering) -> tuple[PrintedLine, ...]:
    """The lines of a page with doubtful words put right."""
    words = [word for line in lines for word in line.words]
    for index, word in enumerate(words):  # left to right: each sees its left neighbour put right
        words[index] = with_text(word, _repaired(word, index, words))
    rest = iter(words)
    made = [PrintedLine(tuple(next(rest) for _ in line.words), line.baseline) for line in lines]
    return tuple(labelled(_as_on_forms(line), numbering) for line in made)


def _as_on_forms(line: PrintedLine) -> PrintedLine:
    """A line that every form has ("Nơi nhận:") with its one torn word put right."""
    for phrase in repairs()["phrases"]:
        pairs = list(zip(line.words, phrase.split(), strict=False))
        wrong = [(word, text) for word, text in pairs if word.text != text]
        if len(line.words) == len(pairs) == len(phrase.split()) and len(wrong) == 1:
            (torn, text), *_ = wrong
            if torn.confidence is not None and torn.confidence < _TORN:
                words = tuple(with_text(w, text) if w is torn else w for w in line.words)
                return PrintedLine(words, line.baseline)
    return line


def _core(text: str) -> tuple[str, str, str]:
    """Punctuation before, the word, punctuation after."""
    start = len(text) - len(text.lstrip(_PUNCTUATION))
    end = len(text.rstrip(_PUNCTUATION))
    return text[:start], text[start : max(start, end)], text[max(start, end) :]


def _repaired(word: PrintedWord, index: int, words: list[PrintedWord]) -> str:
    text = _without_stray_dot(word, index, words) or _by_pattern(word.text)
    if text != word.text or word.confidence is None or word.confidence >= _IN_DOUBT:
        return text
    before, core, after = _core(text)
    core = _with_one_capital(core)
    text = before + core + after
    announced = index > 0 and words[index - 1].text.lower() in repairs()["announcers"]
    if announced and (digits := _as_digits(core)):
        return before + digits + after
    if not core.isalpha() or len(core) < 2:
        return text
    left = words[index - 1] if index and not before else None
    right = words[index + 1] if index + 1 < len(words) and not after else None
    better = _likelier(core, _left_of(left), _right_of(right), word.confidence)
    return before + better + after if better else text


def _without_stray_dot(word: PrintedWord, index: int, words: list[PrintedWord]) -> str:
    """A doubtful syllable without a full stop that the small letter behind it gives the lie."""
    core = word.text[:-1]
    if not word.text.endswith(".") or not _is_doubtful(word) or index + 1 == len(words):
        return ""
    under = words[index + 1]
    follows = len(under.text) > 1 and under.text.islower() and under.box[0] > word.box[0]
    return core if follows and len(core) > 2 and core.islower() and is_syllable(core) else ""


def _is_doubtful(word: PrintedWord) -> bool:
    return word.confidence is not None and word.confidence < _IN_DOUBT


def core_of(text: str) -> str:
    """A word without the punctuation around it."""
    return _core(text)[1]


def gain_of(texts: Sequence[str], index: int, other: str) -> float:
    """How much likelier `other` stands at `index` than what is there (natural logarithm).

    Where the neighbours tell nothing, the commoner syllable is likelier.
    """
    left, right = _neighbours(texts, index)
    here, other = core_of(texts[index]).lower(), other.lower()
    gain = _fit(other, left, right) - _fit(here, left, right)
    return gain or math.log(_commonness(other) / _commonness(here))


def is_misfit(texts: Sequence[str], index: int) -> bool:
    """Whether other marks on the same letters would fit the neighbours of a word far better."""
    core = core_of(texts[index])
    if not core.isalpha() or len(core) < 2:
        return False
    left, right = _neighbours(texts, index)
    return bool(_likelier(core, left, right, _SURE))


def _neighbours(texts: Sequence[str], index: int) -> tuple[str, tuple[str, ...]]:
    """The words on both sides of one, where no punctuation parts them from it."""
    before, _, after = _core(texts[index])
    _, left, parted = _core(texts[index - 1]) if index and not before else ("", "", "-")
    if index + 1 == len(texts) or after:
        return ("" if parted else left.lower()), ()
    parting, right, _ = _core(texts[index + 1])
    return ("" if parted else left.lower()), () if parting or not right else (right.lower(),)


def _left_of(word: PrintedWord | None) -> str:
    """The left neighbour, unless punctuation parts it."""
    _, core, after = _core(word.text) if word else ("", "", "")
    return "" if after else core.lower()


def _right_of(word: PrintedWord | None) -> tuple[str, ...]:
    """What the right neighbour may be: itself, or its likes when it is in doubt as well."""
    before, core, _ = _core(word.text) if word else ("", "", "")
    if before or not core or word is None:
        return ()
    lower = core.lower()
    if word.confidence is None or word.confidence >= _IN_DOUBT:
        return (lower,)
    return tuple({lower, *_lookalikes().get(fold(lower), ())})


@cache
def strays() -> str:
    """The signs that specks and strokes are taken for."""
    return str(repairs()["strays"])


def _by_pattern(text: str) -> str:
    for wrong, right in repairs()["strings"].items():
        text = text.replace(wrong, right)
    return text


def _with_one_capital(core: str) -> str:
    """A doubtful syllable whose second letter was read as a capital ("PHạm")."""
    odd = len(core) > 2 and core[:2].isupper() and core[2:].islower() and is_syllable(core.lower())
    return core.capitalize() if odd else core


def _as_digits(core: str) -> str:
    """`core` with letters that look like digits made digits, when it is a number then."""
    made = "".join(repairs()["digits"].get(char, char) for char in core)
    return made if made.isdigit() and len(made) <= 4 and made != core else ""


def _likelier(core: str, left: str, right: tuple[str, ...], confidence: float) -> str:
    """A syllable with the same letters and other marks that fits far better, or ""."""
    lower = core.lower()
    candidates = _lookalikes().get(fold(lower), ())
    if confidence < _CAPITAL_IN_DOUBT:
        candidates += _with_other_capital(core)
    if not candidates or not (left or right):
        return ""
    best = max(candidates, key=lambda candidate: _fit(candidate, left, right))
    if split_tone(best) == split_tone(lower):
        return ""  # "hoá" and "hóa" are one word
    gain = _fit(best, left, right) - _fit(lower, left, right)
    margin = _MARGIN_IN_DOUBT if confidence < _SURE else _MARGIN_SURE
    if not is_syllable(lower):
        margin = min(margin, 1.0)
    if best == lower or gain < margin:
        return ""
    return _cased(best, core)


def _with_other_capital(core: str) -> tuple[str, ...]:
    """The known syllable that a word is when its capital was taken for another."""
    other = repairs()["capitals"].get(core[0], "").lower() + core[1:].lower()
    return (other,) if other in _counts() else ()


def _fit(word: str, left: str, right: tuple[str, ...]) -> float:
    """How well `word` stands between its neighbours, as a sum of logarithms."""
    total = _likelihood([(left, word)]) if left else 0.0
    return total + (_likelihood([(word, other) for other in right]) if right else 0.0)


def _likelihood(pairs: list[tuple[str, str]]) -> float:
    """Of the likeliest of `pairs`."""
    placed = ((_placed(left), _placed(right)) for left, right in pairs)
    powers = [power for pair in placed if (power := _pairs().get(pair)) is not None]
    return (max(powers) - 2) * math.log(2) if powers else math.log(_UNSEEN)


def _cased(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
