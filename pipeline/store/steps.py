"""The steps in which a query is answered: one a tier, each without what those before it found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.store.filters import Selection
from pipeline.store.plan import Tier, tiers
from pipeline.store.problems import query_error
from pipeline.store.query import Expression, Group, Query, Term, number_query


@dataclass(frozen=True, slots=True)
class Step:
    """A tier and what it selects, the tiers before it left out."""

    tier: Tier | None
    selection: Selection
    name: str


def steps_of(query: Query, expression: Expression | None, base: Selection) -> list[Step]:
    """The steps of a query: its tiers, each without the ones before; one step where it has no text.

    Raises:
        QueryError: the text only says what is not wanted.
    """
    if expression is None:
        return [Step(None, base, "filter")]
    _check(expression)
    every = list(tiers(expression))
    if query.sort != "best":  # side by side or not does not matter when dates decide the order
        every = [tier for tier in every if not tier.name.startswith("phrase")]
    words = number_query(query.text)
    if words:
        tags = Group("and", tuple(Term((f"c{word}",)) for word in words))
        every.insert(0, Tier("number", "tags", tags))
    steps: list[Step] = []
    for at, tier in enumerate(every):
        earlier = tuple((other.column, other.expression) for other in _not_within(every[:at]))
        chosen = replace(base, text=(tier.column, tier.expression), without=earlier)
        steps.append(Step(tier, chosen, tier.name))
    return steps


def _check(expression: Expression) -> None:
    """Refuse what excludes without looking for anything: "-a", "b (-c)"."""
    if isinstance(expression, Term):
        return
    wanted = [item for item in expression.items if not _is_not(item)]
    if expression.operator == "not" or not wanted:
        raise query_error("only-negative")
    for item in expression.items:
        _check(item.items[0] if isinstance(item, Group) and item.operator == "not" else item)


def _is_not(expression: Expression) -> bool:
    return isinstance(expression, Group) and expression.operator == "not"


_CONTAINED = {
    "phrase": ("words",),
    "words": (),
    "phrase-folded": ("words-folded",),
    "words-folded": (),
}
"""Tier -> a tier that holds all its matches, so that excluding that one is enough."""


def _not_within(earlier: list[Tier]) -> list[Tier]:
    names = {tier.name for tier in earlier}
    return [t for t in earlier if not names.intersection(_CONTAINED.get(t.name, ()))]


def is_typed(step: Step) -> bool:
    """Whether the matches of a step have the accents of the query."""
    return step.tier is None or step.tier.column in ("exact", "tags")


def union(steps: list[Step], base: Selection) -> Selection:
    """What any of the steps selects."""
    held = _not_within([step.tier for step in steps if step.tier])
    if not held:
        return base
    if len(held) == 1:
        return replace(base, text=(held[0].column, held[0].expression))
    return replace(base, any_of=tuple((tier.column, tier.expression) for tier in held))
