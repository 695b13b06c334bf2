"""The subject of a clause: a list of agents with the act, modal or colon that follows it."""

from __future__ import annotations

from pipeline.extract.agent_lexicon import name_lexicon, place_names
from pipeline.extract.agents import (
    Agent,
    AgentList,
    act_words,
    is_name_start,
    read_agents,
    read_name,
)
from pipeline.extract.clause_words import (
    BINDING,
    PASSIVE,
    Subject,
    acts_at,
    clause_lexicon,
    goes_on_small,
    marks,
    skip_between,
)
from pipeline.extract.phrases import Words

_NEAR = 14
"""How far before a modal its subject may begin, in words."""
_LONGEST = 26
"""The longest name of one subject, in words."""
_PHRASE = 18
"""The longest phrase between a subject and its act, in words."""
_RELATIVE = 16
"""The longest words that mark off a collective: "chưa được kiểm tra đợt này"."""
_LONG_OPENERS = frozenset(("các", "những", "người", "tất", "mọi"))
_MANY_OF = frozenset(("các", "những"))
_MANY = _MANY_OF.union(("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"))


def subject_at(flat: str, words: Words, at: int) -> Subject | None:
    """The list of agents that begins at `at`, when an act, a modal or a colon follows it."""
    named = read_agents(flat, words, at)
    if not named.agents:
        return _place_at(flat, words, at)
    found = marked_off(flat, words, named)
    if words[found.stop - 1].lower in ("giao", "công") and goes_on_small(words, found.stop - 2):
        return _stretched_subject(flat, words, at, at + 2)
    if name_lexicon().open_heads.match(words, at) == found.stop - at:
        duty = _duty_after(words, found.stop)
        if duty:  # "Cơ quan | tiếp nhận hồ sơ có trách nhiệm …"
            begin, end = words.starts[at], words.end(duty - 1)
            return Subject((Agent(flat[begin:end], begin, end),), at, duty)
    stop = _skip_aside(flat, words, found.stop)
    if stop < len(words) and words[stop].lower in ("này", "đó"):
        stop += 1
    while stop < len(words) and words[stop].text == "," and acts_at(words, stop + 1):
        stop += 1
    if stop < len(words) and (words[stop].text in (":", "-", "–") or acts_at(words, stop)):
        return Subject(found.agents, at, stop)
    if _acts_later(words, stop):
        return Subject(found.agents, at, stop)
    return _stretched_subject(flat, words, at, found.stop)


def _duty_after(words: Words, at: int) -> int:
    """The index of a sure modal behind an act at `at`, with nobody else between; 0 without one."""
    if not act_words(words, at):
        return 0
    known = clause_lexicon()
    for pos in range(at + 1, min(len(words), at + _PHRASE)):
        if words[pos].text in ";.:(“" or words[pos].lower in _MANY:
            return 0
        if known.sure_modals.match(words, pos):
            return pos if words[pos - 1].text != "," else 0
    return 0


def marked_off(flat: str, words: Words, found: AgentList) -> AgentList:
    """A collective with the clause that marks it off: "Các xã chưa báo cáo | khẩn trương …"."""
    if not found.agents or found.stop >= len(words):
        return found
    if not clause_lexicon().relatives.match(words, found.stop):
        return found
    last = found.agents[-1]
    parts = last.value.lower().split(" ")
    many = parts[0] in _MANY or any(part.isdigit() for part in parts[:-1])
    which = words[found.stop].lower == "nào"
    stop = _relative_stop(words, found.stop, sure=which) if many or which else found.stop
    if stop == found.stop:
        return found
    first = found.agents[0] if which else last
    kept = () if which else found.agents[:-1]
    end = words.end(stop - 1)
    return AgentList((*kept, Agent(flat[first.start : end], first.start, end)), stop)


def _relative_stop(words: Words, at: int, *, sure: bool) -> int:
    """The index after a relative clause at `at`, where an act or modal follows; else `at`.

    With `sure` only a modal ends it: "Xã nào để cháy rừng thì …".
    """
    known = clause_lexicon()
    pos = at
    marked = known.relatives.match(words, at) > act_words(words, at) > 0  # "đi làm xa"
    if (act_words(words, at) and not marked) or known.commitment.match(words, at) > 1:
        return at
    sure = sure or words[at].lower == "để"
    while step := known.relatives.match(words, pos):
        pos += step
    if pos == at:
        return at
    acted = act_words(words, pos) if not marked else 0
    pos += acted
    for stop in range(pos, min(len(words), at + _RELATIVE)):
        word = words[stop]
        if word.text in (",", ";", ".", ":", "("):
            break
        if known.sure_modals.match(words, stop) or word.lower in ("thì", "cần"):
            return stop
        if not sure and (act_words(words, stop) or word.lower == "tự"):
            return stop if stop > pos or acted or marked else at
    return at


def _place_at(flat: str, words: Words, at: int) -> Subject | None:
    """A province that acts by its bare name: "Vĩnh Phúc phải chấn chỉnh …"."""
    step = place_names().match(words, at) if at < len(words) and words[at].is_capital else 0
    if not step or not acts_at(words, at + step):
        return None
    begin, end = words.starts[at], words.end(at + step - 1)
    return Subject((Agent(flat[begin:end], begin, end),), at, at + step)


def _acts_later(words: Words, at: int) -> bool:
    """Whether an act follows a phrase of time or manner: "Cán bộ trong thi hành công vụ phải …"."""
    known = clause_lexicon()
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


def _skip_aside(flat: str, words: Words, at: int) -> int:
    """Past ", nhất là các tỉnh A, B" after a name."""
    comma = at < len(words) and words[at].text == ","
    step = clause_lexicon().asides.match(words, at + comma)
    if not step:
        return at
    stop = read_agents(flat, words, at + comma + step).stop
    while stop < min(len(words), at + 30) and not acts_at(words, stop):
        if words[stop].text == ";":
            return at
        stop += 1
    return stop


def _stretched_subject(flat: str, words: Words, at: int, beyond: int) -> Subject | None:
    """A long name that a sure modal or a colon ends: "Các cơ quan … có trách nhiệm".

    `beyond` is the index after what surely belongs to it.
    """
    if words[at].lower not in _LONG_OPENERS and not words[at].text.isdigit():
        return None
    known = clause_lexicon()
    acted = relative = False
    for pos in range(max(at + 2, beyond), min(len(words), at + _LONGEST)):
        relative = relative or words[pos].lower == "được"
        ordered = not relative and known.orders.match(words, pos) > 0
        if ordered or words[pos].text in (";", ".", "“", "("):
            return None
        act = 0 if relative else act_words(words, pos)
        first = act >= 2 and words[at].lower == "các" and words[pos - 1].text != ","
        acted = acted or act > 0
        if first or known.sure_modals.match(words, pos) or (words[pos].text == ":" and not acted):
            begin, end = words.starts[at], words.end(_without_tail(words, at, pos) - 1)
            return Subject((Agent(flat[begin:end], begin, end),), at, pos)
    return None


def _without_tail(words: Words, start: int, stop: int) -> int:
    """The index after a name that other words part from its modal: "các xã | trong quá trình"."""
    for pos in range(start + 2, stop):
        if clause_lexicon().tails.match(words, pos):
            return pos
    return stop


def answerable(flat: str, words: Words, subject: Subject) -> Subject:
    """ "Nơi nào chậm thì đồng chí Chủ tịch xã phải …": who is named next acts, not the place."""
    mark = words[subject.stop].text if subject.stop < len(words) else ""
    if mark not in ("thì", ":"):
        return subject
    named = subject_at(flat, words, subject.stop + 1)
    person = name_lexicon().honorifics.match(words, subject.stop + 1) > 0
    return named if named is not None and (person or mark == "thì") else subject


def towards(flat: str, words: Words, at: int) -> Subject | None:
    """ "Đối với Sở Y tế: …" names who is to act."""
    if at + 2 >= len(words) or (words[at].lower, words[at + 1].lower) != ("đối", "với"):
        return None
    found = read_agents(flat, words, at + 2)
    if found.agents and found.stop < len(words) and words[found.stop].text == ":":
        return Subject(found.agents, at, found.stop)
    return None


def before_modal(flat: str, words: Words, start: int) -> Subject | None:
    """The body right before "sẽ", "cần" or "phải", wherever it stands; a list before it aside."""
    for pos in marks(words, BINDING):
        for begin in range(max(start, pos - _NEAR), pos):
            if not words[begin].is_capital and words.low[begin] not in _MANY_OF:
                continue
            aside = begin > 0 and words.low[begin - 1] == "mà"  # "những việc mà các xã phải làm"
            if aside or not is_name_start(words, begin):
                continue
            if skip_between(words, read_name(words, begin)) in (pos, pos + 1):
                found = read_agents(flat, words, begin)
                return Subject(found.agents, begin, pos)
    return None


def is_condition(words: Words, begin: int, subject: Subject) -> bool:
    """Whether a subject only has something, in a clause of "nếu" or "trường hợp"."""
    opener = words[begin].lower if begin < len(words) else ""
    if opener not in ("nếu", "trường", "khi") or subject.stop >= len(words):
        return False
    commas = [k for k in range(begin, len(words)) if words[k].text == ","]
    if opener != "khi" and commas and commas[0] >= subject.stop:
        return True  # "Nếu hợp tác xã còn vi phạm, chi cục sẽ …"
    if clause_lexicon().duties.match(words, subject.stop):
        return False
    return words[subject.stop].lower in ("có", "không", "chưa", "bị", "được")


def given_work(flat: str, words: Words, begin: int) -> Subject | None:
    """ "Việc đôn đốc giao cho Văn phòng Sở", "Nội dung này do Sở Y tế chủ trì"."""
    if not clause_lexicon().works.match(words, begin):
        return None
    for pos in range(begin + 1, len(words)):
        if words[pos].text in (";", ":"):
            return None
        if words[pos].lower in ("do", "giao"):
            after = pos + 1 + (pos + 1 < len(words) and words[pos + 1].lower == "cho")
            found = read_agents(flat, words, after)
            acts = words[pos].lower == "giao" or acts_at(words, found.stop)
            if found.agents and acts:
                return Subject(found.agents, pos, found.stop)
    return None


def urged(flat: str, words: Words, start: int) -> Subject | None:
    """ "Tồn tại này cần được thủ trưởng cơ quan kịp thời chấn chỉnh": who the passive names."""
    for pos in marks(words, PASSIVE):
        if pos <= start or words.low[pos - 1] not in BINDING:
            continue
        found = read_agents(flat, words, pos + 1)
        if found.agents and acts_at(words, found.stop):
            return Subject(found.agents, pos, found.stop)
    return None
