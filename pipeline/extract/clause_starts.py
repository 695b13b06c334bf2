"""Where a clause of its own begins in a unit, and where a list of those told only goes on."""

from __future__ import annotations

from pipeline.extract.agents import act_words, is_name_start, read_agents
from pipeline.extract.assignment import ITEM_MARKER, main_roles
from pipeline.extract.clause_words import clause_lexicon, marks
from pipeline.extract.phrases import Words, places, words_of
from pipeline.extract.subjects import subject_at

_COMMA = frozenset(",")


def only_names(flat: str, start: int, end: int) -> bool:
    """Whether a part before ";" ends in a list of agents that goes on after it, without an act.

    "Yêu cầu Giám đốc các sở; Chủ tịch UBND các xã …" is one clause.
    """
    marker = ITEM_MARKER.match(flat, start, end)
    words = words_of(flat, marker.end() if marker else start, end)
    for pos in _list_starts(words):
        if is_name_start(words, pos):
            stop = read_agents(flat, words, pos).stop
            if all(not word.text[0].isalnum() for word in words[stop:]):
                return True
    return False


def _list_starts(words: Words) -> list[int]:
    """Where names are those who act: at the front, after an order, "phối hợp với" or ":"."""
    known = clause_lexicon()
    phrases = (known.orders, known.relayed, known.coordination)
    return [0] + [
        at + 1
        for at in places(words.low, known.before_names)
        if words.low[at] == ":" or any(phrase.ends(words, at + 1) for phrase in phrases)
    ]


def subject_starts(flat: str, start: int, end: int) -> list[int]:
    """Offsets after a comma where a further body begins an act of its own.

    Only in a clause that opens with a body or tells one what to do ("Về kho: Sở A …", "đề nghị Sở
    A …"): after "Để kịp mùa mưa, UBND các xã …" there is one act.
    """
    if flat.find(",", start, end) < 0:
        return []
    marker = ITEM_MARKER.match(flat, start, end)
    words = words_of(flat, marker.end() if marker else start, end)
    size = len(words)
    behind = [at + 1 for at in marks(words, _COMMA) if at + 1 < size]
    named = [pos for pos in behind if words[pos].is_capital and is_name_start(words, pos)]
    orders = clause_lexicon().orders
    named = [pos for pos in named if not orders.ends(words, pos - 1)]  # "Sở yêu cầu, Phòng A …"
    acting = [pos for pos in named if _acts(flat, words, pos)]
    starts: list[int] = []
    pos = _past_first(flat, words) if acting else len(words)
    while acting and pos <= acting[-1]:
        if not is_name_start(words, pos):
            pos += 1
            continue
        if pos in acting:
            starts.append(words.starts[pos])
        pos = max(pos + 1, read_agents(flat, words, pos).stop)
    return starts


def _acts(flat: str, words: Words, at: int) -> bool:
    """Whether the body that is named at `at` begins an act."""
    subject = subject_at(flat, words, at)
    return subject is not None and act_words(words, subject.stop) > 0


def _past_first(flat: str, words: Words) -> int:
    """The index after the first body of a clause and what tells it to act; past all if none is."""
    first = subject_at(flat, words, 0)
    if first is not None:
        return first.stop
    main = main_roles(flat, words, True)
    told = main.rule in ("order", "giver", "subject-orders")
    if main.assignees and (told or _is_titled(flat, main.assignees[0].start)):
        return next((k for k, at in enumerate(words.starts) if at >= main.act_start), len(words))
    return len(words)


def _is_titled(flat: str, at: int) -> bool:
    """Whether what stands at `at` follows the title of a matter: "Về hồ sơ trễ: Sở A …"."""
    return flat[max(0, at - 2) : at].rstrip().endswith(":")
