"""Who is meant where an item names nobody: lead-ins, assignee headings and items above, by marker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.phrases import words_of

_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("article", re.compile(r"Điều \d+", re.IGNORECASE)),
    ("roman", re.compile(r"[IVXLC]+[.)/-]?$")),
    ("capital", re.compile(r"[A-ZĐ][.)/]?$")),
    ("dotted-4", re.compile(r"\d+\.\d+\.\d+\.\d+\.?$")),
    ("dotted-3", re.compile(r"\d+\.\d+\.\d+\.?$")),
    ("dotted-2", re.compile(r"\d+\.\d+\.?$")),
    ("number-bracketed", re.compile(r"\(\d+\)$")),
    ("number-bracket", re.compile(r"\d+\)$")),
    ("number", re.compile(r"\d+[./]?$")),
    ("letter", re.compile(r"\(?[a-zđ]\d?[.)]$")),
)
_HEADING = re.compile(
    r"\s*(?:[-–+•*]|\(?[a-zđ0-9]{1,2}[.)]|[IVX]+[.)]|\d{1,2}(?:\.\d{1,2}){0,3}\.?|điều \d+\.?)?\s*"
    r"(?:(?:trách nhiệm|nhiệm vụ|phần việc|kiến nghị|đề nghị|yêu cầu|giao|đối với|về phía|phía|riêng|của|với|cho|đồng chí|"
    r"nhiệm vụ của|kiến nghị xử lý)\s+)*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Frame:
    """A heading, lead-in or item that is open, with the agents it names for what stands below it."""

    style: str
    agents: tuple[Agent, ...] = ()
    assigner: tuple[Agent, ...] = ()


@dataclass(slots=True)
class Outline:
    """The open frames, outermost first."""

    frames: list[Frame] = field(default_factory=list)

    def open(
        self, style: str, agents: tuple[Agent, ...] = (), assigner: tuple[Agent, ...] = ()
    ) -> None:
        """Open an item or heading; those of the same style and below it are closed."""
        self.close(style)
        self.frames.append(Frame(style, agents, assigner))

    def close(self, style: str) -> None:
        """Close the frame of this style and all below it."""
        for index, frame in enumerate(self.frames):
            if frame.style == style:
                del self.frames[index:]
                return

    def holds(self, style: str) -> bool:
        """Whether an item of this style is open."""
        return any(frame.style == style for frame in self.frames)

    def agents(self) -> tuple[Agent, ...]:
        """The agents of the innermost frame that names any."""
        return next((frame.agents for frame in reversed(self.frames) if frame.agents), ())

    def assigner(self) -> tuple[Agent, ...]:
        """Who gives the order, from the innermost frame that says so."""
        return next((frame.assigner for frame in reversed(self.frames) if frame.assigner), ())


def style_of(marker: str | None) -> str:
    """The style of a printed marker: "number", "letter", "roman" ...; a bullet by its sign; "" for none."""
    if not marker:
        return ""
    words = marker.strip()
    for name, pattern in _STYLES:
        if pattern.match(words):
            return name
    return f"bullet {words[0]}"


def heading_agents(flat: str, start: int, end: int) -> tuple[Agent, ...]:
    """The agents of a heading that only names who acts ("4. Sở Y tế:", "Trách nhiệm của UBND các xã")."""
    lead = _HEADING.match(flat, start, end)
    words = words_of(flat, lead.end() if lead else start, end)
    found = read_agents(flat, words, 0)
    rest = [word for word in words[found.stop :] if word.text[0].isalnum()]
    return found.agents if len(rest) <= 1 else ()


def lead_in_depth(outline: Outline, following: Sequence[str]) -> str | None:
    """The open style that the items after a lead-in continue, or None when they open a new one."""
    return next((style for style in following[:1] if style and outline.holds(style)), None)
