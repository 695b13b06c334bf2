"""Cutting a task unit into clauses, and saying which units go on with the task before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.extract.agents import act_words
from pipeline.extract.assignment import Roles, roles_of
from pipeline.extract.clause_starts import only_names, subject_starts
from pipeline.extract.phrases import bare_end, words_of
from pipeline.extract.wording import wording
from pipeline.record import Deadline
from pipeline.resources import lexicon

_DEPTH = re.compile(r"[;(“)”]")
_PURPOSE = re.compile(r"\W*(?:để|nhằm)\b[^,;]*,?\s*$", re.IGNORECASE)
_LATE = 40
"""Where a name stands too far on to be told what the clause opens with, in characters."""
_LONGEST_ROLE = 90
"""Within so many characters ends what a line says of the role of those whom it names."""
_SAID = 1000
"""Characters of a part that are looked at for words beside its times."""
_Within = Callable[[int, int], list[Deadline]]
_JOINT = re.compile(r"[,.]\s+|\s+và\s+|\s+đồng thời\s+")


class Clause(NamedTuple):
    """A part of a unit that is an act of its own: its span, agents and deadline."""

    start: int
    end: int
    roles: Roles
    deadline: Deadline | None


def _bare(flat: str, start: int, end: int) -> tuple[int, int]:
    while start < end and flat[start] in " ;":
        start += 1
    while end > start and flat[end - 1] == " ":
        end -= 1
    return start, end


def _segments(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a unit between semicolons that stand outside brackets and quotation marks."""
    closed = flat.find(")", start, end) >= 0
    brackets = closed or flat.find("(", start, end) >= 0
    if not brackets and flat.find(";", start, end) < 0:
        return [_bare(flat, start, end)]
    cuts, depth = [start], 0
    for found in _DEPTH.finditer(flat, start, end):
        mark = found.group()
        if mark == ";":
            cuts += [found.end()] * (depth == 0)
        else:
            depth = max(0, depth + (1 if mark in "(“" else -1))
    if len(cuts) == 1 and not brackets:
        return [_bare(flat, start, end)]
    marks = wording("inline_marks", 0).finditer(flat, start + 1, end) if closed else ()
    cuts = sorted({*cuts, *(found.end() for found in marks), end})
    parts: list[tuple[int, int]] = []
    for begin, stop in (_bare(flat, a, b) for a, b in pairwise(cuts)):
        if parts and (only_names(flat, *parts[-1]) or only_leads_in(flat, *parts[-1])):
            parts[-1] = (parts[-1][0], stop)
        elif stop > begin:
            parts.append((begin, stop))
    return parts


def _parts(flat: str, start: int, end: int, deadlines: Sequence[Deadline]) -> list[tuple[int, int]]:
    """The segments of a unit; one with two deadlines is cut before what the second is for."""
    parts: list[tuple[int, int]] = []
    within = _by_start(deadlines)
    for begin, stop in _by_subject(flat, _segments(flat, start, end)):
        inside = [due for due in within(begin, stop) if due.kind != "event"]
        for before, after in pairwise(sorted(inside, key=lambda due: due.start)):
            cut = _cut_between(flat, before.end, after.start)
            if (
                cut is not None
                and cut > begin
                and all(_says(flat, a, b, within) for a, b in ((begin, cut), (cut, stop)))
            ):
                parts.append(_bare(flat, begin, cut))
                begin = cut
        parts.append(_bare(flat, begin, stop))
    return parts


def _by_start(deadlines: Sequence[Deadline]) -> _Within:
    """Tells the deadlines that begin in a range, in the order in which they are given."""
    if not deadlines:
        return _nothing_within
    order = sorted(range(len(deadlines)), key=lambda at: deadlines[at].start)
    starts = [deadlines[at].start for at in order]

    def within(begin: int, stop: int) -> list[Deadline]:
        found = order[bisect_left(starts, begin) : bisect_left(starts, stop)]
        return [deadlines[at] for at in sorted(found)]

    return within


def _nothing_within(begin: int, stop: int) -> list[Deadline]:
    return []


def _says(flat: str, begin: int, stop: int, within: _Within) -> bool:
    """Whether a part says more than times ("định kỳ hằng quý, hằng năm") or a purpose, told from
    its first characters."""
    stop = min(stop, begin + _SAID)
    words = flat[begin:stop]
    if _PURPOSE.match(words):
        return False
    for due in within(begin, stop):
        words = words.replace(flat[due.start : due.end], " ")
    return bool(re.search(r"\w", re.sub(r"\([^)]*\)?|\bvà\b", " ", words)))


def _by_subject(flat: str, segments: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Segments cut at commas after which another body begins an act: "Sở A cấp thuốc, Sở B …"."""
    parts: list[tuple[int, int]] = []
    for begin, stop in segments:
        for cut in subject_starts(flat, begin, stop):
            parts.append(_bare(flat, begin, cut))
            begin = cut
        parts.append((begin, stop))
    return parts


def _cut_between(flat: str, start: int, end: int) -> int | None:
    """Where a new act begins between two deadlines: after the first comma or "và", if any."""
    found = _JOINT.search(flat, start, end + 1)
    return found.end() if found else None


def clauses_of(
    flat: str, start: int, end: int, deadlines: Sequence[Deadline], *, reported: bool = False
) -> list[Clause]:
    """The clauses of a unit that are tasks of their own: other assignees or another deadline.

    A part after ";" without either stays with the part before. `deadlines` are those of the unit.
    """
    clauses: list[Clause] = []
    within = _by_start(deadlines)
    for begin, stop in _parts(flat, start, end, deadlines):
        inside = within(begin, stop)
        clause = Clause(
            begin,
            stop,
            roles_of(flat, begin, stop, reported=reported),
            inside[0] if inside else None,
        )
        if clauses and _goes_on(flat, clauses[-1], clause):
            clauses[-1] = _joined(clauses[-1], clause)
        else:
            clauses.append(clause)
    return clauses


def _names(roles: Roles) -> frozenset[str]:
    return frozenset(agent.value.lower() for agent in roles.assignees)


def _goes_on(flat: str, before: Clause, clause: Clause) -> bool:
    if wording("inline_marks", 0).match(flat, clause.start - 1):
        return False
    if wording("answers", 0).match(flat, clause.start, clause.end):
        return True
    own = _names(clause.roles)
    if own and own != _names(before.roles) and not _names_late(flat, clause):
        return False
    if clause.deadline is None:
        if before.deadline is None or _is_front(before):
            return True
        words = words_of(flat, clause.start, clause.end)
        return not act_words(words, 0)
    if before.deadline is not None:
        return False
    return is_deadline_only(flat, clause) or bool(wording("results").match(flat, clause.start))


def _names_late(flat: str, clause: Clause) -> bool:
    """Whether a clause opens with an act and names somebody only further on."""
    words = words_of(flat, clause.start, clause.end)
    late = clause.roles.assignees[0].start - clause.start > _LATE
    return late and act_words(words, 0) > 0


def _is_front(clause: Clause) -> bool:
    """Whether the deadline stands before the act, and so holds for all that follows."""
    return clause.deadline is not None and clause.deadline.start - clause.start <= 12


def is_deadline_only(flat: str, clause: Clause) -> bool:
    """Whether the clause says no more than when ("hoàn thành trước ngày …")."""
    due = clause.deadline
    if due is None or clause.roles.assignees:
        return False
    rest = flat[clause.start : due.start] + flat[due.end : clause.end]
    return (
        bool(wording("deadline_only").match(flat, clause.start, clause.end))
        and len(rest.split()) <= 8
    )


def _joined(before: Clause, clause: Clause) -> Clause:
    roles = before.roles
    merged = Roles(
        assigner=roles.assigner,
        assignees=roles.assignees,
        coordinators=roles.coordinators + clause.roles.coordinators,
        reports=roles.reports + clause.roles.reports,
        act_start=roles.act_start,
        ordered=roles.ordered,
        promised=roles.promised,
        rule=roles.rule,
    )
    return Clause(before.start, clause.end, merged, before.deadline or clause.deadline)


def only_leads_in(flat: str, start: int, end: int) -> bool:
    """Whether words state no act of their own: "…, đề nghị:", "… làm các việc sau:"."""
    ends = flat.endswith(":", start, bare_end(flat, start, end))
    return ends and wording("pure_lead_in").match(flat, start, end) is not None


@cache
def _doer_lines() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = lexicon("assignment")["doer_lines"]
    return tuple((role, re.compile(pattern)) for role, pattern in table.items())


_BULLET = re.compile(r"\s*(?:[-–+•*]|\(?[a-zđ0-9]{1,2}[.)])?\s*")


def doer_line(flat: str, start: int, end: int) -> tuple[str, int] | None:
    """The role that a line names ("Đơn vị chủ trì: …") and where its words begin, or None."""
    if flat.find(":", start, end) < 0:
        return None
    bullet = _BULLET.match(flat, start, end)
    begin = bullet.end() if bullet else start
    lowered = flat[begin : min(end, begin + _LONGEST_ROLE)].lower()
    for role, pattern in _doer_lines():
        found = pattern.match(lowered)
        if found:
            return role, begin + found.end()
    return None
