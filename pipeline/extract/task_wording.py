"""Words that make a task of a unit whose label is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipeline.extract.agents import Agent, act_words
from pipeline.extract.assignment import Roles, roles_of
from pipeline.extract.clause_words import acts_at, clause_lexicon, marks
from pipeline.extract.commitments import is_promise
from pipeline.extract.orders import order_at
from pipeline.extract.phrases import Phrases, places, small, split_list, words_of
from pipeline.extract.wording import wording
from pipeline.record import Deadline
from pipeline.resources import lexicon
from pipeline.structure.draft import Unit


def is_ordered(roles: Roles) -> bool:
    """Whether a clause orders somebody; who only speaks orders nobody."""
    return roles.ordered and roles.rule != "says"


def tells_of_task(flat: str, unit: Unit) -> bool:
    """Whether a sentence of news orders a body, or says that one promises to act."""
    promise = is_promise(flat[unit.start : unit.end])
    if not promise and not _orders_somebody(flat, unit):
        return False
    roles = roles_of(flat, unit.start, unit.end, reported=True)
    return bool(roles.assignees) and (is_ordered(roles) or (roles.promised and promise))


def _orders_somebody(flat: str, unit: Unit) -> bool:
    """Whether a verb of order stands anywhere in a unit with a body right behind it."""
    if not may_order(small(flat)[unit.start : unit.end]):
        return False
    words = words_of(flat, unit.start, unit.end)
    verbs = marks(words, clause_lexicon().orders.first_words)
    orders = (order_at(flat, words, pos) for pos in verbs)
    return any(order is not None and order.agents for order in orders)


def may_order(low: str) -> bool:
    """Whether the letters of a verb of order stand in words in small letters.

    It is told sooner that none does than the words are read.
    """
    if "  " in low or "_" in low or not low.isprintable():
        low = " ".join(low.replace("_", " ").split())
    return any(verb in low for verb in _verbs_of_order())


@cache
def _verbs_of_order() -> list[str]:
    """Verbs of order of which each one holds at least one, in the order of the table."""
    verbs = split_list(lexicon("assignment")["orders"])
    return [verb for verb in verbs if not any(o != verb and o in verb for o in verbs)]


def opens_with_act(flat: str, start: int, end: int) -> bool:
    """Whether the first word of `flat[start:end]` begins an act ("Rà soát …")."""
    words = words_of(flat, start, end)
    first = next((k for k, word in enumerate(words) if word.text[0].isalpha()), 0)
    return act_words(words, first) > 0


def begins_with_time(flat: str, unit: Unit, deadlines: Sequence[Deadline]) -> bool:
    """Whether a unit opens with the time of the act that follows: "Đến năm 2030, xây dựng …"."""
    return any(
        opens(deadline, unit) and opens_with_act(flat, deadline.end, unit.end)
        for deadline in deadlines
    )


def opens(deadline: Deadline, unit: Unit) -> bool:
    """Whether a unit begins with a time."""
    return deadline.kind != "event" and deadline.start - max(unit.start, unit.words_start) <= 2


def binds_somebody(flat: str, unit: Unit, *, timed: bool, likely: bool) -> bool:
    """Whether a unit orders a body, or says of one that it must act or, if `timed`, when.

    If it is `likely` a task, an act of a body is enough, but for "… thông báo để các xã biết".
    """
    roles = roles_of(flat, unit.start, unit.end)
    if not roles.assignees or is_ordered(roles):
        told = flat[roles.act_start : unit.end]
        return bool(roles.assignees) and any(map(str.isalnum, told))  # "… giao cho Công an xã."
    bound = roles.rule != "says" and wording("binds").match(flat, roles.act_start, unit.end)
    if timed or bound is not None:
        return True
    acts = likely and roles.rule == "subject" and opens_with_act(flat, roles.act_start, unit.end)
    return acts and not wording("informs").search(flat, roles.act_start, unit.end)


def issues_document(flat: str, unit: Unit) -> Agent | None:
    """The body that a sentence says to issue a document, if it says that right behind its name."""
    if not wording("issues").search(flat, unit.start, unit.end):
        return None
    roles = roles_of(flat, unit.start, unit.end)
    if roles.rule != "subject" or len(roles.assignees) != 1:
        return None
    return roles.assignees[0] if wording("issues").match(flat, roles.act_start, unit.end) else None


def order_within(flat: str, unit: Unit) -> int | None:
    """Where a plain order begins that a sentence ends in: "… hoan nghênh và | giao Sở A …"."""
    orders, joints = _plain_orders()
    low = small(flat)
    if all(low.find(word, unit.start, unit.end) < 0 for word in orders.first_words):
        return None
    words = words_of(flat, unit.start, unit.end)
    for pos in places(words.low, orders.first_words):
        if not orders.match(words, pos) or not joints.ends(words, pos):
            continue
        order = order_at(flat, words, pos)
        if order is not None and order.agents and acts_at(words, order.stop):
            return words.starts[pos]
    return None


@cache
def _plain_orders() -> tuple[Phrases, Phrases]:
    table = lexicon("assignment")
    return Phrases(split_list(table["plain_orders"])), Phrases(split_list(table["before_order"]))


def must_act(flat: str, roles: Roles, end: int) -> bool:
    """Whether a clause that ends at `end` says of a body that it has to act: "tỉnh cần …"."""
    told = roles.rule == "subject" and bool(roles.assignees)
    return told and wording("must").match(flat, roles.act_start, end) is not None
