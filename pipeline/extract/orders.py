"""A verb of ordering and those it tells to act."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.extract.agent_lexicon import name_lexicon
from pipeline.extract.agents import Agent, AgentList, act_words, read_agents
from pipeline.extract.clause_words import clause_lexicon
from pipeline.extract.phrases import Words
from pipeline.extract.subjects import marked_off

_BARE = 4
"""The longest proper name without a head, in words."""
_APPEAL = 20
"""How far behind "kêu gọi sự …" those who are asked may be named, in words."""
_AFTER_ORDER = frozenset((":", ",", "đối", "với", "cho", "tới", "đến", "rằng"))


class Order(NamedTuple):
    """An order verb, the agents told to act, the index after them; whether it is passed on."""

    begin: int
    agents: tuple[Agent, ...]
    stop: int
    relayed: bool


def order_at(flat: str, words: Words, at: int) -> Order | None:
    """The order that begins at `at`, with the agents it names."""
    known = clause_lexicon()
    step = known.orders.match(words, at)
    if not step or (
        words[at].lower == "kiến" and at + 2 < len(words) and words[at + 2].lower == "của"
    ):
        return None
    after = at + step
    while after < len(words) and words[after].lower in _AFTER_ORDER:
        after += 1
    found = marked_off(flat, words, read_agents(flat, words, after, expected=True))
    found = found if found.agents else _bare_name(flat, words, after)
    relayed = known.relayed.match(words, at) >= step
    if relayed and not found.agents and known.orders.match(words, after):
        return order_at(flat, words, after)  # "đã chỉ đạo, yêu cầu các sở …"
    if not found.agents and words[after - 1].lower == "gọi":
        found = _appealed(flat, words, after)
        relayed = relayed and not found.agents
    if not found.agents or found.stop >= len(words):
        return Order(at, (), after, relayed)
    return Order(at, found.agents, found.stop, relayed)


def _appealed(flat: str, words: Words, at: int) -> AgentList:
    """Those whose help is asked for: "kêu gọi | sự ủng hộ của các hội, nhà hảo tâm"."""
    if at < len(words) and words[at].lower == "sự":
        for pos in range(at + 2, min(len(words), at + _APPEAL)):
            if words[pos - 1].lower == "của":
                return read_agents(flat, words, pos, expected=True)
    return AgentList((), at)


def _bare_name(flat: str, words: Words, at: int) -> AgentList:
    """A proper name without a head that is told to act: "đề nghị Lai Châu thu hồi …"."""
    stop = at
    while stop < min(len(words), at + _BARE) and words[stop].is_capital:
        stop += 1
    if stop == at or not (
        act_words(words, stop) or clause_lexicon().sure_modals.match(words, stop)
    ):
        return AgentList((), at)
    known = name_lexicon()
    opens = known.acts.match(words, at) or known.stops.match(words, at)  # "đề nghị: Cần bổ sung"
    if opens or not words[at].text[-1].isalpha():
        return AgentList((), at)
    begin, end = words.starts[at], words.end(stop - 1)
    return AgentList((Agent(flat[begin:end], begin, end),), stop)
