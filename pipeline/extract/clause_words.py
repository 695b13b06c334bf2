"""The words that shape a clause of an order: who speaks, what binds, what stands between."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from pipeline.extract.agent_lexicon import name_lexicon
from pipeline.extract.agents import Agent, act_words
from pipeline.extract.phrases import Phrases, Words, places, split_list
from pipeline.resources import lexicon

MET = frozenset(("mắc", "khăn", "sinh", "thiết", "đề"))
"""Last words of "nếu có khó khăn, vướng mắc | các đơn vị báo cáo …"."""

PASSIVE = frozenset(("được",))
BINDING = frozenset(("sẽ", "cần", "phải"))
_BOUND = BINDING.union(("đang", ":"))


@dataclass(frozen=True)
class ClauseLexicon:
    """The phrases of models/lexicons/assignment.yaml that are matched on words."""

    orders: Phrases
    relayed: Phrases
    between: Phrases
    modals: Phrases
    commitment: Phrases
    speech: Phrases
    connectives: Phrases
    compounds: Phrases
    fronts: Phrases
    works: Phrases
    asides: Phrases
    sure_modals: Phrases
    times: Phrases
    praise: Phrases
    relatives: Phrases
    pronouns: Phrases
    tails: Phrases
    duties: Phrases

    @cached_property
    def followers(self) -> frozenset[str]:
        """The words that open a coordination or a report."""
        return self.coordination.first_words | self.reporting.first_words

    @cached_property
    def openers(self) -> frozenset[str]:
        """The words that open a name or an order."""
        return name_lexicon().openers | self.orders.first_words

    @cached_property
    def tellers(self) -> frozenset[str]:
        """The words that open an order or a speech."""
        return self.orders.first_words | self.speech.first_words

    @cached_property
    def before_subject(self) -> frozenset[str]:
        """The words and marks after which a subject may begin inside a clause."""
        return MET.union((":", "thì", ",", "”", "“", ")", "rằng"), self.times.first_words)

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that open an order or a speech, or that a subject may follow."""
        return self.tellers | self.before_subject

    @cached_property
    def marking(self) -> frozenset[str]:
        """All words that clauses are searched for, told of the words of a clause at once."""
        return self.telling.union(self.followers, PASSIVE, BINDING)

    @cached_property
    def before_names(self) -> frozenset[str]:
        """The last words before the names of those who act, and a colon."""
        ends = (self.orders, self.relayed, self.coordination)
        return frozenset(":").union(*(phrases.last_words for phrases in ends))

    coordination: Phrases
    reporting: Phrases
    governing: Phrases
    """Words that a name behind them belongs to: "của Chính phủ"."""


@cache
def clause_lexicon() -> ClauseLexicon:
    """The lexicon, loaded once."""
    table = lexicon("assignment")
    names = (
        "orders",
        "relayed",
        "between",
        "modals",
        "commitment",
        "speech",
        "connectives",
        "compounds",
        "fronts",
        "works",
        "asides",
        "sure_modals",
        "times",
        "praise",
        "relatives",
        "pronouns",
        "tails",
        "duties",
        "coordination",
        "reporting",
        "governing",
    )
    return ClauseLexicon(**{name: Phrases(split_list(table[name])) for name in names})


def marks(words: Words, known: Set[str]) -> list[int]:
    """The indices of the words that are known ones, of those that mark a clause."""
    low = words.low
    if words.marks is None:
        words.marks = places(low, clause_lexicon().marking)
    return [at for at in words.marks if low[at] in known]


class Subject(NamedTuple):
    """A list of agents followed by what they do."""

    agents: tuple[Agent, ...]
    begin: int
    stop: int


def is_bound(words: Words, at: int) -> bool:
    """Whether a subject itself is bound to act: "cần", "phải", "sẽ"."""
    return not _BOUND.isdisjoint(words.low[at : at + 6])


def ends_clause(words: Words, at: int) -> bool:
    """Whether nothing of the clause follows at `at` but a colon, a stop or a quotation."""
    return at >= len(words) or words[at - 1].text == ":" or words[at].text in (":", ".", "“", '"')


def offset_at(words: Words, at: int) -> int:
    """Where the word at `at` begins in the text; the end of the last word past them."""
    return words.starts[at] if at < len(words) else words.end(-1)


def skip_connectives(words: Words, at: int) -> int:
    """The index after "đồng thời", "ngoài ra," and the like at `at`."""
    known = clause_lexicon()
    while True:
        step = known.connectives.match(words, at)
        if not step or known.compounds.match(words, at):
            return at
        at += step
        while at < len(words) and words[at].text in (",", ":"):
            at += 1


def skip_pronoun(words: Words, at: int) -> int:
    """Past "Ông", "Đồng chí" without a name before an order: "Đồng chí yêu cầu tỉnh …"."""
    known = clause_lexicon()
    step = known.pronouns.match(words, at)
    after = skip_between(words, at + step) if step else at
    return after if step and known.orders.match(words, after) else at


def goes_on_small(words: Words, at: int) -> bool:
    """Whether the word at `at` begins neither "Ngoại giao" nor "cấp công"."""
    return not words[at].is_capital and words[at].lower != "cấp"


def acts_at(words: Words, at: int) -> bool:
    """Whether an act, a modal or an order begins at `at`."""
    known = clause_lexicon()
    return bool(
        act_words(words, at)
        or known.modals.match(words, at)
        or known.orders.match(words, at)
        or known.between.match(words, at)
    ) and not (at < len(words) and words[at].is_capital)


def skip_between(words: Words, at: int) -> int:
    """The index after what may stand between a subject and its verb ("cũng đã"), from `at`."""
    known = clause_lexicon()
    while at < len(words):
        lower = words[at].lower
        told = lower in known.tellers
        if told and (known.orders.match(words, at) or known.speech.match(words, at)):
            return at
        step = known.between.match(words, at) if lower in known.between.first_words else 0
        if not step and lower in (",", ":"):
            step = (
                1 if known.orders.match(words, at + 1) or known.between.match(words, at + 1) else 0
            )
        if not step:
            return at
        at += step
    return at
