"""From an expression to the tiers in which its matches are shown: the surest first.

An accented query first finds what is spelled exactly so, then what differs by accents alone; in
both, the words side by side come before the words anywhere. Abbreviations and their full forms
count as the same words. Names of bodies and places that were succeeded come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Literal

from pipeline.resources import lexicon_rows
from pipeline.store.names import lineage, spelling
from pipeline.store.query import Expression, Group, Term
from pipeline.text.fold import fold

Column = Literal["exact", "folded", "tags"]
Words = tuple[str, ...]
MAX_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class Tier:
    """One expression over one column; words are already in the form of that column."""

    name: str
    column: Column
    expression: Expression


def tiers(expression: Expression) -> tuple[Tier, ...]:
    """The tiers of an expression, each of which may repeat matches of the ones before it."""
    found = []
    phrase = _as_phrase(expression)
    if _accented(expression):
        if phrase:
            found.append(_tier("phrase", "exact", phrase))
        found.append(_tier("words", "exact", expression))
    if phrase:
        found.append(_tier("phrase-folded", "folded", phrase))
    found.append(_tier("words-folded", "folded", expression))
    renamed = _renamed(expression)
    if renamed is not None:
        found.append(Tier("names", "folded", renamed))
    return tuple(found)


def _tier(name: str, column: Column, expression: Expression) -> Tier:
    return Tier(name, column, _expand(expression, column))


def _form(column: Column) -> Callable[[str], str]:
    return spelling if column == "exact" else lambda word: fold(spelling(word))


def _accented(expression: Expression) -> bool:
    if isinstance(expression, Group):
        return any(_accented(item) for item in expression.items)
    return any(fold(word) != word.lower() for word in expression.words)


def _bare_words(expression: Expression) -> Words | None:
    """The words of a plain query, without quotes or operators; None for any other."""
    items = expression.items if isinstance(expression, Group) else (expression,)
    if isinstance(expression, Group) and expression.operator != "and":
        return None
    if not all(isinstance(item, Term) and not (item.quoted or item.prefix) for item in items):
        return None
    return tuple(word for item in items if isinstance(item, Term) for word in item.words)


def _as_phrase(expression: Expression) -> Term | None:
    """The words of a plain query of several words side by side; a prefix may end it."""
    if isinstance(expression, Group) and expression.operator == "and":
        last = expression.items[-1]
        start = _bare_words(Group("and", expression.items[:-1]))
        if start and isinstance(last, Term) and not last.quoted:
            return Term(start + last.words, prefix=last.prefix)
    return None


@cache
def _synonyms(column: Column) -> tuple[dict[Words, Words], int]:
    """Words -> the same thing said otherwise, in both directions; and the longest key."""
    form = _form(column)
    pairs: dict[Words, Words] = {}
    for row in lexicon_rows("synonyms_search"):
        short = _split(form(row["short"]))
        long = _split(form(row["long"]))
        pairs.setdefault(long, short)
        pairs.setdefault(short, long)
    return pairs, max(map(len, pairs))


def _split(text: str) -> Words:
    return tuple("".join(char if char.isalnum() else " " for char in text).split())


def _segments(words: Words, column: Column) -> Iterator[tuple[Words, ...]]:
    """`words` cut into pieces, longest known first, each with its other wordings."""
    pairs, longest = _synonyms(column)
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            other = pairs.get(words[at : at + size])
            if other is not None:
                yield words[at : at + size], other
                at += size
                break
        else:
            yield (words[at : at + 1],)
            at += 1


def _expand(expression: Expression, column: Column) -> Expression:
    form = _form(column)
    if isinstance(expression, Term):
        words = tuple(form(word) for word in expression.words)
        return _variants(words, expression, column)
    words_only = _bare_words(expression)
    if words_only is None:
        items = tuple(_expand(item, column) for item in expression.items)
        return Group(expression.operator, items)
    pieces = _segments(tuple(form(word) for word in words_only), column)
    return Group("and", tuple(_either(piece) for piece in pieces))


def _variants(words: Words, term: Term, column: Column) -> Expression:
    """A phrase with its abbreviations written out, and the other way round."""
    pieces = list(_segments(words, column))
    if term.prefix and len(pieces[-1]) > 1:
        pieces[-1] = pieces[-1][:1]
    every = islice(product(*pieces), MAX_VARIANTS)
    terms = tuple(
        Term(tuple(word for piece in choice for word in piece), prefix=term.prefix)
        for choice in every
    )
    return terms[0] if len(terms) == 1 else Group("or", terms)


def _either(piece: tuple[Words, ...]) -> Expression:
    """The words of a piece anywhere, or its other wording."""
    own = tuple(Term((word,)) for word in piece[0])
    first: Expression = own[0] if len(own) == 1 else Group("and", own)
    return first if len(piece) == 1 else Group("or", (first, Term(piece[1])))


def _renamed(expression: Expression) -> Expression | None:
    """A plain query with a succeeded name in it, with the later and earlier names as choices."""
    words = _bare_words(expression)
    if words is None:
        return None
    typed = tuple(fold(spelling(word)) for word in words)
    folded = tuple(w for piece in _segments(typed, "folded") for w in max(piece, key=len))
    for size in range(len(folded), 0, -1):
        for at in range(len(folded) - size + 1):
            others = _other_names(" ".join(folded[at : at + size]))
            if others:
                rest = tuple(Term((word,)) for word in folded[:at] + folded[at + size :])
                names = Group("or", tuple(Term(tuple(name.split())) for name in others))
                return Group("and", (*rest, names)) if rest else names
    return None


@cache
def _known_names() -> frozenset[str]:
    rows = lexicon_rows("successors")
    return frozenset(lineage(row[end])[0] for row in rows for end in ("old", "new"))


def _other_names(name: str) -> tuple[str, ...]:
    names = lineage(name)
    return names if names[0] in _known_names() else ()
