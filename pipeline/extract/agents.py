"""Those who act: bodies, posts, persons and collectives, in lists as they are printed.

Lists with a shared head are spelled out: "các Bộ: Y tế, Tài chính" gives "Bộ Y tế" and
"Bộ Tài chính", each with its own words as span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.agent_heads import goes_on_list, is_name_start
from pipeline.extract.agent_lexicon import act_words, name_lexicon
from pipeline.extract.agent_names import NameReader, read_name
from pipeline.extract.phrases import Words, words_of

_BARE = 8
"""Most words of a collective that names no body: "các địa phương, cơ quan, đơn vị"."""

_COMMITTEES = re.compile(r"Chủ tịch (?:UBND|(?:Ủy|Uỷ) ban nhân dân) (các (?:tỉnh|thành phố).*)")
_SECRETARY = re.compile(r"(?i:bí thư (?:tỉnh|thành) [ủu][yỷ])")
_CHAIR = re.compile(r"Chủ tịch (?:UBND|[ỦU][yỷ] ban nhân dân) (?:tỉnh|thành phố)")
_BLANKS = 8
"""Blanks and the first letter of a name after its head, in characters."""
_ASIDE = 24
"""The longest bracket after a name, in words: "(gọi tắt là Hội đồng …)"."""

__all__ = [
    "Agent",
    "AgentList",
    "act_words",
    "full_name",
    "is_name_start",
    "read_agents",
    "read_name",
]


class Agent(NamedTuple):
    """Somebody named in the text; `value` has a shared head spelled out, the span is as printed."""

    value: str
    start: int
    end: int


class AgentList(NamedTuple):
    """Agents named one after the other, and the index of the first word after them."""

    agents: tuple[Agent, ...]
    stop: int


@lru_cache(maxsize=64)
def read_agents(flat: str, words: Words, at: int, *, expected: bool = False) -> AgentList:
    """The list of agents that begins at word `at`; without agents when none does.

    `expected` says that a name must come here (after "yêu cầu"), so that any head counts.

    >>> flat = "Sở Y tế, Sở Tài chính chủ trì"
    >>> [agent.value for agent in read_agents(flat, words_of(flat, 0, len(flat)), 0).agents]
    ['Sở Y tế', 'Sở Tài chính']
    """
    agents: list[Agent] = []
    pos = at
    while True:
        end = read_name(words, pos, listed=expected or bool(agents))
        if end == pos:
            break
        shared, after = _numbered(flat, words, pos, end)
        if not shared:
            shared, after = _shared_head(flat, words, pos, end)
        agents.extend(shared or [_member(flat, words, pos, end, agents)])
        stop = after if shared else end
        stop = _skip_person(words, _skip_brackets(words, stop))
        following = _next_in_list(words, stop)
        if following is None:
            return AgentList(_members(flat, words, agents), stop)
        pos = following
    return AgentList(_members(flat, words, agents), pos)


def _members(flat: str, words: Words, agents: Sequence[Agent]) -> tuple[Agent, ...]:
    """The names of a list; an honorific that all of them share is no part of the first."""
    if len(agents) < 2:
        return tuple(agents)
    joined = _joined_collectives(flat, _joined_persons(flat, words, agents))
    if len(joined) > 1:
        joined[0] = _without_honorific(flat, joined[0])
        joined[:-1] = map(_with_place, joined, joined[1:])
        joined[:1] = _of_each_place(flat, joined[0], joined[1:])
    return tuple(joined)


def _of_each_place(flat: str, agent: Agent, others: Sequence[Agent]) -> list[Agent]:
    """ "Bí thư tỉnh ủy và Chủ tịch UBND các tỉnh: A, B": a secretary for each of the provinces."""
    if not _SECRETARY.fullmatch(agent.value):
        return [agent]
    chairs = [other for other in others if _CHAIR.match(other.value)]
    places = [flat[chair.start : chair.end] for chair in chairs]
    spelled = [place for place, chair in zip(places, chairs, strict=True) if place != chair.value]
    named = [Agent(f"{agent.value} {place}", agent.start, agent.end) for place in spelled]
    return named or [agent]


def _with_place(agent: Agent, after: Agent) -> Agent:
    """ "Bí thư, Chủ tịch UBND các tỉnh": the secretaries are those of the same provinces."""
    places = _COMMITTEES.match(after.value)
    if places is None or agent.value.lower() not in ("bí thư", "phó bí thư"):
        return agent
    return Agent(f"{agent.value} {places[1]}", agent.start, agent.end)


def _joined_collectives(flat: str, agents: Sequence[Agent]) -> list[Agent]:
    """ "các cấp, các ngành, các địa phương" is one collective."""
    joined: list[Agent] = []
    bare = False
    for agent in agents:
        parts = agent.value.lower().split(" ")
        if bare and parts[0] == "các" and len(parts) <= _BARE and agent.value[4:].islower():
            before = joined.pop()
            agent = Agent(flat[before.start : agent.end], before.start, agent.end)
        bare = parts[0] == "các" and len(parts) == 2
        joined.append(agent)
    return joined


def _without_honorific(flat: str, agent: Agent) -> Agent:
    """ "các đồng chí Bộ trưởng" as "Bộ trưởng"; a person keeps it."""
    known = name_lexicon()
    words = words_of(flat, agent.start, agent.end)
    pos = 0
    while step := known.honorifics.match(words, pos):
        pos += step
    named = pos and (known.posts.match(words, pos) or known.bodies.match(words, pos))
    return (
        Agent(flat[words.starts[pos] : agent.end], words.starts[pos], agent.end) if named else agent
    )


def _joined_persons(flat: str, words: Words, agents: Sequence[Agent]) -> list[Agent]:
    """ "bà Nguyễn Thị A, Phó Giám đốc" is one agent: the person with the post."""
    known = name_lexicon()
    joined: list[Agent] = []
    for agent in agents:
        before = joined[-1] if joined else agent
        if joined and before.value.split(" ", 1)[0].lower() in ("ông", "bà", "đồng"):
            words_here = words_of(agent.value, 0, 99)
            titled = known.posts.match(words_here, 0) or known.plurals.match(words_here, 0)
            person = titled and _without_honorific(flat, before) is before
            if person and flat[before.end : agent.start].strip() == ",":
                if agent.value[0].islower():
                    continue
                joined[-1] = Agent(flat[before.start : agent.end], before.start, agent.end)
                continue
        joined.append(agent)
    return joined


def full_name(flat: str, agent: Agent) -> Agent:
    """A body named by its head alone ("Sở", "Cục"), with the full name last read before it."""
    short = name_lexicon().short
    if len(agent.value.split()) > short.longest:
        return agent
    words = words_of(agent.value, 0, len(agent.value))
    size = len(words)
    if short.match(words, 0) != size:
        return agent
    head = agent.value
    if head.islower() and flat[agent.end : agent.end + 1] == ",":
        return agent  # "giao cho hội, đoàn thể": any of them
    for variant in (head, head[:1].upper() + head[1:], head.lower()):
        at = agent.start
        while (at := flat.rfind(f"{variant} ", 0, at)) >= 0:
            after = at + len(variant)
            if not flat[after : after + _BLANKS].lstrip()[:1].isupper():
                continue
            words = words_of(flat, at, min(len(flat), at + 160))
            whole = at == 0 or not flat[at - 1].isalnum()
            if whole and len(words) > size and words[size].is_capital:
                end = read_name(words, 0)
                if end > size:
                    return Agent(flat[at : words.end(end - 1)], agent.start, agent.end)
    return agent


def _skip_brackets(words: Words, at: int) -> int:
    """Past "(BHXH)" or "(1)" when it stands at `at`."""
    if at < len(words) and words[at].text == "(":
        for pos in range(at + 1, min(at + _ASIDE, len(words))):
            if words[pos].text == ")":
                return pos + 1
    return at


def _skip_person(words: Words, at: int) -> int:
    """Past the person's name after a bracket: "Tổng giám đốc X (VEC) Mai Tuấn Anh"."""
    if at and words[at - 1].text == ")":
        while at < len(words) and words[at].is_capital:
            at += 1
    return at


def _next_in_list(words: Words, at: int) -> int | None:
    """Where the next name of the list begins, or None at its end."""
    pos = _after_joint(words, at)
    if pos == at or pos >= len(words):
        return None
    return pos if is_name_start(words, pos) or goes_on_list(words, pos) else None


def _agent(flat: str, words: Words, start: int, end: int, prefix: str = "") -> Agent:
    begin, stop = words.starts[start], words.end(end - 1)
    value = flat[begin:stop]
    return Agent(f"{prefix} {value}" if prefix else value, begin, stop)


def _member(flat: str, words: Words, start: int, end: int, before: Sequence[Agent]) -> Agent:
    """A name of a list, with what it shares with the name before: "UBND xã A, xã B"."""
    prefix = _shared_prefix(words, start, before[-1].value) if before else ""
    return _agent(flat, words, start, end, prefix)


def _shared_prefix(words: Words, at: int, before: str) -> str:
    known = name_lexicon()
    word = words[at].lower
    if words[at].is_capital or not (known.places.match(words, at) or word == "cơ"):
        return ""
    earlier = before.split(" ")
    if word == "cơ":
        heads = ("Thủ trưởng cơ quan", "Thủ trưởng các cơ quan")
        return "Thủ trưởng" if before.startswith(heads) else ""
    lowered = [part.lower() for part in earlier]
    marks = ("tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường", "tp")
    found = next((k for k, part in enumerate(lowered) if k and part in marks), 0)
    return " ".join(earlier[:found]) if "các" not in lowered[:found] else ""


def _numbered(flat: str, words: Words, start: int, end: int) -> tuple[list[Agent], int]:
    """Agents of "các Đội Thuế số 1, số 2 và số 4"; none where a single number follows the head."""
    if end - start < 3 or words[end - 2].lower != "số" or not words[end - 1].text.isdigit():
        return [], end
    first = start + (words.low[start] in ("các", "những"))
    prefix = flat[words.starts[first] : words.end(end - 3)]
    pieces, stop = [(start, end)], end
    while (pos := _after_joint(words, stop)) + 1 < len(words) and pos > stop:
        if words[pos].lower != "số" or not words[pos + 1].text.isdigit():
            break
        stop = pos + 2
        pieces.append((pos, stop))
    if len(pieces) == 1:
        return [], end
    agents = [_agent(flat, words, begin, after) for begin, after in pieces]
    return [
        agent._replace(value=f"{prefix} {flat[words.starts[after - 2] : agent.end]}")
        for agent, (_, after) in zip(agents, pieces, strict=True)
    ], stop


def _after_joint(words: Words, at: int) -> int:
    """The index after a comma or "và" at `at`."""
    while at < len(words) and (step := name_lexicon().joints.match(words, at)):
        at += step
    return at


def _shared_head(flat: str, words: Words, start: int, end: int) -> tuple[list[Agent], int]:
    """Agents of "các Bộ: A, B và C" or "UBND 2 tỉnh: A, B"; none when the head is not shared."""
    known = name_lexicon()
    low = enumerate(words.low[start:end], start)
    heads = [at for at, word in low if word == "các" or word.isdigit()]
    if not heads:
        return _of_one_post(flat, words, start, end)
    determiner = heads[-1]
    head = known.heads.match(words, determiner + 1)
    if not head:
        return [], end
    body = determiner + 1 + head
    if body == end and end < len(words) and words[end].text == ":":
        first = end + 1
    elif body < end and words[body].is_capital and body - determiner <= 3:
        if known.owners.match(words, body):
            return [], end
        first = body
    else:
        return [], end
    office = words[start:determiner]
    prefix = " ".join(word.text for word in (*office, *words[determiner + 1 : body]))
    # "Thủ trưởng các cơ quan: Sở A, Ban B" are heads of bodies that are named in full
    wide = known.plurals.match(words, determiner + 1) and known.bodies.match(words, first)
    pieces, after = _capital_pieces(words, first, whole=bool(wide))
    if len(pieces) < 2 and first == body:
        return [], end
    counted = words[determiner].text
    if counted.isdigit() and int(counted) != len(pieces):
        return [], end
    prefix = prefix[:1].upper() + prefix[1:]
    if wide:
        prefix = " ".join(word.text for word in office)
    return [_agent(flat, words, begin, stop, prefix) for begin, stop in pieces], after


def _of_one_post(flat: str, words: Words, start: int, end: int) -> tuple[list[Agent], int]:
    """Agents of "Giám đốc: Trung tâm A, Công ty B"; none where no colon follows a bare post."""
    known = name_lexicon()
    if end >= len(words) or words[end].text != ":":
        return [], end
    if known.posts.match(words, start) != end - start or not known.bodies.match(words, end + 1):
        return [], end
    pieces, after = _capital_pieces(words, end + 1, whole=True)
    post = flat[words.starts[start] : words.end(end - 1)]
    return [_agent(flat, words, begin, stop, post) for begin, stop in pieces], after


def _capital_pieces(
    words: Words, at: int, *, whole: bool = False
) -> tuple[list[tuple[int, int]], int]:
    """Spans of capitalised names parted by commas, "và" or "-", from `at`.

    With `whole` those that begin with the head of a body are names in full.
    """
    known = name_lexicon()
    pieces: list[tuple[int, int]] = []
    pos = at
    while pos < len(words) and words[pos].is_capital:
        if known.posts.match(words, pos) or known.apart.match(words, pos):
            break
        reader = NameReader(words, pos, pos + 1)
        field = known.fields.match(words, pos)
        end = pos + field if field else _field_end(reader)
        if whole and not field and known.bodies.match(words, pos):
            end = read_name(words, pos, listed=True)
        pieces.append((pos, end))
        pos = end
        while pos < len(words) and words[pos].text in (",", ";", "và"):
            pos += 1
        if pos == end:
            break
    return pieces, pieces[-1][1] if pieces else at


def _field_end(reader: NameReader) -> int:
    """The end of a field or place name: only some hold "và" ("Giáo dục và Đào tạo")."""
    while reader.pos < len(reader.words):
        word = reader.words[reader.pos]
        if word.lower == "và" and _pair(reader):
            reader.pos += 2
            continue
        if not word.text[0].isalnum() or word.lower == "và":
            break
        step = reader.plain(word)
        if not step:
            break
        reader.pos += step
    return reader.pos


def _pair(reader: NameReader) -> bool:
    begin = max(reader.start, reader.pos - 2)
    left = " ".join(word.lower for word in reader.words[begin : reader.pos])
    following = reader.words[reader.pos + 1].lower if reader.pos + 1 < len(reader.words) else ""
    return f"{left} {following}" in name_lexicon().pairs
