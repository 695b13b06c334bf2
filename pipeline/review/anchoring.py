"""Finding a quoted place again in another reading of the same document.

Only folded letters and digits count: line breaks, blanks, punctuation, case and lost accents cost
nothing. The quote with the words around it is compared with every place of the text (Sellers'
edit distance); a place is taken only when it is near enough and no other is about as near.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.review.entries import Anchor
from pipeline.review.letters import Codes, Letters, distances, letters_of, traced
from pipeline.text.fold import fold
from pipeline.text.syllables import is_syllable

CONTEXT = 64
"""Characters kept on each side of a quote."""
_WORST = 0.3
"""Share of wrong letters up to which quote and context together are the same place."""
_WORST_QUOTE = 0.34
_WORST_ALONE = 0.25
_WORDS_A_SLIP = 8
"""Words of a long value (a title) among which one may be read as another word."""
_LEAST_ALONE = 24
"""Letters that a quote needs to be found without its context (which an edit may have changed)."""
_LEAD = (2, 0.06)
"""By how many letters, and by what share of the pattern, the next best place must be worse."""
_SLIP = 2
"""Letters by which the edge of a quote may be off its word."""
_LONGEST = 1200
"""Letters of a quote that are compared: its head and its tail; more adds no certainty."""

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = str.maketrans("OolIiSsBbZz", "00111558822")
_LOOKS_LIKE_DIGIT = re.compile(r"(?<=\d)[OolIiSsBbZz](?![^\W\d])|(?<![^\W\d])[OolIiSsBbZz](?=\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the text, and how: "same-text", "exact" or "near"; `errors` of folded letters."""

    start: int
    end: int
    how: str
    errors: int = 0


@lru_cache(maxsize=64)
def text_hash(text: str) -> str:
    """SHA-256 of the text an anchor was made in."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of `text[start:end]`.

    Raises:
        ValueError: the span is empty or outside of the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no span: {start}..{end}")
    letters = letters_of(text)
    return Anchor(
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        text_sha256=text_hash(text),
        alone=_is_alone(letters, letters.span(start, end)),
    )


def _is_alone(letters: Letters, quote: Codes) -> bool:
    if len(quote) < _LEAST_ALONE:
        return False
    ends = distances(_shortened(quote), letters)
    best, second = _best_two(ends, len(quote))
    return second - best > 2 * _WORST_ALONE * len(_shortened(quote))


def place(text: str, anchor: Anchor, *, strict: bool = False) -> Place | None:
    """Where the anchor's quote stands in `text`; None when it is gone or could be in two places.

    `strict` is for words that show a value, in another version of a document: other digits or
    another word are another value there, not another reading of it.
    """
    size = len(anchor.quote)
    if text_hash(text) == anchor.text_sha256:
        if text[anchor.start : anchor.start + size] == anchor.quote:
            return Place(anchor.start, anchor.start + size, "same-text")
        return None
    found = _exact(text, anchor) or _near(text, anchor)
    if found and strict and not _same_value(anchor.quote, text[found.start : found.end]):
        return None
    return found


def _same_value(old: str, new: str) -> bool:
    """Whether the words can be two readings of one value: the same digits, no other syllable.

    OCR makes letters of a word into no word ("Sờ", "S0"); another word is another value ("Bộ").
    """
    if _digits(old) != _digits(new):
        return False
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) != len(after):
        return True
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if fold(a) != fold(b)]
    other = sum(is_syllable(b) or not is_syllable(a) for a, b in pairs)
    return other <= len(before) // _WORDS_A_SLIP


def _digits(words: str) -> str:
    """The digits, with letters that OCR reads for digits beside them taken as such."""
    return "".join(re.findall(r"\d", _LOOKS_LIKE_DIGIT.sub(_as_digit, words)))


def _as_digit(match: re.Match[str]) -> str:
    return match.group().translate(_DIGITS)


def _exact(text: str, anchor: Anchor) -> Place | None:
    """The one place where quote and context stand letter by letter."""
    whole = anchor.prefix + anchor.quote + anchor.suffix
    at = text.find(whole)
    if at < 0 or text.find(whole, at + 1) >= 0:
        return None
    start = at + len(anchor.prefix)
    return Place(start, start + len(anchor.quote), "exact")


def _near(text: str, anchor: Anchor) -> Place | None:
    letters = letters_of(text)
    parts = [letters_of(words).codes for words in (anchor.prefix, anchor.quote, anchor.suffix)]
    if not len(parts[1]) or not len(letters.codes):
        return None
    found = _with_context(letters, parts)
    if found is None and anchor.alone and len(parts[1]) >= _LEAST_ALONE:
        found = _without_context(letters, parts[1])
    if found is None:
        return None
    first, last, errors = found
    start, end = int(letters.places[first]), int(letters.places[last - 1]) + 1
    start, end = _with_edges(text, start, end, anchor.quote)
    return Place(start, end, "near", errors)


def _with_context(letters: Letters, parts: list[Codes]) -> tuple[int, int, int] | None:
    """First and last letter of the quote, found together with the words around it."""
    pattern = np.concatenate(parts)
    ends = distances(_shortened(pattern), letters)
    best, second = _best_two(ends, len(pattern))
    short = len(_shortened(pattern))
    if best > _WORST * short or second - best < max(_LEAD[0], _LEAD[1] * short):
        return None
    return _quote_span(letters, pattern, (len(parts[0]), len(parts[0]) + len(parts[1])), ends)


def _without_context(letters: Letters, quote: Codes) -> tuple[int, int, int] | None:
    ends = distances(_shortened(quote), letters)
    best, second = _best_two(ends, len(quote))
    short = len(_shortened(quote))
    if best > _WORST_ALONE * short or second - best < _WORST_ALONE * short:
        return None
    return _quote_span(letters, quote, (0, len(quote)), ends)


def _shortened(pattern: Codes) -> Codes:
    """The tail of a very long pattern: the end of it is what the search finds."""
    return pattern[-_LONGEST:]


def _best_two(ends: NDArray[np.int32], length: int) -> tuple[int, int]:
    """Errors of the best end, and of the best one that is another place."""
    best = int(ends.argmin())
    reach = max(2, length // 2)
    others = np.concatenate((ends[: max(0, best - reach)], ends[best + reach + 1 :]))
    return int(ends[best]), int(others.min()) if len(others) else length


def _quote_span(
    letters: Letters, pattern: Codes, quote: tuple[int, int], ends: NDArray[np.int32]
) -> tuple[int, int, int] | None:
    """Letters of the text that stand for pattern[quote], and how many of them are wrong."""
    stop = int(ends.argmin())
    start = max(0, stop - len(pattern) - len(pattern) // 3 - 8)
    before, after, errors = traced(pattern, letters.codes[start:stop], quote)
    if after <= before or errors > _WORST_QUOTE * (quote[1] - quote[0]):
        return None
    return start + before, start + after, errors


def _with_edges(text: str, start: int, end: int, quote: str) -> tuple[int, int]:
    """Whole words, and the marks that the quote began and ended with: "- ", "1.", ";"."""
    if quote[:1].isalnum():
        start = _word_edge(text, start)
    end = _word_edge(text, end)
    head = quote[: len(quote) - len(quote.lstrip("-–+•*“\"'([ "))].strip()
    for char in reversed(head.replace(" ", "")):
        at = len(text[:start].rstrip())
        if at and text[at - 1] == char:
            start = at - 1
    tail = quote[len(quote.rstrip(".,;:!?…”\"')]/ ")) :].strip()
    for char in tail:
        if end < len(text) and text[end] == char:
            end += 1
    return start, end


def _word_edge(text: str, at: int) -> int:
    """`at`, or the edge of the word that it cuts, when that is one or two letters off."""
    before = after = 0
    while before <= at - 1 and text[at - 1 - before].isalnum():
        before += 1
    while at + after < len(text) and text[at + after].isalnum():
        after += 1
    if not before or not after or min(before, after) > _SLIP:
        return at
    return at - before if before <= after else at + after
