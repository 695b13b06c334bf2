"""The body that a person with a post speaks for: "Cục trưởng Cục A Lê Văn B cho biết sẽ …"."""

from __future__ import annotations

from pipeline.extract.agent_lexicon import name_lexicon, place_names
from pipeline.extract.agents import Agent
from pipeline.extract.phrases import Words, words_of
from pipeline.text.surnames import surnames

_LONGEST = 4
"""Words of the longest name of a person."""


def bodies_of(flat: str, agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """For one speaker the body in whose name he speaks, where his post names one.

    >>> flat = "Giám đốc Sở Y tế Trần Thị An"
    >>> [agent.value for agent in bodies_of(flat, (Agent(flat, 0, len(flat)),))]
    ['Sở Y tế']
    """
    if len(agents) != 1:
        return agents
    words = words_of(flat, agents[0].start, agents[0].end)
    begin = _body_after_post(words)
    if not begin:
        return agents
    start, end = words.starts[begin], words.end(_before_person(words, begin) - 1)
    return (Agent(flat[start:end], start, end),)


def _body_after_post(words: Words) -> int:
    """The index of the first body that a post stands before; 0 without one."""
    known = name_lexicon()
    named = (k for k in range(1, len(words)) if words[k].is_capital)
    begin = next(
        (k for k in named if known.bodies.match(words, k) > known.posts.match(words, k)), 0
    )
    return begin if any(known.posts.match(words, k) for k in range(begin)) else 0


def _before_person(words: Words, begin: int) -> int:
    """The index after the name of a body, before that of the person which follows it."""
    for pos in range(max(begin + 2, len(words) - _LONGEST), len(words) - 1):
        person = words[pos].lower in surnames() and all(word.is_capital for word in words[pos:])
        if person and not _is_place(words, pos):
            return pos
    return len(words)


def _is_place(words: Words, at: int) -> bool:
    """Whether a surname begins the name of a place: "Hà Nội", "thành phố Hồ Chí Minh"."""
    return place_names().match(words, at) > 0 or name_lexicon().places.ends(words, at) > 0
