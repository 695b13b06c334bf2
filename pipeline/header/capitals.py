"""Headings in capitals that became small letters: TCVN3 has no capitals with marks, its fonts do.

What was set in ".VnTimeH" is stored in small letters. Where the font is not known (plain text),
nothing but the place tells a heading then.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.header.patterns import patterns
from pipeline.structure.draft import Line

_LONGEST = 120
_ENDS = (".", ";", ",")


def with_capitals(flat: str, folded: str, lines: Sequence[Line]) -> str:
    """`flat` with its headings in capitals where the national title has lost its own.

    Headings are lines that begin with a small letter or with a mark of authority ("TM."), behind a
    blank line or another heading. The text is as long as before; it is for telling headings, values
    are read from the text itself.
    """
    title = patterns().fixed["national"][0].search(folded)
    if title is None or not flat[slice(*title.span())].islower():
        return flat
    parts, done, was_heading = [], 0, True
    for line in lines:
        words = flat[line.start : line.end]
        raised = words.upper()
        was_heading = (
            (words[:1].islower() or patterns().mark.match(folded, line.start) is not None)
            and (line.blank_before or was_heading)
            and len(raised) == len(words) <= _LONGEST
            and not words.endswith(_ENDS)
        )
        if was_heading:
            parts += [flat[done : line.start], raised]
            done = line.end
    return "".join([*parts, flat[done:]])
