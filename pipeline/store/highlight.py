"""Where the words of a query stand in a text, for any engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.store.names import spelling
from pipeline.store.plan import Tier
from pipeline.store.query import Expression, Term
from pipeline.text.fold import fold

_WORD = re.compile(r"[^\W_]+")


def highlight(text: str, tier: Tier) -> tuple[tuple[int, int], ...]:
    """Half-open offsets into `text` of what the tier looked for, in order and without overlaps."""
    if tier.column == "tags":
        return ()
    form = spelling(text)
    if tier.column == "folded":
        form = fold(form)
    words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(form)]
    spans = sorted(span for term in _positive(tier.expression) for span in _places(words, term))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _positive(expression: Expression) -> Iterator[Term]:
    if isinstance(expression, Term):
        yield expression
    elif expression.operator != "not":
        for item in expression.items:
            yield from _positive(item)


def _places(words: list[tuple[str, int, int]], term: Term) -> Iterator[tuple[int, int]]:
    size = len(term.words)
    for at in range(len(words) - size + 1):
        run = [word for word, _, _ in words[at : at + size]]
        if all(map(str.__eq__, run[:-1], term.words[:-1])) and _last(run[-1], term):
            yield words[at][1], words[at + size - 1][2]


def _last(word: str, term: Term) -> bool:
    return word.startswith(term.words[-1]) if term.prefix else word == term.words[-1]
