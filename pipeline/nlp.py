"""The only importer of underthesea's and spaCy's machinery: one door, lazy and cached."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@cache
def _vocabulary() -> Any:
    import spacy

    return spacy.blank("xx").vocab


def segmented(text: str, lines: Sequence[tuple[int, int]]) -> Any:
    """`text` as a spaCy Doc whose tokens are words ("hồ sơ", "thủ tục hành chính").

    `lines` are the spans that underthesea segments one by one: given a whole text it runs words
    over line ends. Together they hold all of `text` but blanks; it is kept to the character.
    """
    from spacy.tokens import Doc
    from spacy.util import get_words_and_spaces

    words = [word for start, end in lines for word in _words(text[start:end])]
    tokens, spaces = get_words_and_spaces(words, text)
    return Doc(_vocabulary(), words=tokens, spaces=spaces)


def _words(line: str) -> Iterator[str]:
    """The words of a line as they stand in it.

    underthesea writes every run of blanks within a word as one space, so a word is told by its
    characters that are no blanks, which are all there and in order. Where they are not, the words
    are what stands between blanks.
    """
    from underthesea import word_tokenize

    found = ["".join(w.split()) for w in word_tokenize(line, use_token_normalize=False)]
    if "".join(found) != "".join(line.split()):
        return iter(line.split())
    return _standing(line, found)


def _standing(line: str, words: Iterable[str]) -> Iterator[str]:
    """What stands in `line` for each of `words`, which are given without blanks."""
    places = [at for at, character in enumerate(line) if not character.isspace()]
    first = 0
    for word in filter(None, words):
        last = first + len(word) - 1
        yield line[places[first] : places[last] + 1]
        first = last + 1


def save_docs(docs: Sequence[Any], path: Path) -> None:
    """Write a spaCy DocBin: what `spacy train` and `spacy debug data` read."""
    from spacy.tokens import DocBin

    DocBin(docs=docs, store_user_data=True).to_disk(path)
