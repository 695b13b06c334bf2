"""Wording: misspelt syllables, mixed spacing, invisible blanks, traces of the page around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from itertools import islice, repeat

from pipeline.checks.catalogue import Reading, flag, short
from pipeline.record import Issue
from pipeline.resources import lexicon
from pipeline.text.fold import fold
from pipeline.text.syllables import is_syllable, toneless_syllables
from pipeline.text.words import Table, numbered

_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORD = re.compile(r"[a-zà-ỹđ]{3,8}")
_BESIDE = 400
"""How far from a word the words beside it are looked for, in characters."""
_MARKED = re.compile(r"[à-ỹđ]")
_DOUBLED = re.compile(r"(?<![\w-])([a-zà-ỹđ]{2,})\s+(?=\1(?![\w-])(?:\s+([a-zà-ỹđ]+))?)")
_BESIDE_IT = re.compile(r"(?<!\w)([^\W\d_]+)\s+(\w+)")
_TELEX_TONES = frozenset("sfrxj")
"""Letters that type a tone at the end of a syllable."""
_NO_BREAK = 5
"""Fewer no-break spaces are typing, not a converter's work."""
_ORDERING_KINDS = frozenset({"TB", "KL", "CT", "CĐ", "CV", "KH"})
"""Kinds of documents that give orders for a time; rules and statutes set none."""
_URGENT = re.compile(r"(?i)khẩn trương|kịp thời|(?<!\w)ngay(?!\w)|sớm")


def wording_checks(reading: Reading) -> Iterator[Issue]:
    """Every check of wording."""
    yield from misspellings(reading)
    yield from doubled_words(reading)
    yield from percent_spacing(reading)
    yield from no_break_spaces(reading)
    yield from page_traces(reading)


def misspellings(reading: Reading) -> Iterator[Issue]:
    """Small-letter words that no Vietnamese spelling allows, beside words that it does.

    Foreign words come in runs, slips alone: a neighbour that is no syllable acquits the word, and
    so does being written twice.
    """
    whole: dict[str, list[int]] = {}
    for word, at in _mistyped(reading.flat):
        if not re.search(r"\w", _around(reading.text, at, word)):
            whole.setdefault(word, []).append(at)
    for word, (at, *others) in whole.items():
        is_apart = re.fullmatch(r"[\s,.;()]*", _around(reading.text, at, word)) is not None
        is_slip = is_apart and not others and _is_alone(reading.text, at, word)
        if is_slip and not reading.is_noise(at):
            yield flag("misspelling", at, at + len(word), words=word)


@lru_cache(maxsize=4096)
def _looks_mistyped(letters: str) -> bool:
    """Whether a run of letters is no syllable, but one in which letters are wrong or swapped."""
    return (
        _SMALL_WORD.fullmatch(letters) is not None
        and not is_syllable(letters)
        and re.search(r"[fjwz]", letters) is None
        and re.search(r"[aeiouy]", fold(letters)) is not None
        and (_MARKED.search(letters) is not None or _is_swapped(letters))
    )


_HOLDS_MISTYPED = Table(lambda word: any(map(_looks_mistyped, _WORD.findall(word))), bool)


def _mistyped(flat: str) -> Iterator[tuple[str, int]]:
    """The runs of letters of a text that look mistyped, and where they start."""
    text = numbered(flat)
    for at in _HOLDS_MISTYPED(text).nonzero()[0].tolist():
        for run in filter(lambda run: _looks_mistyped(run[0]), _WORD.finditer(text.word(at))):
            yield run[0], int(text.starts[at]) + run.start()


def _around(text: str, at: int, word: str) -> str:
    """The characters before and behind a word."""
    end = at + len(word)
    return text[max(0, at - 1) : at] + text[end : end + 1]


def _is_alone(text: str, at: int, word: str) -> bool:
    """Whether the two words before a word and the two behind it are syllables."""
    end = at + len(word)
    before = _WORD.findall(text, max(0, at - _BESIDE), at)[-2:]
    after = _WORD.findall(text, end, end + _BESIDE)[:2]
    return all(map(is_syllable, (*before, *after)))


def _is_swapped(letters: str) -> bool:
    """Whether two neighbouring letters changed places ("phpas" for "phaps", typed for "pháp")."""
    for index in range(len(letters) - 1):
        other = letters[:index] + letters[index + 1] + letters[index] + letters[index + 2 :]
        if is_syllable(other) or (other[-1] in _TELEX_TONES and other[:-1] in toneless_syllables()):
            return True
    return False


def doubled_words(reading: Reading) -> Iterator[Issue]:
    """A small word twice in a row, unless the second opens a compound ("hành vi vi phạm")."""
    single, compounds = _doubles()
    doubled = [each for each in reading.vocabulary.doubled() if each[0] not in single]
    stand_twice = _stand_twice(reading, {word for word, _ in doubled})
    for word, start in doubled:
        match = _DOUBLED.match(reading.text, start)
        if match is None or f"{word} {match[2] or ''}" in compounds or reading.is_noise(start):
            continue
        if (word, match[2]) not in stand_twice:
            yield flag(
                "doubled-word", start, match.end() + len(word), words=short(f"{word} {word}")
            )


def _stand_twice(reading: Reading, words: Set[str]) -> set[tuple[str, str]]:
    """Of some words, each with a word that stands behind it at two places of a text or more."""
    reached: dict[tuple[str, str], int] = {}
    twice: set[tuple[str, str]] = set()
    for match in map(_BESIDE_IT.match, repeat(reading.text), reading.vocabulary.places(words)):
        if match:
            pair = match[1], match[2]
            if match.start() >= reached.get(pair, 0):
                if pair in reached:
                    twice.add(pair)
                reached[pair] = match.end()
    return twice


@cache
def _doubles() -> tuple[frozenset[str], frozenset[str]]:
    """Words that double by nature, and compounds that the second of two may open."""
    table = lexicon("check_patterns")["doubled"]
    return frozenset(table["words"]), frozenset(table["compounds"])


def percent_spacing(reading: Reading) -> Iterator[Issue]:
    """ "100%" here and "100 %" there."""
    if " %" not in reading.flat:
        return
    apart = re.search(r"\d\d*[ \u00a0]+%", reading.text)
    close = re.search(r"\d\d*%", reading.text) if apart else None
    if close and apart:
        facts = {"first": short(close.group()), "second": short(apart.group())}
        yield flag("percent-spacing", apart.start(), apart.end(), **facts)


def no_break_spaces(reading: Reading) -> Iterator[Issue]:
    """Blanks that look like spaces and are none; searches stumble over them."""
    count = reading.text.count("\u00a0")
    if count >= _NO_BREAK:
        at = reading.text.index("\u00a0")
        yield flag("no-break-spaces", at, at + 1, count=count)


def page_traces(reading: Reading) -> Iterator[Issue]:
    """Site text, captions and repeated headlines within a news item."""
    for start, end in reading.blocks("boilerplate"):
        words = reading.text[start:end]
        letters = islice(filter(str.isalpha, words), 5)
        if len(list(letters)) == 5 and not words.isupper():
            yield flag("page-furniture", start, end)
            break
    if not reading.is_news:
        return
    for start, end in reading.blocks("caption"):
        yield flag("caption-between", start, end)
    title = reading.record.header.title
    if title is None or len(title.value) < 20:
        return
    wanted = fold(" ".join(title.value.split()))
    begins = {reading.text[start] for start, _ in reading.lines}
    alike = {letter for letter in begins if fold(letter) == wanted[0]}
    for start, end in reading.lines:
        if start > title.end and end - start >= len(wanted) and reading.text[start] in alike:
            words = " ".join(reading.text[start:end].split())
            if len(words) == len(wanted) and fold(words) == wanted:
                yield flag("headline-repeated", start, end)


def urgency_only(reading: Reading) -> Iterator[Issue]:
    """Two tasks or more of which none has a deadline, but words of urgency."""
    tasks, kind = reading.record.tasks, reading.record.header.kind
    if (
        kind is None
        or kind.value not in _ORDERING_KINDS
        or len(tasks) < 2
        or any(task.deadline for task in tasks)
    ):
        return
    words = (_URGENT.search(task.quote) for task in tasks)
    found = sorted({match.group().lower() for match in words if match})
    if found:
        first = tasks[0]
        yield flag("tasks-without-deadline", first.start, first.end, words=", ".join(found))
