"""Who is meant where an item names nobody: lead-ins, assignee headings and items above it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipeline.extract.agents import Agent, is_name_start, read_agents
from pipeline.extract.clause_words import acts_at
from pipeline.extract.phrases import bare_end, split_list, words_of
from pipeline.extract.wording import wording
from pipeline.record import Deadline
from pipeline.resources import lexicon

_RANKS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (1, re.compile(r"(?:Điều|Mục|Phần|Chương|Khoản thứ) \w+", re.IGNORECASE)),
    (2, re.compile(r"[IVX]+(?:[.)/-]|$)")),
    (3, re.compile(r"[A-ZĐ](?:[.)/]|$)")),
    (7, re.compile(r"\d+\.\d+\.\d+\.\d+\.?$")),
    (6, re.compile(r"\d+\.\d+\.\d+\.?$")),
    (5, re.compile(r"\d+\.\d+\.?$")),
    (9, re.compile(r"\(\d+\)$")),
    (4.5, re.compile(r"\d+\)$")),
    (4, re.compile(r"\d+(?:[./]| ?[-–])?$")),
    (8, re.compile(r"\(?[a-zđ]\d?[.)]$")),
    (10, re.compile(r"[-–—]")),
    (11, re.compile(r"\+")),
)
_OTHER_BULLET = 12.0
_TOP = 1.5
_LONGEST = 30
_PAIRED = 4
"""Words after a name that may still be its second half: "Phòng Quản lý A và B"."""


@dataclass(slots=True)
class Frame:
    """An open heading, lead-in or item, with the agents it names for what stands below it."""

    rank: float
    agents: tuple[Agent, ...] = ()
    assigner: tuple[Agent, ...] = ()
    coordinators: tuple[Agent, ...] = ()
    deadline: Deadline | None = None
    promised: bool = False
    """Whether its agents announce what they will do themselves."""


@dataclass(slots=True)
class Outline:
    """The open frames, outermost first."""

    frames: list[Frame] = field(default_factory=lambda: [Frame(0)])

    def open(
        self,
        rank: float,
        agents: tuple[Agent, ...] = (),
        assigner: tuple[Agent, ...] = (),
        coordinators: tuple[Agent, ...] = (),
        deadline: Deadline | None = None,
    ) -> None:
        """Open a heading or item; those of the same rank and below it are closed."""
        while self.frames and self.frames[-1].rank >= rank:
            self.frames.pop()
        self.frames.append(Frame(rank, agents, assigner, coordinators, deadline))

    def agents(self) -> tuple[Agent, ...]:
        """The agents of the innermost frame that names any."""
        return next((frame.agents for frame in reversed(self.frames) if frame.agents), ())

    def promised(self) -> bool:
        """Whether the innermost frame that names agents announces their own acts."""
        return next((frame.promised for frame in reversed(self.frames) if frame.agents), False)

    def coordinators(self) -> tuple[Agent, ...]:
        """Those who work along with the agents of the innermost frame that names any."""
        return next((frame.coordinators for frame in reversed(self.frames) if frame.agents), ())

    def deadline(self) -> Deadline | None:
        """The deadline that the innermost lead-in with one sets for its list."""
        return next((frame.deadline for frame in reversed(self.frames) if frame.deadline), None)

    def assigner(self) -> tuple[Agent, ...]:
        """Who gives the order, from the innermost frame that says so."""
        return next((frame.assigner for frame in reversed(self.frames) if frame.assigner), ())


def rank_of(marker: str | None) -> float | None:
    """How deep a printed marker stands, 1 the highest; None without one.

    >>> rank_of("II.") < rank_of("3.") < rank_of("a)") < rank_of("-")
    True
    """
    return _rank_of(marker.strip()) if marker else None


@lru_cache(maxsize=4096)
def _rank_of(words: str) -> float | None:
    if not words:
        return None
    return next((rank for rank, pattern in _RANKS if pattern.match(words)), _OTHER_BULLET)


def lead_in_rank(following: str | None, title: str = "") -> float:
    """The rank of a lead-in or heading without marker: just above what follows it."""
    letters = [char for char in title if char.isalpha()]
    if letters and sum(map(str.isupper, letters)) > 0.8 * len(letters):
        return _TOP
    return (rank_of(following) or _OTHER_BULLET) - 0.25


def announces_list(low: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Whether `low[start:end]` ends in what announces a list: "như sau:", "cụ thể.".

    `low` is in small letters.
    """
    ends = _ends_of_lead_in()
    end = bare_end(low, start, min(end, len(low)))
    if start < end and low[end - 1] in ".;":
        end = bare_end(low, start, end - 1)
    return low.endswith(ends, start, end)


@cache
def _ends_of_lead_in() -> tuple[str, ...]:
    return tuple(split_list(lexicon("assignment")["lead_in_ends"]))


def heading_agents(flat: str, start: int, end: int, *, lead_in: bool = False) -> tuple[Agent, ...]:
    """The agents of a heading that only names who acts ("4. Sở Y tế:", "Đối với UBND các xã").

    A long title counts as a name where it begins like one; a `lead_in` is a sentence and does not.
    """
    lead = wording("heading_lead").match(flat, start, end)
    begin = lead.end() if lead else start
    words = words_of(flat, begin, end)
    found = read_agents(flat, words, 0)
    rest = [word for word in words[found.stop :] if word.text[0].isalnum()]
    if found.agents and len(rest) <= 1:
        return found.agents
    if not words or lead_in:
        return ()
    towards = next((k for k in range(len(words) - 2, 0, -1) if words[k].lower == "đối"), 0)
    if towards and words[towards + 1].lower == "với":
        return read_agents(flat, words, towards + 2, expected=True).agents
    if not is_name_start(words, 0) or len(words) > _LONGEST:
        return ()
    paired = bool(found.agents) and words[found.stop].lower == "và" and len(rest) <= _PAIRED
    many = words[0].lower in ("các", "những")
    if not many and words[-1].text != ":" and not paired:
        return ()
    if not many and found.agents and acts_at(words, found.stop):
        return found.agents  # "Sở A chủ trì, phối hợp với Sở B có trách nhiệm:"
    return _whole_title(flat, begin, words.starts[-1] if words[-1].text in ":.;" else end)


def _whole_title(flat: str, start: int, end: int) -> tuple[Agent, ...]:
    """The parts of a title between semicolons, as agents."""
    agents = []
    for part in re.finditer(r"[^;\s](?:[^;]*[^;\s])?", flat[start:end]):
        begin = start + part.start()
        agents.append(Agent(part.group(), begin, begin + len(part.group())))
    return tuple(agents)
