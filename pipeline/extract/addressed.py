"""Whom a document means where an item names nobody, and the day its times count from."""

from __future__ import annotations

import re

from pipeline.extract.agent_lexicon import name_lexicon
from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.assignment import roles_of
from pipeline.extract.gathered import is_body
from pipeline.extract.monitors import executes_document
from pipeline.extract.phrases import small, words_of
from pipeline.extract.wording import wording
from pipeline.record import Found
from pipeline.structure.draft import Draft
from pipeline.text.years import year_of_writing

_FULL = 4
"""Words of a body's full name, at least."""


def meant_by_document(draft: Draft) -> tuple[Agent, ...]:
    """Whom an item means that nothing else tells.

    The addressees; the body that a meeting was held with, by the title; in a council's resolution
    the committee that is told to carry it out; those whom the document gives one name for all.
    """
    upward = draft.header.kind is not None and draft.header.kind.value in ("BC", "TTr")
    if draft.header.addressees and not upward:
        return tuple(agent for found in draft.header.addressees for agent in _spelled(draft, found))
    return _met(draft) or _executor(draft) or _short_form(draft)


def _spelled(draft: Draft, addressee: Found[str]) -> tuple[Agent, ...]:
    """The bodies of one line of Kính gửi."""
    words = words_of(draft.flat, addressee.start, addressee.end)
    found = read_agents(draft.flat, words, 0)
    if found.agents and found.stop >= len(words) - 1:
        return found.agents
    return (Agent(addressee.value, addressee.start, addressee.end),)


def _met(draft: Draft) -> tuple[Agent, ...]:
    title = draft.header.title
    found = title and wording("meeting").search(draft.flat, title.start, title.end)
    if not title or not found:
        return ()
    agents = read_agents(draft.flat, words_of(draft.flat, found.end(), title.end), 0).agents
    return tuple(_in_small_letters(draft.flat, agent) for agent in agents)


def _in_small_letters(flat: str, agent: Agent) -> Agent:
    """A name printed in capitals, as the text prints it elsewhere."""
    if not agent.value.isupper():
        return agent
    low, name, at = small(flat), agent.value.lower(), -1
    while (at := low.find(name, at + 1)) >= 0:
        printed = flat[at : at + len(name)]
        if not printed.isupper():
            return Agent(printed, at, at + len(name))
    return agent


def _executor(draft: Draft) -> tuple[Agent, ...]:
    issuer = draft.header.issuer
    if issuer is None or "hội đồng nhân dân" not in issuer.value.lower():
        return ()
    for unit, label in zip(draft.units, draft.labels, strict=True):
        if label is None or not is_body(unit):
            continue
        if executes_document(draft.flat[unit.start : unit.end].lower().rstrip(" ./")):
            roles = roles_of(draft.flat, unit.start, unit.end)
            if roles.ordered and roles.rule != "relayed" and roles.assignees:
                return roles.assignees
    return ()


def _short_form(draft: Draft) -> tuple[Agent, ...]:
    """The name that a document gives those it is for: "(gọi tắt là các cơ quan, đơn vị)"."""
    found = wording("short_form", 0).search(draft.flat)
    return (Agent(found[1], *found.span(1)),) if found else ()


def author_of(draft: Draft) -> tuple[Agent, ...]:
    """The body that reports, whom its own plan means."""
    issuer = draft.header.issuer
    return (Agent(issuer.value, issuer.start, issuer.end),) if issuer else ()


def is_issuer(draft: Draft, agent: Agent) -> bool:
    """Whether a name is that of the body that issues the document."""
    issuer = draft.header.issuer
    return issuer is not None and _plain(agent.value) in _plain(issuer.value)


def is_lower(draft: Draft, agent: Agent) -> bool:
    """Whether a body named in full has no part in the issuer's name, so that it is told."""
    issuer = draft.header.issuer
    words = words_of(agent.value, 0, len(agent.value))
    if issuer is None or len(words) < _FULL or not name_lexicon().bodies.match(words, 0):
        return False
    name, known = _plain(agent.value), _plain(issuer.value)
    return name not in known and known not in name


def _plain(name: str) -> str:
    """A name for comparing: small letters, no short form of "ủy ban nhân dân"."""
    words = name.lower().replace("uỷ", "ủy")
    return re.sub(r"\bubnd\b", "ủy ban nhân dân", words)


def day_of_issue(draft: Draft) -> str | None:
    """The day that a time without a year counts from.

    An undated report lends its year: that of its event, else the one that its words tell.
    """
    header = draft.header
    found = header.issued_on or header.published_on
    if found:
        return found.value
    if header.event_on and not header.event_on.value.startswith("--"):
        return header.event_on.value
    if draft.family != "news":
        return None
    # the site's own dates and links around the report lend nothing
    low = small(draft.flat)
    said = [low[unit.start : unit.end] for unit in draft.units if unit.kind != "meta"]
    return year_of_writing(" ".join(said))
