"""Who is told to do what: roles of the agents in one clause, read from its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from pipeline.extract.agent_names import name_lexicon, place_names
from pipeline.extract.agents import (
    Agent,
    AgentList,
    act_words,
    is_name_start,
    read_agents,
    read_name,
)
from pipeline.extract.phrases import Phrases, Word, split_list, words_of
from pipeline.extract.row_cells import people_at_end
from pipeline.resources import lexicon

_LONGEST = 26
"""The longest name of one subject, in words."""
_NEAR = 14
"""How far before a modal its subject may begin, in words."""
_BARE = 4
"""The longest proper name without a head, in words."""
_PHRASE = 18
"""The longest phrase between a subject and its act, in words."""
_RELATIVE = 16
"""The longest words that mark off a collective: "chưa được kiểm tra đợt này"."""
_LONG_OPENERS = frozenset(("các", "những", "người", "tất", "mọi"))
_MANY = frozenset(("các", "những", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"))
_BESIDE = frozenset(("hành", "cánh", "chung"))
"""Words before "cùng" that make it another verb: "đồng hành cùng doanh nghiệp"."""
_MET = frozenset(("mắc", "khăn", "sinh", "thiết", "đề"))
"""Last words of "nếu có khó khăn, vướng mắc | các đơn vị báo cáo …"."""
_QUOTES = frozenset("'\"“”‘’*_")
_AFTER_ORDER = frozenset((":", ",", "đối", "với", "cho", "tới", "đến", "rằng"))
_MARKER = re.compile(
    r"\s*(?:[-–+•*]|\([ivx]{1,4}\)|\(?[a-zđ0-9]{1,2}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+"
)


_AFTER_COMMA = re.compile(r",\s+(\w)")


@dataclass(frozen=True, slots=True)
class Roles:
    """The agents of one clause. `act_start` is the offset where the words of the act begin."""

    assigner: tuple[Agent, ...] = ()
    assignees: tuple[Agent, ...] = ()
    coordinators: tuple[Agent, ...] = ()
    reports: tuple[Agent, ...] = ()
    act_start: int = 0
    ordered: bool = False
    promised: bool = False
    rule: str = ""


@dataclass(frozen=True)
class _Lexicon:
    orders: Phrases
    relayed: Phrases
    between: Phrases
    modals: Phrases
    commitment: Phrases
    speech: Phrases
    connectives: Phrases
    fronts: Phrases
    works: Phrases
    asides: Phrases
    sure_modals: Phrases
    times: Phrases
    praise: Phrases
    relatives: Phrases
    pronouns: Phrases
    tails: Phrases

    @cached_property
    def followers(self) -> frozenset[str]:
        """The words that open a coordination or a report."""
        return self.coordination.first_words | self.reporting.first_words

    coordination: Phrases
    reporting: Phrases


@cache
def _lexicon() -> _Lexicon:
    table = lexicon("assignment")
    names = (
        "orders",
        "relayed",
        "between",
        "modals",
        "commitment",
        "speech",
        "connectives",
        "fronts",
        "works",
        "asides",
        "sure_modals",
        "times",
        "praise",
        "relatives",
        "pronouns",
        "tails",
        "coordination",
        "reporting",
    )
    return _Lexicon(**{name: Phrases(split_list(table[name])) for name in names})


@dataclass(frozen=True, slots=True)
class _Subject:
    """A list of agents followed by what they do."""

    agents: tuple[Agent, ...]
    begin: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Order:
    """An order verb, the agents told to act, the index after them; whether it is passed on."""

    begin: int
    agents: tuple[Agent, ...]
    stop: int
    relayed: bool


def roles_of(flat: str, start: int, end: int, *, reported: bool = False) -> Roles:
    """The roles of the agents in `flat[start:end]`; empty where the clause names nobody.

    `reported` is for news, where most orders are told: "Chủ tịch X yêu cầu Sở Y …".

    >>> flat = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính lập dự toán"
    >>> [agent.value for agent in roles_of(flat, 0, len(flat)).assignees]
    ['Sở Y tế']
    """
    marker = _MARKER.match(flat, start, end)
    if marker:
        start = marker.end()
    words = words_of(flat, start, end)
    while words and words[0].text in _QUOTES:
        words = words[1:]
    if not words:
        return Roles(act_start=start)
    main = _main_roles(flat, words, reported)
    if not main.assignees and not main.rule and not reported:
        main = _named_at_end(flat, start, end, main)
    coordinators, reports = _others(flat, words, main)
    return replace(main, coordinators=main.coordinators + coordinators, reports=reports)


def _named_at_end(flat: str, start: int, end: int, main: Roles) -> Roles:
    cell = people_at_end(flat, start, end)
    if cell is None:
        return main
    return replace(main, assignees=cell.assignees, coordinators=cell.coordinators, rule="end")


def only_names(flat: str, start: int, end: int) -> bool:
    """Whether a part before ";" ends in a list of agents that goes on after it, without an act.

    "Yêu cầu Giám đốc các sở; Chủ tịch UBND các xã …" is one clause.
    """
    marker = _MARKER.match(flat, start, end)
    words = words_of(flat, marker.end() if marker else start, end)
    for pos in range(len(words)):
        if is_name_start(words, pos) and _begins_list(words, pos):
            stop = read_agents(flat, words, pos).stop
            if all(not word.text[0].isalnum() for word in words[stop:]):
                return True
    return False


def _begins_list(words: Sequence[Word], at: int) -> bool:
    """Whether names at `at` are those who act: at the front, after an order or after ":"."""
    return at == 0 or words[at - 1].text == ":" or _lexicon().orders.ends(words, at)


def subject_starts(flat: str, start: int, end: int) -> list[int]:
    """Offsets after a comma where a further body begins an act of its own.

    Only in a clause that opens with a body: after "Để kịp mùa mưa, UBND các xã …" there is one act.
    """
    if not any(found[1].isupper() for found in _AFTER_COMMA.finditer(flat, start, end)):
        return []
    marker = _MARKER.match(flat, start, end)
    words = words_of(flat, marker.end() if marker else start, end)
    first = _subject_at(flat, words, 0) if words else None
    if first is None:
        return []
    starts = []
    pos = first.stop
    while pos < len(words):
        if not is_name_start(words, pos):
            pos += 1
            continue
        subject = None
        if words[pos].is_capital and words[pos - 1].text == ",":
            subject = _subject_at(flat, words, pos)
        if subject is not None and act_words(words, subject.stop):
            starts.append(words[pos].start)
        pos = max(pos + 1, read_agents(flat, words, pos).stop)
    return starts


def _main_roles(flat: str, words: Sequence[Word], reported: bool) -> Roles:
    begin = _skip_pronoun(words, _skip_connectives(words, 0))
    subject = _subject_at(flat, words, begin) or _towards(flat, words, begin)
    if subject is not None:
        return _from_subject(flat, words, subject, reported)
    order = _order_at(flat, words, begin)
    if order is not None and order.agents:
        rule = "relayed" if order.relayed else "order"
        return Roles(
            (), order.agents, act_start=_offset(words, order.stop), ordered=True, rule=rule
        )
    return _inside(flat, words, begin, reported)


def _towards(flat: str, words: Sequence[Word], at: int) -> _Subject | None:
    """ "Đối với Sở Y tế: …" names who is to act."""
    if at + 2 >= len(words) or (words[at].lower, words[at + 1].lower) != ("đối", "với"):
        return None
    found = read_agents(flat, words, at + 2)
    if found.agents and found.stop < len(words) and words[found.stop].text == ":":
        return _Subject(found.agents, at, found.stop)
    return None


def _from_subject(flat: str, words: Sequence[Word], subject: _Subject, reported: bool) -> Roles:
    """Roles of a clause that opens with those who act or speak."""
    known = _lexicon()
    speech = known.speech.match(words, _skip_between(words, subject.stop))
    if speech:
        return _reported_speech(flat, words, subject, reported)
    order = _order_at(flat, words, _skip_between(words, subject.stop))
    if order is None and known.praise.match(words, _skip_between(words, subject.stop)):
        return _praised(flat, words, subject)
    if order is None and reported and not _binds(words, subject.stop):
        return _praised(flat, words, subject)
    if order is None:
        return _by_subject(words, subject)
    if reported and any(word.lower == "sẽ" for word in words[subject.stop : order.begin]):
        return _by_subject(words, subject)
    if not order.agents:
        told = words[order.stop - 1].text in (",", ":") and not act_words(words, order.stop)
        if reported and (not order.relayed or told):
            return _reported_speech(flat, words, subject, reported)
        if order.relayed or not _ends_clause(words, order.stop):
            return _by_subject(words, subject)
        return Roles(
            subject.agents, act_start=_offset(words, order.stop), ordered=True, rule="says"
        )
    if order.relayed and not reported:
        return _by_subject(words, subject)
    return Roles(
        subject.agents,
        order.agents,
        act_start=_offset(words, order.stop),
        ordered=True,
        rule="subject-orders",
    )


def _binds(words: Sequence[Word], at: int) -> bool:
    """Whether a subject itself is bound to act: "cần", "phải", "sẽ"."""
    return any(word.lower in ("cần", "phải", "sẽ", ":") for word in words[at : at + 6])


def _praised(flat: str, words: Sequence[Word], subject: _Subject) -> Roles:
    """ "Sở đánh giá cao … và đề nghị huyện gửi …": the order that follows the praise, if any."""
    for pos in range(subject.stop + 1, len(words)):
        order = _order_at(flat, words, pos)
        if order is not None and order.agents and not order.relayed:
            return Roles(
                subject.agents,
                order.agents,
                act_start=_offset(words, order.stop),
                ordered=True,
                rule="subject-orders",
            )
    return _by_subject(words, subject)


def _ends_clause(words: Sequence[Word], at: int) -> bool:
    return at >= len(words) or words[at - 1].text == ":" or words[at].text in (":", ".", "“", '"')


def _reported_speech(flat: str, words: Sequence[Word], subject: _Subject, reported: bool) -> Roles:
    """ "Cục X cho biết, trong năm sẽ kiểm tra …": the inner clause, else the speaker acts."""
    said = _after_speech(flat, words, subject.stop)
    inner = said or _inside(flat, words, subject.stop + 1, reported)
    if inner.assignees:
        return inner
    bound = _before_modal(flat, words, subject.stop + 1)
    if bound is not None:
        return _by_subject(words, bound)
    rest = {word.lower for word in words[subject.stop :]}
    if "sẽ" in rest and not rest & {"cần", "phải"}:
        return replace(_by_subject(words, subject), promised=True)
    return Roles(subject.agents, act_start=inner.act_start, rule="says")


def _after_speech(flat: str, words: Sequence[Word], at: int) -> Roles | None:
    """Roles of the clause right behind the verb: "ông A cho biết Sở B sẽ …"."""
    known = _lexicon()
    pos = _skip_between(words, at)
    pos += known.speech.match(words, pos)
    while pos < len(words) and words[pos].text in ("rằng", ",", ":", "“", '"'):
        pos += 1
    subject = _subject_at(flat, words, pos)
    if subject is None or not _binds(words, subject.stop):
        return None
    return _by_subject(words, subject)


def _inside(flat: str, words: Sequence[Word], begin: int, reported: bool) -> Roles:
    """Roles where the clause opens with something else: a purpose, a time, an object."""
    given = _given_work(flat, words, begin)
    if given is not None:
        return _by_subject(words, given)
    known = _lexicon()
    fronted = reported or bool(known.fronts.match(words, begin) or known.fronts.match(words, 0))
    pos = begin
    while pos < len(words):
        if not is_name_start(words, pos):
            order = _order_at(flat, words, pos) if _may_order(words, pos, fronted) else None
            if order is not None and order.agents:
                return Roles(
                    (),
                    order.agents,
                    act_start=_offset(words, order.stop),
                    ordered=True,
                    rule="order",
                )
            pos += 1
            continue
        found = read_agents(flat, words, pos)
        order = _order_at(flat, words, _skip_between(words, found.stop))
        if order is not None and order.agents and (reported or not order.relayed):
            return Roles(
                found.agents,
                order.agents,
                act_start=_offset(words, order.stop),
                ordered=True,
                rule="giver",
            )
        said = reported and _closes_quote(words, pos, found.stop)
        if said or (order is not None and not order.relayed and _ends_clause(words, order.stop)):
            start = words[0].start if said else _offset(words, order.stop if order else 0)
            return Roles(found.agents, act_start=start, ordered=True, rule="says")
        if _opens_clause(words, pos, fronted):
            subject = _subject_at(flat, words, pos)
            if subject is not None and not _is_condition(words, begin, subject):
                return _from_subject(flat, words, subject, reported)
        pos = max(pos + 1, _past_givers(words, pos, found))
    bound = _before_modal(flat, words, begin) if reported else None
    return _by_subject(words, bound) if bound else Roles(act_start=_offset(words, begin))


def _closes_quote(words: Sequence[Word], at: int, stop: int) -> bool:
    """Whether a name only tells who spoke: "“Phải xong sớm”, ông A nhấn mạnh."."""
    if words[at - 1].text not in (",", "”", '"', "-", "–"):
        return False
    known = _lexicon()
    pos = _skip_between(words, stop)
    step = known.speech.match(words, pos) or known.orders.match(words, pos)
    return bool(step) and all(not word.text[0].isalnum() for word in words[pos + step :])


def _past_givers(words: Sequence[Word], at: int, found: AgentList) -> int:
    """The index after a list, or after its first name: "theo đề nghị của Sở A, Sở B | cấp …"."""
    if len(found.agents) < 2 or words[at - 1].lower != "của":
        return found.stop
    return next((k for k in range(found.stop) if words[k].start >= found.agents[0].end), found.stop)


def _before_modal(flat: str, words: Sequence[Word], start: int) -> _Subject | None:
    """The body right before "sẽ", "cần" or "phải", wherever it stands; a list before it aside."""
    for pos in range(start + 1, len(words)):
        if words[pos].lower not in ("sẽ", "cần", "phải"):
            continue
        for begin in range(max(start, pos - _NEAR), pos):
            named = words[begin].is_capital or words[begin].lower in ("các", "những")
            if not named or not is_name_start(words, begin):
                continue
            if _skip_between(words, read_name(words, begin)) in (pos, pos + 1):
                found = read_agents(flat, words, begin)
                return _Subject(found.agents, begin, pos)
    return None


def _is_condition(words: Sequence[Word], begin: int, subject: _Subject) -> bool:
    """Whether a subject only has something, in a clause of "nếu" or "trường hợp"."""
    opener = words[begin].lower if begin < len(words) else ""
    if opener not in ("nếu", "trường", "khi") or subject.stop >= len(words):
        return False
    return words[subject.stop].lower in ("có", "không", "chưa", "bị", "được")


def _given_work(flat: str, words: Sequence[Word], begin: int) -> _Subject | None:
    """ "Việc đôn đốc giao cho Văn phòng Sở", "Nội dung này do Sở Y tế chủ trì"."""
    if not _lexicon().works.match(words, begin):
        return None
    for pos in range(begin + 1, len(words)):
        if words[pos].text in (";", ":"):
            return None
        if words[pos].lower in ("do", "giao"):
            after = pos + 1 + (pos + 1 < len(words) and words[pos + 1].lower == "cho")
            found = read_agents(flat, words, after)
            acts = words[pos].lower == "giao" or _acts(words, found.stop)
            if found.agents and acts:
                return _Subject(found.agents, pos, found.stop)
    return None


def _may_order(words: Sequence[Word], at: int, fronted: bool) -> bool:
    """Whether a verb inside the clause can give an order: after a comma, "và" or the like."""
    if at == 0 or words[at - 1].text not in (",", ":", "và", "“", ")", "đồng", "thì"):
        return False
    verb = words[at].lower
    plain = verb in ("yêu", "giao") or (verb == "đề" and _plural(words, at + 2))
    return fronted or (plain and words[at - 1].text != "và")


def _plural(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].lower in ("các", "đồng", "những")


def _opens_clause(words: Sequence[Word], at: int, fronted: bool) -> bool:
    if at == 0 or words[at - 1].text == ":":
        return at > 0
    if words[at].is_capital and _lexicon().times.match(words, at - 1):
        return fronted or at <= 8
    if words[at - 1].lower == "thì" and words[at].is_capital:
        return True
    if fronted and words[at].lower == "các" and words[at - 1].lower in _MET:
        return True
    return fronted and words[at - 1].text in (",", "”", "“", ")", "thì", "rằng")


def _offset(words: Sequence[Word], at: int) -> int:
    return words[at].start if at < len(words) else words[-1].end


def _skip_connectives(words: Sequence[Word], at: int) -> int:
    known = _lexicon()
    while True:
        step = known.connectives.match(words, at)
        if not step:
            return at
        at += step
        while at < len(words) and words[at].text in (",", ":"):
            at += 1


def _skip_pronoun(words: Sequence[Word], at: int) -> int:
    """Past "Ông", "Đồng chí" without a name before an order: "Đồng chí yêu cầu tỉnh …"."""
    known = _lexicon()
    step = known.pronouns.match(words, at)
    after = _skip_between(words, at + step) if step else at
    return after if known.orders.match(words, after) else at


def _subject_at(flat: str, words: Sequence[Word], at: int) -> _Subject | None:
    """The list of agents that begins at `at`, when an act, a modal or a colon follows it."""
    if not is_name_start(words, at):
        return _place_at(flat, words, at)
    found = _marked_off(flat, words, read_agents(flat, words, at))
    if not found.agents:
        return None
    if words[found.stop - 1].lower in ("giao", "công") and _goes_on_small(words, found.stop - 2):
        return _stretched_subject(flat, words, at)
    stop = _skip_aside(flat, words, found.stop)
    if stop < len(words) and words[stop].lower in ("này", "đó"):
        stop += 1
    while stop < len(words) and words[stop].text == "," and _acts(words, stop + 1):
        stop += 1
    if stop < len(words) and (words[stop].text in (":", "-", "–") or _acts(words, stop)):
        return _Subject(found.agents, at, stop)
    if _acts_later(words, stop):
        return _Subject(found.agents, at, stop)
    return _stretched_subject(flat, words, at)


def _goes_on_small(words: Sequence[Word], at: int) -> bool:
    """Whether the word at `at` begins neither "Ngoại giao" nor "cấp công"."""
    return not words[at].is_capital and words[at].lower != "cấp"


def _marked_off(flat: str, words: Sequence[Word], found: AgentList) -> AgentList:
    """A collective with the clause that marks it off: "Các xã chưa báo cáo | khẩn trương …"."""
    if not found.agents or found.stop >= len(words):
        return found
    last = found.agents[-1]
    many = last.value.split(" ")[0].lower() in _MANY or last.value[0].isdigit()
    which = words[found.stop].lower == "nào"
    stop = _relative_stop(words, found.stop, sure=which) if many or which else found.stop
    if stop == found.stop:
        return found
    first = found.agents[0] if which else last
    kept = () if which else found.agents[:-1]
    end = words[stop - 1].end
    return AgentList((*kept, Agent(flat[first.start : end], first.start, end)), stop)


def _relative_stop(words: Sequence[Word], at: int, *, sure: bool) -> int:
    """The index after a relative clause at `at`, where an act or modal follows; else `at`.

    With `sure` only a modal ends it: "Xã nào để cháy rừng thì …".
    """
    known = _lexicon()
    pos = at
    if act_words(words, at) or known.commitment.match(words, at) > 1:
        return at
    sure = sure or words[at].lower == "để"
    while step := known.relatives.match(words, pos):
        pos += step
    if pos == at:
        return at
    acted = act_words(words, pos)
    pos += acted
    for stop in range(pos, min(len(words), at + _RELATIVE)):
        word = words[stop]
        if word.text in (",", ";", ".", ":", "("):
            break
        if known.sure_modals.match(words, stop) or word.lower in ("thì", "cần"):
            return stop
        if not sure and (act_words(words, stop) or word.lower == "tự"):
            return stop if stop > pos or acted else at
    return at


def _place_at(flat: str, words: Sequence[Word], at: int) -> _Subject | None:
    """A province that acts by its bare name: "Vĩnh Phúc phải chấn chỉnh …"."""
    step = place_names().match(words, at) if at < len(words) and words[at].is_capital else 0
    if not step or not _acts(words, at + step):
        return None
    begin, end = words[at].start, words[at + step - 1].end
    return _Subject((Agent(flat[begin:end], begin, end),), at, at + step)


def _acts_later(words: Sequence[Word], at: int) -> bool:
    """Whether an act follows a phrase of time or manner: "Cán bộ trong thi hành công vụ phải …"."""
    known = _lexicon()
    if not known.fronts.match(words, at) or words[at].is_capital:
        return False
    dated = False
    for pos in range(at + 1, min(len(words), at + _PHRASE)):
        if words[pos].text in (";", ":", "."):
            return False
        dated = dated or words[pos].text[0].isdigit()
        if known.sure_modals.match(words, pos) or words[pos].lower in ("cần", "sẽ"):
            return True
        if dated and act_words(words, pos):
            return True
    return False


def _skip_aside(flat: str, words: Sequence[Word], at: int) -> int:
    """Past ", nhất là các tỉnh A, B" after a name."""
    comma = at < len(words) and words[at].text == ","
    step = _lexicon().asides.match(words, at + comma)
    if not step:
        return at
    stop = read_agents(flat, words, at + comma + step).stop
    while stop < min(len(words), at + 30) and not _acts(words, stop):
        if words[stop].text == ";":
            return at
        stop += 1
    return stop


def _stretched_subject(flat: str, words: Sequence[Word], at: int) -> _Subject | None:
    """A long name that a sure modal or a colon ends: "Các cơ quan … có trách nhiệm"."""
    if words[at].lower not in _LONG_OPENERS and not words[at].text.isdigit():
        return None
    known = _lexicon()
    acted = relative = False
    for pos in range(at + 2, min(len(words), at + _LONGEST)):
        relative = relative or words[pos].lower == "được"
        ordered = not relative and known.orders.match(words, pos) > 0
        if ordered or words[pos].text in (";", ".", "“", "("):
            return None
        act = 0 if relative else act_words(words, pos)
        first = act >= 2 and words[at].lower == "các" and words[pos - 1].text != ","
        acted = acted or act > 0
        if first or known.sure_modals.match(words, pos) or (words[pos].text == ":" and not acted):
            begin, end = words[at].start, words[_without_tail(words, at, pos) - 1].end
            return _Subject((Agent(flat[begin:end], begin, end),), at, pos)
    return None


def _without_tail(words: Sequence[Word], start: int, stop: int) -> int:
    """The index after a name that other words part from its modal: "các xã | trong quá trình"."""
    for pos in range(start + 2, stop):
        if _lexicon().tails.match(words, pos):
            return pos
    return stop


def _acts(words: Sequence[Word], at: int) -> bool:
    known = _lexicon()
    return bool(
        act_words(words, at)
        or known.modals.match(words, at)
        or known.orders.match(words, at)
        or known.between.match(words, at)
    ) and not (at < len(words) and words[at].is_capital)


def _order_at(flat: str, words: Sequence[Word], at: int) -> _Order | None:
    """The order that begins at `at`, with the agents it names."""
    known = _lexicon()
    step = known.orders.match(words, at)
    if not step or (
        words[at].lower == "kiến" and at + 2 < len(words) and words[at + 2].lower == "của"
    ):
        return None
    after = at + step
    while after < len(words) and words[after].lower in _AFTER_ORDER:
        after += 1
    found = _marked_off(flat, words, read_agents(flat, words, after, expected=True))
    found = found if found.agents else _bare_name(flat, words, after)
    relayed = known.relayed.match(words, at) >= step
    if relayed and not found.agents and known.orders.match(words, after):
        return _order_at(flat, words, after)  # "đã chỉ đạo, yêu cầu các sở …"
    if not found.agents or found.stop >= len(words):
        return _Order(at, (), after, relayed)
    return _Order(at, found.agents, found.stop, relayed)


def _bare_name(flat: str, words: Sequence[Word], at: int) -> AgentList:
    """A proper name without a head that is told to act: "đề nghị Lai Châu thu hồi …"."""
    stop = at
    while stop < min(len(words), at + _BARE) and words[stop].is_capital:
        stop += 1
    if stop == at or not (act_words(words, stop) or _lexicon().sure_modals.match(words, stop)):
        return AgentList((), at)
    if name_lexicon().acts.match(words, at) or not words[at].text[-1].isalpha():
        return AgentList((), at)
    begin, end = words[at].start, words[stop - 1].end
    return AgentList((Agent(flat[begin:end], begin, end),), stop)


def _skip_between(words: Sequence[Word], at: int) -> int:
    known = _lexicon()
    while True:
        if known.orders.match(words, at) or known.speech.match(words, at):
            return at
        step = known.between.match(words, at)
        if not step and at < len(words) and words[at].text in (",", ":"):
            step = (
                1 if known.orders.match(words, at + 1) or known.between.match(words, at + 1) else 0
            )
        if not step:
            return at
        at += step


def _by_subject(words: Sequence[Word], subject: _Subject) -> Roles:
    pos = subject.stop
    while pos < len(words) and words[pos].text in (":", "-", "–", ","):
        pos += 1
    promised = bool(_lexicon().commitment.match(words, pos))
    return Roles(
        (), subject.agents, act_start=_offset(words, pos), promised=promised, rule="subject"
    )


def _others(
    flat: str, words: Sequence[Word], main: Roles
) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Coordinators and those who are reported to."""
    known = _lexicon()
    coordinators: list[Agent] = []
    reports: list[Agent] = []
    pos = 0
    while pos < len(words):
        if words[pos].lower not in known.followers:
            pos += 1
            continue
        step = known.coordination.match(words, pos)
        if step == 1 and pos and words[pos - 1].lower in _BESIDE:
            step = 0
        target = coordinators
        if not step:
            step = known.reporting.match(words, pos)
            target = reports
        if not step:
            pos += 1
            continue
        found = read_agents(flat, words, pos + step)
        taken = {agent.start for agent in (*main.assignees, *main.assigner)}
        target.extend(agent for agent in found.agents if agent.start not in taken)
        pos = max(pos + step, found.stop) if found.agents else pos + step
    return tuple(coordinators), tuple(reports)
