"""Who is told to do what: roles of the agents in one clause, read from its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.agents import (
    Agent,
    AgentList,
    act_words,
    is_name_start,
    read_agents,
)
from pipeline.extract.clause_words import (
    MET,
    Subject,
    clause_lexicon,
    ends_clause,
    is_bound,
    marks,
    offset_at,
    skip_between,
    skip_connectives,
    skip_pronoun,
)
from pipeline.extract.orders import Order, order_at
from pipeline.extract.phrases import Words, words_of
from pipeline.extract.row_cells import people_at_end
from pipeline.extract.spokesmen import bodies_of
from pipeline.extract.subjects import (
    answerable,
    before_modal,
    given_work,
    is_condition,
    subject_at,
    towards,
    urged,
)

_BESIDE = frozenset(("hành", "cánh", "chung"))
"""Words before "cùng" that make it another verb: "đồng hành cùng doanh nghiệp"."""
_QUOTES = frozenset("'\"“”‘’*_")
ITEM_MARKER = re.compile(
    r"\s*(?:[-–+•*]|\([ivx]{1,4}\)|\(?[a-zđ0-9]{1,2}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+"
)


class Roles(NamedTuple):
    """The agents of one clause. `act_start` is the offset where the words of the act begin."""

    assigner: tuple[Agent, ...] = ()
    assignees: tuple[Agent, ...] = ()
    coordinators: tuple[Agent, ...] = ()
    reports: tuple[Agent, ...] = ()
    act_start: int = 0
    ordered: bool = False
    promised: bool = False
    rule: str = ""


def roles_of(flat: str, start: int, end: int, *, reported: bool = False) -> Roles:
    """The roles of the agents in `flat[start:end]`; empty where the clause names nobody.

    `reported` is for news, where most orders are told: "Chủ tịch X yêu cầu Sở Y …".

    >>> flat = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính lập dự toán"
    >>> [agent.value for agent in roles_of(flat, 0, len(flat)).assignees]
    ['Sở Y tế']
    """
    marker = ITEM_MARKER.match(flat, start, end)
    if marker:
        start = marker.end()
    words = words_of(flat, start, end)
    while words and words[0].text in _QUOTES:
        words = words.part(1)
    if not words:
        return Roles(act_start=start)
    main = main_roles(flat, words, reported)
    if not main.assignees and not main.rule and not reported:
        main = _named_at_end(flat, start, end, main)
    coordinators, reports = _others(flat, words, main)
    if not coordinators and not reports:
        return main
    return main._replace(coordinators=main.coordinators + coordinators, reports=reports)


def _named_at_end(flat: str, start: int, end: int, main: Roles) -> Roles:
    cell = people_at_end(flat, start, end)
    if cell is None:
        return main
    return main._replace(assignees=cell.assignees, coordinators=cell.coordinators, rule="end")


@lru_cache(maxsize=64)
def main_roles(flat: str, words: Words, reported: bool) -> Roles:
    """The roles of a clause without those who work along and who are reported to."""
    begin = skip_pronoun(words, skip_connectives(words, 0))
    subject = subject_at(flat, words, begin) or towards(flat, words, begin)
    if subject is not None:
        return _from_subject(flat, words, answerable(flat, words, subject), reported)
    order = order_at(flat, words, begin)
    if order is not None and order.agents:
        rule = "relayed" if order.relayed else "order"
        return Roles(
            (), order.agents, act_start=offset_at(words, order.stop), ordered=True, rule=rule
        )
    return _inside(flat, words, begin, reported)


def _from_subject(flat: str, words: Words, subject: Subject, reported: bool) -> Roles:
    """Roles of a clause that opens with those who act or speak."""
    known = clause_lexicon()
    speech = known.speech.match(words, skip_between(words, subject.stop))
    if speech:
        return _reported_speech(flat, words, subject, reported)
    order = order_at(flat, words, skip_between(words, subject.stop))
    if order is None and known.praise.match(words, skip_between(words, subject.stop)):
        return _praised(flat, words, subject)
    if order is None and reported and not is_bound(words, subject.stop):
        return _praised(flat, words, subject)
    if order is None:
        return _by_subject(words, subject)
    if "sẽ" in words.low[subject.stop : order.begin]:
        return _by_subject(words, subject)
    if not order.agents:
        told = words[order.stop - 1].text in (",", ":") and not act_words(words, order.stop)
        if reported and (not order.relayed or told):
            return _reported_speech(flat, words, subject, reported)
        if order.relayed or not ends_clause(words, order.stop):
            return _by_subject(words, subject)
        return Roles(
            subject.agents, act_start=offset_at(words, order.stop), ordered=True, rule="says"
        )
    if order.relayed and not reported:
        return _by_subject(words, subject)
    return Roles(
        subject.agents,
        order.agents,
        act_start=offset_at(words, order.stop),
        ordered=True,
        rule="subject-orders",
    )


def _praised(flat: str, words: Words, subject: Subject) -> Roles:
    """ "Sở đánh giá cao … và đề nghị huyện gửi …": the order that follows the praise, if any."""
    verbs = clause_lexicon().orders.first_words
    for pos in marks(words, verbs):
        order = order_at(flat, words, pos) if pos > subject.stop else None
        if order is not None and order.agents and not order.relayed:
            return Roles(
                subject.agents,
                order.agents,
                act_start=offset_at(words, order.stop),
                ordered=True,
                rule="subject-orders",
            )
    return _by_subject(words, subject)


def _reported_speech(flat: str, words: Words, subject: Subject, reported: bool) -> Roles:
    """ "Cục X cho biết, trong năm sẽ kiểm tra …": the inner clause, else the speaker acts.

    What a chairman or director promises is for the body he speaks for.
    """
    said = _after_speech(flat, words, subject)
    inner = said or _inside(flat, words, subject.stop + 1, reported)
    if inner.assignees:
        return inner
    bound = before_modal(flat, words, subject.stop + 1)
    if bound is not None:
        return _by_subject(words, bound)
    rest = set(words.low[subject.stop :])
    if "sẽ" in rest and not rest & {"cần", "phải"}:
        promised = Subject(bodies_of(flat, subject.agents), subject.begin, subject.stop)
        return _by_subject(words, promised)._replace(promised=True)
    return Roles(subject.agents, act_start=inner.act_start, rule="says")


def _after_speech(flat: str, words: Words, speaker: Subject) -> Roles | None:
    """Roles of the clause behind the verb: "ông A cho biết Sở B sẽ …", "… như sau: Giao B"."""
    known = clause_lexicon()
    pos = skip_between(words, speaker.stop)
    pos += known.speech.match(words, pos)
    while pos < len(words) and words[pos].text in ("rằng", ",", ":", "“", '"'):
        pos += 1
    order = order_at(flat, words, pos)
    if order is not None and order.agents:
        return _from_giver(words, speaker, order)
    subject = subject_at(flat, words, pos)
    if subject is None or not is_bound(words, subject.stop):
        return None
    return _by_subject(words, subject)


def _inside(flat: str, words: Words, begin: int, reported: bool) -> Roles:
    """Roles where the clause opens with something else: a purpose, a time, an object."""
    given = given_work(flat, words, begin)
    if given is not None:
        return _by_subject(words, given)
    known = clause_lexicon()
    fronted = reported or bool(known.fronts.match(words, begin) or known.fronts.match(words, 0))
    last = _last_opening(words, begin, fronted, reported)
    stop = begin
    for pos in _openings(words, begin, last):
        if pos < stop:
            continue
        if not is_name_start(words, pos):
            order = order_at(flat, words, pos) if _may_order(words, pos, fronted) else None
            if order is not None and order.agents:
                return Roles(
                    (),
                    order.agents,
                    act_start=offset_at(words, order.stop),
                    ordered=True,
                    rule="order",
                )
            continue
        found = read_agents(flat, words, pos)
        order = order_at(flat, words, skip_between(words, found.stop))
        if order is not None and order.agents and (reported or not order.relayed):
            givers = _givers(flat, words, pos, found.agents)
            return _from_giver(words, Subject(givers, pos, found.stop), order)
        said = reported and _closes_quote(words, pos, found.stop)
        if said or (order is not None and not order.relayed and ends_clause(words, order.stop)):
            start = words.starts[0] if said else offset_at(words, order.stop if order else 0)
            givers = _givers(flat, words, pos, found.agents) or found.agents
            return Roles(givers, act_start=start, ordered=True, rule="says")
        if _opens_clause(words, pos, fronted):
            subject = subject_at(flat, words, pos)
            if subject is not None and not is_condition(words, begin, subject):
                return _from_subject(flat, words, subject, reported)
        stop = max(pos + 1, _past_givers(words, pos, found))
    bound = urged(flat, words, begin) or (before_modal(flat, words, begin) if reported else None)
    return _by_subject(words, bound) if bound else Roles(act_start=offset_at(words, begin))


def _openings(words: Words, begin: int, last: int) -> list[int]:
    """Where names and orders may begin from `begin` to `last`, numbers before names included."""
    openers = clause_lexicon().openers
    low = words.low[begin : last + 1]
    return [at for at, word in enumerate(low, begin) if word in openers or word.isdigit()]


def _last_opening(words: Words, begin: int, fronted: bool, reported: bool) -> int:
    """The last word from `begin` on that an order or speech, or a subject in the clause, may open.

    Names after it say nothing of who is to act, so that they need not be read; -1 without any.
    """
    known = clause_lexicon()
    for at in reversed(marks(words, known.telling)):
        after, word = at + 1, words.low[at]
        if after < begin:
            break
        before = word in known.before_subject and after < len(words)
        if before and _opens_clause(words, after, fronted) and is_name_start(words, after):
            return after
        if (
            at >= begin
            and word in known.tellers
            and (known.orders.match(words, at) or (reported and known.speech.match(words, at)))
        ):
            return at
    return -1


def _givers(flat: str, words: Words, at: int, agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Those of a list who can give an order: in "kiến nghị của Sở A, Chủ tịch huyện giao …" the
    last, nobody in "Nghị định số 1/2020/NĐ-CP của Chính phủ, đề nghị …"."""
    if words.low[at - 1] not in clause_lexicon().governing.first_words:
        return agents
    between = flat[agents[-2].end : agents[-1].start].strip() if len(agents) > 1 else ""
    return agents[-1:] if between == "," else ()


def _from_giver(words: Words, giver: Subject, order: Order) -> Roles:
    """Roles where a body further on orders others: "…, Sở yêu cầu các xã …"; not if it "sẽ"."""
    if giver.agents and "sẽ" in words.low[giver.stop : order.begin]:
        return _by_subject(words, giver)
    return Roles(
        giver.agents,
        order.agents,
        act_start=offset_at(words, order.stop),
        ordered=True,
        rule="giver",
    )


def _closes_quote(words: Words, at: int, stop: int) -> bool:
    """Whether a name only tells who spoke: "“Phải xong sớm”, ông A nhấn mạnh."."""
    if words[at - 1].text not in (",", "”", '"', "-", "–"):
        return False
    known = clause_lexicon()
    pos = skip_between(words, stop)
    step = known.speech.match(words, pos) or known.orders.match(words, pos)
    return bool(step) and all(not word.text[0].isalnum() for word in words[pos + step :])


def _past_givers(words: Words, at: int, found: AgentList) -> int:
    """The index after a list, or after its first name: "theo đề nghị của Sở A, Sở B | cấp …"."""
    aside = found.stop < len(words) and words[found.stop].text == ","
    if len(found.agents) < 2 or words[at - 1].lower != "của" or aside:
        return found.stop
    return min(found.stop, bisect_left(words.starts, found.agents[0].end))


def _may_order(words: Words, at: int, fronted: bool) -> bool:
    """Whether a verb inside the clause can give an order: after a comma, "và" or the like."""
    known, verb = clause_lexicon(), words.low[at]
    if at == 0 or verb not in known.orders.first_words:
        return False
    joined = words[at - 1].text in (",", ":", "và", "“", ")", "đồng", "thì", "vậy")
    if not joined and not known.pronouns.ends(words, at):
        return False
    plain = verb in ("yêu", "giao") or (verb == "đề" and _plural(words, at + 2))
    return fronted or (plain and words[at - 1].text != "và")


def _plural(words: Words, at: int) -> bool:
    return at < len(words) and words[at].lower in ("các", "đồng", "những")


def _opens_clause(words: Words, at: int, fronted: bool) -> bool:
    """Whether what stands before `at` lets a subject begin there."""
    if not at:
        return False
    before = words[at - 1].lower
    if before in (":", "thì"):
        return True
    times = clause_lexicon().times
    if not fronted:
        return at <= 8 and words[at].is_capital and times.match(words, at - 1) > 0
    met = before in MET and words[at].lower == "các"
    return met or before in (",", "”", "“", ")", "rằng") or times.match(words, at - 1) > 0


def _by_subject(words: Words, subject: Subject) -> Roles:
    pos = subject.stop
    while pos < len(words) and words[pos].text in (":", "-", "–", ","):
        pos += 1
    promised = bool(clause_lexicon().commitment.match(words, pos))
    return Roles(
        (), subject.agents, act_start=offset_at(words, pos), promised=promised, rule="subject"
    )


def _others(flat: str, words: Words, main: Roles) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Coordinators and those who are reported to."""
    known = clause_lexicon()
    coordinators: list[Agent] = []
    reports: list[Agent] = []
    stop = 0
    for pos in marks(words, known.followers):
        if pos < stop:
            continue
        step = known.coordination.match(words, pos)
        if step == 1 and pos and words[pos - 1].lower in _BESIDE:
            step = 0
        target = coordinators
        if not step:
            step = known.reporting.match(words, pos)
            target = reports
        if not step:
            continue
        found = read_agents(flat, words, pos + step)
        taken = {agent.start for agent in (*main.assignees, *main.assigner)}
        target.extend(agent for agent in found.agents if agent.start not in taken)
        stop = max(pos + step, found.stop) if found.agents else pos + step
    return tuple(coordinators), tuple(reports)
