"""Where the words of a query stand in a text, for any engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.store.names import spelling
from pipeline.store.plan import Tier
from pipeline.store.query import Expression, Term
from pipeline.text.fold import fold


def highlight(text: str, tier: Tier) -> tuple[tuple[int, int], ...]:
    """Half-open offsets into `text` of what the tier looked for, in order and without overlaps."""
    if tier.column == "tags":
        return ()
    form = spelling(text)
    if tier.column == "folded":
        form = fold(form)
    terms = _positive(tier.expression)
    spans = sorted(found.span(1) for term in terms for found in _pattern(term).finditer(form))
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


@lru_cache(maxsize=1_000)
def _pattern(term: Term) -> re.Pattern[str]:
    """The words of a term side by side, whole, as group 1; places may overlap."""
    words = r"[\W_]+".join(map(re.escape, term.words))
    end = r"[^\W_]*" if term.prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_])(?=({words}{end}))")
