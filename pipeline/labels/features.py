"""Units -> features: cues of wording, position under headings and lead-ins, and who is speaking.

Most of a label is in the position (heading, lead-in "…như sau:", the sentence before), not in the
words: "nâng cao chất lượng" is an achievement or a task by where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.sight import MARKERS, Sight, cue_table, sight_of
from pipeline.labels.tokens import END, WordNumbers, hashes_of, tokens_of
from pipeline.record import Family, Section
from pipeline.structure.draft import Draft, UnitKind
from pipeline.structure.sections import heading_roles
from pipeline.text.characters import text_of
from pipeline.text.keys import Ints, changes, distinct

Bools = NDArray[np.bool_]
Rows = tuple[Ints, Ints]
"""Rows in order, and what is in each."""
META = "meta"
"""The one feature of lines of header and footer."""
BESIDE = (("p:", 1), ("n:", -1), ("pp:", 2))
"""What a unit is for the one behind it, the one before it and the next but one."""
GRAMS = ("b=", "s1=", "s2=", "s3=", "e2=", "p:s2=", "n:s2=")
"""Words in a row: any two, those with which a unit begins and ends, and with which those beside it
begin."""
OF_FAMILY = ("w=", "c=", "h=", "role=", "lead")
"""Beginnings of features that the acceptance model learns once more for the family ("news:w=…").

A word may say one thing everywhere, or another in the news (Daumé, "Frustratingly easy domain
adaptation", 2007).
"""
_LONGEST, _PARTS = 6, 5
_SPEECH = ("say", "order", "ask")
_SPEAKERS = ("leader", "inspector", "expert")
"""Cues of who may be speaking; the first of them that a sentence has counts."""
_KINDS = get_args(UnitKind)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of the units of a document.

    `facts` says what is true of which unit, shape (units, facts); `leads` has the place of the
    lead-in above each, -1 for none. `words` and `pairs` are words by their numbers in a vocabulary,
    and two words as a gram (`gram_of`), each once a row. `ends` are other grams, shape
    (grams, units), -1 for none. `names` are other features, for the rows in `named`. Rows are
    units, and behind them headings: unit `i` has the features of row `above[i]` too.
    """

    facts: Bools
    leads: Ints
    words: Rows
    pairs: Rows
    ends: Ints
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
        *(f"heard={speaker}" for speaker in ("none", *_SPEAKERS)),
        *(f"{name}same={same}" for name, _ in BESIDE for same in (False, True)),
        *("goes-on", "opens", "is-lead"),
    )
    outline = (*(f"unit={kind}" for kind in _KINDS), *(f"mark={marker}" for marker in MARKERS))
    return cue_table().names, outline, rest


@cache
def _columns() -> dict[str, int]:
    return {name: column for column, name in enumerate(chain(*_fact_names()))}


NamesOf = tuple[tuple[str, ...], ...]


@cache
def names_of_facts(family: Family) -> tuple[tuple[NamesOf, ...], NamesOf]:
    """What the facts of a unit are called: for itself and for those in `BESIDE`, who see the first
    of them; and, if it is a lead-in, for those below it. A fact may have more than one name."""
    cues, outline, rest = _fact_names()
    seen = (*(f"c={cue}" for cue in cues), *outline)
    own = (*((f"c={cue}", f"cf={family} {cue}") for cue in cues), *zip((*outline, *rest)))
    beside = (tuple((name + fact,) for fact in seen) for name, _ in BESIDE)
    return (own, *beside), tuple((f"lead-cue={cue}",) for cue in cues)


def features_of(draft: Draft, vocabulary: WordNumbers) -> Features:
    """The features of every unit of a draft; words that are not in the vocabulary are left out."""
    sight = sight_of(draft)
    size = len(draft.units)
    sections: dict[str | None, int] = {}
    above = [sections.setdefault(unit.section, size + len(sections)) for unit in draft.units]
    numbers = vocabulary.numbers(hashes_of(sight.codes))
    words, pairs = _words(numbers, vocabulary.size)
    names: list[str] = []
    rows: list[int] = []
    for name, row in (*_of_leads(sight), *_of_sections(draft, sections)):
        names.append(name)
        rows.append(row)
    return Features(
        facts=_facts(sight),
        leads=np.array(sight.leads, dtype=np.intp),
        words=words,
        pairs=pairs,
        ends=_ends(numbers, vocabulary.size),
        names=names,
        named=rows,
        above=np.array(above, dtype=np.intp),
        is_meta=np.array([unit.kind == "meta" for unit in draft.units], dtype=bool),
        rows=size + len(sections),
    )


def _facts(sight: Sight) -> Bools:
    size, cues = sight.cues.shape
    columns = _columns()
    facts = np.zeros((size, len(columns)), dtype=bool)
    facts[:, :cues] = sight.cues
    facts[:, columns["is-lead"]] = sight.is_lead
    one_of = {
        f"unit={_KINDS[0]}": [_KINDS.index(unit.kind) for unit in sight.units],
        f"mark={MARKERS[0]}": sight.markers,
        "length=0": [min(length // 60, _LONGEST) for length in sight.lengths],
        "pos=0": [_PARTS * row // size for row in range(size)],
        "heard=none": [*_heard(sight)],
        "goes-on": sight.opens,
    }
    told = np.array([*one_of.values()], dtype=np.intp).T + [columns[first] for first in one_of]
    facts[np.arange(size)[:, np.newaxis], told] = True
    for row, lead in enumerate(sight.leads):
        if lead >= 0:
            facts[row, columns[f"lead={MARKERS[0]}"] + sight.markers[row]] = True
    paragraphs = np.array([unit.paragraph for unit in sight.units], dtype=np.intp)
    for name, distance in BESIDE:
        far = abs(distance)
        same = paragraphs[far:] == paragraphs[:-far]
        of, column = facts[far:] if distance > 0 else facts[:-far], columns[f"{name}same=False"]
        of[:, column], of[:, column + 1] = ~same, same
    return facts


def _heard(sight: Sight) -> Iterator[int]:
    """Who spoke last, up to a unit: 0 for nobody since a heading, else a place in `_SPEAKERS` + 1.

    Whether "cần …" is an order or a wish is said by who is quoted, often many sentences before.
    """
    names = cue_table().names
    speaks = sight.cues[:, [*map(names.index, _SPEECH)]].any(axis=1)
    who = sight.cues[:, [*map(names.index, _SPEAKERS)]]
    told = np.where(speaks & who.any(axis=1), who.argmax(axis=1) + 1, 0)
    last = 0
    for unit, speaker in zip(sight.units, told.tolist(), strict=True):
        last = 0 if unit.kind != "statement" else speaker or last
        yield last


def gram_of(group: int | Ints, words: Iterable[Ints], size: int) -> Ints:
    """Up to three words by their numbers, of the group at this place in `GRAMS`, as one number;
    `size` is how many numbers of words there are."""
    first, second, third = words
    return ((third * len(GRAMS) + group) * size + first) * size + second


def _words(numbers: Ints, size: int) -> tuple[Rows, Rows]:
    """Words and pairs of words, each once a unit."""
    is_end = numbers == END
    known = (~is_end & (numbers != size - 1)).nonzero()[0]
    behind = numbers[known + 1]
    behind[behind == size - 1] = END
    # in order of unit, word and the word behind it, END for none
    units = is_end.cumsum()[known]
    pairs = distinct((units * size + numbers[known]) * size + behind)
    words = pairs // size
    rows = words // size
    first, two = changes(words).nonzero()[0], (pairs != words * size).nonzero()[0]
    of_words, of_pairs = rows[first], rows[two]
    return (of_words, words[first] - of_words * size), (of_pairs, pairs[two] - of_pairs * size**2)


def _ends(numbers: Ints, size: int) -> Ints:
    """The words with which a unit begins and ends, and with which those beside it begin."""
    ends = (numbers == END).nonzero()[0]
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    read = _words_from(numbers, np.concatenate((starts, np.maximum(starts, ends - 2))))
    begin, last = read[:, : len(ends)], read[:, len(ends) :]
    words = np.zeros((3, len(GRAMS) - 1, len(ends)), dtype=np.intp)
    for count in (1, 2, 3):
        words[:count, count - 1] = begin[:count]
    words[:2, 3] = last[:2]
    words[:2, 4, 1:] = begin[:2, :-1]
    words[:2, 5, :-1] = begin[:2, 1:]
    grams = gram_of(np.arange(1, len(GRAMS))[:, np.newaxis], words, size)
    grams[4, :1] = grams[5, -1:] = -1
    return grams


def _words_from(numbers: Ints, places: Ints) -> Ints:
    """The words at places in texts that were read and the two behind each, `END` behind texts."""
    first = numbers[places]
    second = numbers.take(places + 1, mode="clip") * (first != END)
    third = numbers.take(places + 2, mode="clip") * (second != END)
    return np.array((first, second, third))


def _of_leads(sight: Sight) -> Iterator[tuple[str, int]]:
    leads = {*sight.leads} - {-1}  # each is read once, however many stand below it
    roles = {lead: heading_roles(" ".join(tokens_of(sight.lowered[lead]))) for lead in leads}
    for row, lead in enumerate(sight.leads):
        for role in roles.get(lead, ()):
            yield f"lead-role={role}", row


def _of_sections(draft: Draft, rows: Mapping[str | None, int]) -> Iterator[tuple[str, int]]:
    """What the units of a section share: words of the nearest and of the outermost heading and
    their roles, and what is known of the document."""
    kind = draft.header.kind.value if draft.header.kind else None
    nodes = {node.id: node for node in draft.sections}
    paths = [[*_upwards(section, nodes)] for section in rows]
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
            names += [f"h={word}" for word in tokens_of(path[0].lower())]
            names += [f"h0={word}" for word in tokens_of(path[-1].lower())]
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
    lines = sight_of(draft).codes
    hashes = hashes_of(lines)
    vocabulary = WordNumbers(hashes)
    numbers = vocabulary.numbers(hashes).tolist()
    words = {**dict(zip(numbers, tokens_of(text_of(lines)), strict=True)), END: ""}
    features = features_of(draft, vocabulary)
    own: list[list[str]] = [[] for _ in range(features.rows)]
    around: list[list[str]] = [[] for _ in range(features.rows)]
    for name, row in zip(features.names, features.named, strict=True):
        own[row].append(name)
    for row, word in _listed(features.words):
        own[row].append(f"w={words[word]}")
        around[row + 1].append(f"p:w={words[word]}")
        around[row - 1].append(f"n:w={words[word]}")
    for row, pair in (*_listed(features.pairs), *_grams_of(features.ends)):
        own[row].append(_spelled_gram(pair, words))
    for row, name in _names_of_rows(features, draft.family):
        own[row].append(name)
    found = [own[unit] + own[row] for unit, row in enumerate(features.above.tolist())]
    for unit in np.flatnonzero(features.is_meta).tolist():
        found[unit], around[unit] = [META], []
    return found, around[: len(found)]


def _listed(found: Rows) -> Iterator[tuple[int, int]]:
    return zip(*(numbers.tolist() for numbers in found), strict=True)


def _grams_of(ends: Ints) -> Iterator[tuple[int, int]]:
    for row, grams in enumerate(ends.T.tolist()):
        yield from ((row, gram) for gram in grams if gram >= 0)


def _spelled_gram(gram: int, words: Mapping[int, str]) -> str:
    """A gram as it was made by `gram_of`; no word of the document is unknown."""
    rest, second = divmod(gram, len(words) + 1)
    rest, first = divmod(rest, len(words) + 1)
    third, group = divmod(rest, len(GRAMS))
    return GRAMS[group] + " ".join(filter(None, (words[first], words[second], words[third])))


def _names_of_rows(features: Features, family: Family) -> Iterator[tuple[int, str]]:
    """Facts by the names under which units see them."""
    (own, *beside), below = names_of_facts(family)
    size = len(features.facts)
    for unit, fact in np.argwhere(features.facts).tolist():
        yield from ((unit, name) for name in own[fact])
        for names, (_, distance) in zip(beside, BESIDE, strict=True):
            if fact < len(names) and 0 <= unit + distance < size:
                yield from ((unit + distance, name) for name in names[fact])
        if fact < len(below):
            led = np.flatnonzero(features.leads == unit).tolist()
            yield from ((row, name) for row in led for name in below[fact])
