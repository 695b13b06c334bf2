"""The only importer of underthesea's and spaCy's machinery: one door, lazy and cached."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def _vocabulary() -> Any:
    import spacy

    return spacy.blank("xx").vocab


def segmented(text: str, lines: Sequence[tuple[int, int]]) -> Any:
    """`text` as a spaCy Doc whose tokens are words ("hồ sơ", "thủ tục hành chính").

    `lines` are the spans that underthesea segments one by one: given a whole text it runs words
    over line ends. The text is kept to the character.
    """
    from spacy.tokens import Doc
    from spacy.util import get_words_and_spaces
    from underthesea import word_tokenize

    words = [
        word
        for start, end in lines
        for word in word_tokenize(text[start:end], use_token_normalize=False)
    ]
    tokens, spaces = get_words_and_spaces(words, text)
    return Doc(_vocabulary(), words=tokens, spaces=spaces)


def save_docs(docs: Sequence[Any], path: Path) -> None:
    """Write a spaCy DocBin: what `spacy train` and `spacy debug data` read."""
    from spacy.tokens import DocBin

    DocBin(docs=docs, store_user_data=True).to_disk(path)
