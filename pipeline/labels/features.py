"""Units -> features: cues of wording, position under headings and lead-ins, and who is speaking.

Most of a label is in the position (heading, lead-in "…như sau:", the sentence before), not in the
words: "nâng cao chất lượng" is an achievement or a task by where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.sight import MARKERS, Sight, cue_names, sight_of
from pipeline.labels.tokens import tokens_of
from pipeline.record import Family, Section
from pipeline.structure.draft import Draft, UnitKind
from pipeline.structure.sections import heading_roles

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
META = "meta"
"""The one feature of lines of header and footer."""
BESIDE = (("p:", 1), ("n:", -1), ("pp:", 2))
"""What a unit is for the one behind it, the one before it and the next but one."""
OF_FAMILY = ("w=", "c=", "h=", "role=", "lead")
"""Beginnings of features that the acceptance model learns once more for the family ("news:w=…").

A word may say one thing everywhere, or another in the news (Daumé, "Frustratingly easy domain
adaptation", 2007).
"""
_LONGEST, _PARTS = 6, 5
_KINDS = get_args(UnitKind)


class View(NamedTuple):
    """What units see of units: those of `rows` see the first facts of those of `of`, as many as
    there are `names`, and by these."""

    names: tuple[str, ...]
    rows: slice | Ints
    of: slice | Ints


@dataclass(frozen=True, slots=True)
class Features:
    """The features of the units of a document.

    `facts` says what is true of which unit, shape (units, facts). `words` and `pairs` are rows and
    words by their numbers in a vocabulary, each once a row, shapes (2, words) and (2, pairs); the
    number of a pair is that of the first word times one more than there are words, and that of the
    second. `names` are other features, for the rows in `named`. Rows are units, and behind them
    headings: unit `i` has the features of row `above[i]` too.
    """

    facts: Bools
    views: Sequence[View]
    words: Ints
    pairs: Ints
    names: Sequence[str]
    named: Sequence[int]
    above: Ints
    is_meta: Bools
    rows: int


@cache
def _fact_names() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What may be true of a unit: its cues, the rest of its outline, and what no other sees."""
    rest = (
        *(f"lead={marker}" for marker in MARKERS),
        *(f"length={length}" for length in range(_LONGEST + 1)),
        *(f"pos={part}" for part in range(_PARTS)),
        *(f"{name}same={same}" for name, _ in BESIDE for same in (False, True)),
        *("goes-on", "opens", "is-lead"),
    )
    outline = (*(f"unit={kind}" for kind in _KINDS), *(f"mark={marker}" for marker in MARKERS))
    return cue_names(), outline, rest


@cache
def _columns() -> dict[str, int]:
    return {name: column for column, name in enumerate(chain(*_fact_names()))}


@cache
def _names_of_views(family: Family) -> tuple[tuple[str, ...], ...]:
    cues, outline, rest = _fact_names()
    seen = (*(f"c={cue}" for cue in cues), *outline)
    return (
        (*seen, *rest),
        tuple(f"cf={family} {cue}" for cue in cues),
        tuple(f"lead-cue={cue}" for cue in cues),
        *(tuple(name + fact for fact in seen) for name, _ in BESIDE),
    )


def _views(family: Family, leads: Ints) -> Iterator[View]:
    """All facts of a unit, its cues as those of a family, the cues of the lead-in above it, and
    outlines of the units beside."""
    own, cues, lead_cues, *beside = _names_of_views(family)
    every, size = slice(None), len(leads)
    led = np.flatnonzero(leads >= 0)
    yield View(own, every, every)
    yield View(cues, every, every)
    yield View(lead_cues, led, leads[led])
    for names, (_, distance) in zip(beside, BESIDE, strict=True):
        seeing = slice(max(distance, 0), max(0, size + min(distance, 0)))
        yield View(names, seeing, slice(max(-distance, 0), max(0, size - max(distance, 0))))


def features_of(draft: Draft, vocabulary: Mapping[str, int]) -> Features:
    """The features of every unit of a draft; words that are not in the vocabulary are left out."""
    sight = sight_of(draft)
    size = len(draft.units)
    sections: dict[str | None, int] = {}  # behind a row for what the unit after the last would see
    above = [sections.setdefault(unit.section, size + 1 + len(sections)) for unit in draft.units]
    words, pairs = _words(sight, vocabulary)
    names, rows = _ends(sight)
    for name, row in (*_of_leads(sight), *_of_sections(draft, sections)):
        names.append(name)
        rows.append(row)
    return Features(
        facts=_facts(sight),
        views=(*_views(draft.family, np.array(sight.leads, dtype=np.intp)),),
        words=words,
        pairs=pairs,
        names=names,
        named=rows,
        above=np.array(above, dtype=np.intp),
        is_meta=np.array([unit.kind == "meta" for unit in draft.units], dtype=bool),
        rows=size + 1 + len(sections),
    )


def _facts(sight: Sight) -> Bools:
    size = len(sight.units)
    rows = np.arange(size)
    columns = _columns()
    facts = np.zeros((size, len(columns)), dtype=bool)

    def mark(first: str, values: Sequence[int] | Ints, of: Ints = rows) -> None:
        facts[of, columns[first] + np.asarray(values, dtype=np.intp)] = True

    facts[:, : sight.cues.shape[1]] = sight.cues
    markers = np.array(sight.markers, dtype=np.intp)
    led = np.flatnonzero(np.array(sight.leads, dtype=np.intp) >= 0)
    mark(f"unit={_KINDS[0]}", [_KINDS.index(unit.kind) for unit in sight.units])
    mark(f"mark={MARKERS[0]}", markers)
    mark(f"lead={MARKERS[0]}", markers[led], led)
    mark("length=0", np.minimum(np.array(sight.lengths, dtype=np.intp) // 60, _LONGEST))
    mark("pos=0", _PARTS * rows // (size or 1))
    mark("goes-on", sight.opens)
    facts[:, columns["is-lead"]] = sight.is_lead
    paragraphs = np.array([unit.paragraph for unit in sight.units], dtype=np.intp)
    for name, distance in BESIDE:
        same = paragraphs[abs(distance) :] == paragraphs[: max(0, size - abs(distance))]
        mark(f"{name}same=False", same, np.arange(len(same)) + max(distance, 0))
    return facts


def _words(sight: Sight, vocabulary: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Words and pairs of words, each once a unit."""
    counts = [*map(len, sight.tokens)]
    known = map(vocabulary.get, chain.from_iterable(sight.tokens), repeat(0))
    words = np.fromiter(known, np.intp, sum(counts))
    size = len(vocabulary) + 1
    units = np.arange(len(counts)).repeat(counts)
    single = _distinct((units * size + words)[words > 0])
    beside = ((words[:-1] > 0) & (words[1:] > 0) & (units[:-1] == units[1:])).nonzero()[0]
    double = _distinct((units[beside] * size + words[beside]) * size + words[beside + 1])
    return np.stack(np.divmod(single, size)), np.stack(np.divmod(double, size * size))


def _distinct(numbers: Ints) -> Ints:
    """Each number once, in order."""
    ordered = np.sort(numbers)
    differs = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:])
    return ordered[differs]


def _ends(sight: Sight) -> tuple[list[str], list[int]]:
    """The words with which a unit begins and ends, and with which those beside it begin."""
    begins = [" ".join(tokens[:2]) for tokens in sight.tokens]
    names = [f"s2={words}" for words in begins]
    names += [f"s1={tokens[0] if tokens else ''}" for tokens in sight.tokens]
    names += [f"s3={' '.join(tokens[:3])}" for tokens in sight.tokens]
    names += [f"e2={' '.join(tokens[-2:])}" for tokens in sight.tokens]
    names += [f"p:s2={words}" for words in begins[:-1]]
    names += [f"n:s2={words}" for words in begins[1:]]
    rows = [*range(len(begins))]
    return names, rows * 4 + rows[1:] + rows[:-1]


def _of_leads(sight: Sight) -> Iterator[tuple[str, int]]:
    for row, lead in enumerate(sight.leads):
        if lead >= 0:
            for role in heading_roles(" ".join(sight.tokens[lead])):
                yield f"lead-role={role}", row


def _of_sections(draft: Draft, rows: Mapping[str | None, int]) -> Iterator[tuple[str, int]]:
    """What the units of a section share: words of the nearest and of the outermost heading and
    their roles, and what is known of the document."""
    kind = draft.header.kind.value if draft.header.kind else None
    nodes = {node.id: node for node in draft.sections}
    paths = [[*_upwards(section, nodes)] for section in rows]
    titles = [title.lower().replace("\n", " ") for path in paths for title in path[:1] + path[-1:]]
    words = iter(tokens_of(titles))
    for path, (section, row) in zip(paths, rows.items(), strict=True):
        roles = next(filter(None, map(heading_roles, path)), ())
        names = [
            "bias",
            f"family={draft.family}",
            f"kind={kind}",
            f"in-section={section is not None}",
        ]
        names += [f"role={role}" for role in roles]
        names += [f"role-family={role} {draft.family}" for role in roles]
        names += [] if len(roles) == 1 else [f"role={'+'.join(roles)}"]
        if path:
            names += [f"h={word}" for word in next(words)]
            names += [f"h0={word}" for word in next(words)]
        yield from zip(names, repeat(row))


def _upwards(section: str | None, nodes: Mapping[str, Section]) -> Iterator[str]:
    """The titles of a section and of those that it is in."""
    while section is not None:
        yield nodes[section].title
        section = nodes[section].parent


def spelled(draft: Draft) -> tuple[list[list[str]], list[list[str]]]:
    """The features of each unit as the strings that models learn: "w=giao", "b=giao cho".

    Second those that only the acceptance model learns, too many for the CRF: words of the units
    beside it.
    """
    words = [*dict.fromkeys(token for tokens in sight_of(draft).tokens for token in tokens)]
    features = features_of(draft, {word: number for number, word in enumerate(words, 1)})
    own: list[list[str]] = [[] for _ in range(features.rows)]
    around: list[list[str]] = [[] for _ in range(features.rows)]
    for name, row in zip(features.names, features.named, strict=True):
        own[row].append(name)
    for row, word in features.words.T.tolist():
        own[row].append(f"w={words[word - 1]}")
        around[row + 1].append(f"p:w={words[word - 1]}")
        around[row - 1].append(f"n:w={words[word - 1]}")
    for row, pair in features.pairs.T.tolist():
        first, second = divmod(pair, len(words) + 1)
        own[row].append(f"b={words[first - 1]} {words[second - 1]}")
    units = np.arange(len(features.above))
    for names, rows, of in features.views:
        for view, fact in np.transpose(features.facts[of, : len(names)].nonzero()).tolist():
            own[units[rows][view]].append(names[fact])
    found = [own[unit] + own[row] for unit, row in enumerate(features.above.tolist())]
    for unit in np.flatnonzero(features.is_meta).tolist():
        found[unit], around[unit] = [META], []
    return found, around[: len(found)]
