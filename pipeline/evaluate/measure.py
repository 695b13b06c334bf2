"""One record against one labelled document, and the sum over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.evaluate.align import Token, align, same_name, tokens, within
from pipeline.evaluate.counts import Counts, Tally, match_names
from pipeline.evaluate.fields import count_header, count_parties, count_references, value_of
from pipeline.evaluate.gold import GROUPS, GoldDocument, GoldTask, Group, Json, due, names_of

CORE = ("achievement", "shortcoming", "task")
MENTIONS = ("agency", "group", "person", "position", "place")
ROLES = {"assignee": "assignees", "coordinator": "coordinators", "monitor": "monitors"}
_SHARED = 0.5
"""Share of syllables that a found task and a task of the gold have in common, at least."""


class Mistake(NamedTuple):
    """What the gold says and what the record says instead."""

    document: str
    measure: str
    wanted: str
    got: str
    text: str


class PairedTasks(NamedTuple):
    """Tasks of the gold; tasks found, with their syllables in the gold; found by wanted number."""

    wanted: Sequence[GoldTask]
    found: Sequence[tuple[frozenset[int], Json]]
    matched: dict[int, int]


@dataclass
class DocumentScore:
    """What was counted for one record."""

    name: str
    group: Group
    units: int
    tally: Tally = field(default_factory=Tally)
    mistakes: list[Mistake] = field(default_factory=list)
    wrong_units: int = 0
    tasks_gold: int = 0
    tasks_found: int = 0
    not_verbatim: list[str] = field(default_factory=list)

    def mistake(self, measure: str, wanted: object, got: object, text: str = "") -> None:
        """Remember one for the list of mistakes."""
        shown = " ".join(text.split())[:160]
        self.mistakes.append(
            Mistake(self.name, measure, str(wanted or "–"), str(got or "–"), shown)
        )


@dataclass
class Evaluation:
    """Tallies by group of documents and the scores they were summed from."""

    groups: dict[Group, Tally]
    documents: list[DocumentScore]


class _Pair:
    """A labelled document and its record with their syllables side by side."""

    def __init__(self, gold: GoldDocument, record: Json) -> None:
        self.gold, self.record = gold, record
        self.tokens: list[Token] = tokens(record["text"])
        self.places = align([t.text for t in gold.tokens], [t.text for t in self.tokens])
        self.back = {place: k for k, place in enumerate(self.places) if place is not None}

    def on_gold(self, spans: Iterable[Json]) -> frozenset[int]:
        """Syllables of the gold that lie in spans of the record."""
        return frozenset(
            self.back[place]
            for span in spans
            for place in within(self.tokens, span["start"], span["end"])
            if place in self.back
        )


def evaluate(gold: Sequence[GoldDocument], records: Iterable[Json]) -> Evaluation:
    """Score `records` (JSON of pipeline.record) against `gold`; a missing record finds nothing."""
    found = names_of(list(records), gold)
    result = Evaluation({}, [])
    for document in gold:
        empty = {"text": "", "source": {"name": document.name}}
        for record in found[document.name] or [empty]:
            score = score_document(document, record)
            if record is empty:
                score.tally.missing.append(document.name)
            result.documents.append(score)
            for group in (document.group, GROUPS[-1]):
                result.groups.setdefault(group, Tally()).merge(score.tally)
    return result


def score_document(gold: GoldDocument, record: Json) -> DocumentScore:
    """Everything that is measured on one document."""
    score = DocumentScore(record["source"]["name"], gold.group, len(gold.labels["units"]))
    score.tally.documents = 1
    pair = _Pair(gold, record)
    _count_labels(pair, score)
    _count_tasks(pair, score)
    count_header(gold, record, score.tally, score.mistake)
    count_parties(gold, record, score.tally)
    count_references(gold, record, score.tally, score.mistake)
    _count_mentions(pair, score.tally)
    _count_figures(pair, score.tally)
    quotes, score.not_verbatim = not_verbatim(record)
    score.tally.share("verbatim", len(score.not_verbatim), quotes)
    return score


def _count_labels(pair: _Pair, score: DocumentScore) -> None:
    """Labels of units (by majority of their syllables) and of syllables."""
    gold = pair.gold
    labels: list[str | None] = [None] * len(pair.tokens)
    for statement in pair.record.get("statements", []):
        if statement["label"] == "context":
            continue
        for k in within(pair.tokens, statement["start"], statement["end"]):
            labels[k] = statement["label"]
    here = [labels[place] if place is not None else None for place in pair.places]
    votes: dict[int, Counter[str | None]] = {unit["i"]: Counter() for unit in gold.labels["units"]}
    for k, unit in enumerate(gold.unit_of):
        if unit is not None:
            votes[unit][here[k]] += 1
            _count_label(gold, unit, here[k], score.tally, "syllables")
    for unit, ballot in votes.items():
        got = ballot.most_common(1)[0][0] if ballot else None
        wanted = _count_label(gold, unit, got, score.tally, "labels")
        score.tally.confusion[wanted or "none", got or "none"] += 1
        if not gold.accepts(unit, got):
            score.wrong_units += 1
            span = gold.labels["units"][unit]
            score.mistake(
                f"labels/{wanted or got}", wanted, got, gold.text[span["start"] : span["end"]]
            )


def _count_label(
    gold: GoldDocument, unit: int, got: str | None, tally: Tally, measure: str
) -> str | None:
    """Count one labelled thing; returns the label it should have had."""
    wanted = got if gold.accepts(unit, got) else gold.label(unit)
    if wanted == got:
        if wanted:
            tally.counts[f"{measure}/{wanted}"].add(1)
        return wanted
    if got:
        tally.counts[f"{measure}/{got}"].add(0, 1)
    if wanted:
        tally.counts[f"{measure}/{wanted}"].add(0, 0, 1)
    return wanted


def _count_tasks(pair: _Pair, score: DocumentScore) -> None:
    """Tasks that share half of their syllables, then who does them and by when."""
    tally = score.tally
    wanted, found, matched = _paired_tasks(pair)
    score.tasks_gold, score.tasks_found = len(wanted), len(found)
    hits = len(matched)
    tally.counts["task"].add(hits, len(found) - hits, len(wanted) - hits)
    for number, task in enumerate(wanted):
        got = found[matched[number]][1] if number in matched else None
        if got is None:
            score.mistake("task", "a task", None, _words(pair.gold, task.tokens))
        _count_people(task.labels, got or {}, score)
        _count_deadline(task.labels, got or {}, score)
        if got is not None:
            tally.share("task_kind", int(got.get("kind") == task.labels.get("kind")))
    taken = set(matched.values())
    for number, (_, task_found) in enumerate(found):
        if number not in taken:
            score.mistake("task", None, "a task", str(task_found.get("quote", "")))
            if task_found.get("deadline"):
                tally.counts["deadline"].add(0, 1)


def paired_tasks(gold: GoldDocument, record: Json) -> PairedTasks:
    """The tasks of a labelled document, those of its record, and which belong together."""
    return _paired_tasks(_Pair(gold, record))


def _paired_tasks(pair: _Pair) -> PairedTasks:
    wanted = pair.gold.tasks()
    found = [
        (pair.on_gold(task.get("parts") or [task]), task) for task in pair.record.get("tasks", [])
    ]
    return PairedTasks(wanted, found, _match_tasks(wanted, [places for places, _ in found]))


def _match_tasks(wanted: Sequence[GoldTask], found: Sequence[frozenset[int]]) -> dict[int, int]:
    """Number of the found task for each task of the gold that has one; best overlap first."""
    pairs = []
    for a, task in enumerate(wanted):
        for b, places in enumerate(found):
            common = len(task.tokens & places)
            overlap = common / len(task.tokens | places) if common else 0.0
            if common and overlap >= _SHARED:
                pairs.append((-overlap, a, b))
    matched: dict[int, int] = {}
    for _, a, b in sorted(pairs):
        if a not in matched and b not in matched.values():
            matched[a] = b
    return matched


def _count_people(wanted: Json, got: Json, score: DocumentScore) -> None:
    for measure, role in ROLES.items():
        asked = wanted.get(role) or []
        names = [value_of(item) or "" for item in got.get(role) or []]
        right, wrong, missed = match_names(asked, names, wanted.get(f"{role}_also") or [])
        score.tally.counts[measure].add(right, wrong, missed)
        if got and (wrong or missed):
            score.mistake(measure, "; ".join(asked), "; ".join(names), str(got.get("quote", "")))


def _count_deadline(wanted: Json, got: Json, score: DocumentScore) -> None:
    asked, answer = due(wanted.get("deadline")), due(got.get("deadline"))
    if "deadline_also" in wanted:  # other readings that are right too; None for no deadline
        also = wanted["deadline_also"]
        if answer in [due(other) for other in (also if isinstance(also, list) else [also])]:
            asked = answer
    counts = score.tally.counts["deadline"]
    if asked and answer and same_deadline(asked, answer):
        counts.add(1)
        return
    counts.add(0, int(bool(answer)), int(bool(asked)))
    if got and (asked or answer):
        raw = (got.get("deadline") or wanted.get("deadline") or {}).get("raw", "")
        score.mistake("deadline", asked and " ".join(asked), answer and " ".join(answer), raw)


def same_deadline(asked: tuple[str, str], answer: tuple[str, str]) -> bool:
    """Equal kind and value; the words of an event need only be the same name."""
    both_events = asked[0] == answer[0] == "event"
    return asked == answer or (both_events and same_name(asked[1], answer[1]))


def _count_mentions(pair: _Pair, tally: Tally) -> None:
    gold = pair.gold
    if "mentions" not in gold.labels:
        return
    wanted = [
        (within(gold.tokens, item["start"], item["end"]), item["type"])
        for item in gold.labels["mentions"]
    ]
    touched = {gold.unit_of[k] for places, _ in wanted for k in places}

    def in_body(k: int) -> bool:
        unit = gold.unit_of[k]
        return unit is not None and (gold.labels["labels"][unit] != "META" or unit in touched)

    spans = ((pair.on_gold([item]), item["type"]) for item in pair.record.get("mentions", []))
    found = [(places, kind) for places, kind in spans if any(in_body(k) for k in places)]
    rules: tuple[tuple[str, _Same], ...] = (
        ("mentions", lambda a, b: a == b),
        ("mentions_overlap", lambda a, b: 2 * len(a & b) >= len(a | b)),
    )
    for measure, same in rules:
        hits = _hits(wanted, found, same)
        for kind in MENTIONS:
            asked = sum(k == kind for _, k in wanted)
            got = sum(k == kind for _, k in found)
            tally.counts[f"{measure}/{kind}"].add(hits[kind], got - hits[kind], asked - hits[kind])


_Same = Callable[[frozenset[int], frozenset[int]], bool]
_Mention = tuple[frozenset[int], str]


def _hits(wanted: Sequence[_Mention], found: Sequence[_Mention], same: _Same) -> Counter[str]:
    free, hits = list(range(len(found))), Counter[str]()
    for places, kind in wanted:
        hit = next((k for k in free if found[k][1] == kind and same(places, found[k][0])), None)
        if hit is not None:
            free.remove(hit)
            hits[kind] += 1
    return hits


def _count_figures(pair: _Pair, tally: Tally) -> None:
    gold = pair.gold
    if "figures" not in gold.labels:
        return
    wanted = [
        (within(gold.tokens, item["start"], item["end"]), _values(item))
        for item in gold.labels["figures"]
    ]
    spans = ((pair.on_gold([item]), _values(item)) for item in pair.record.get("figures", []))
    found = [(places, values) for places, values in spans if any(_in_body(gold, k) for k in places)]
    free, hits = list(range(len(found))), 0
    for places, values in wanted:
        hit = next((k for k in free if found[k][0] & places and found[k][1] == values), None)
        if hit is not None:
            free.remove(hit)
            hits += 1
    tally.counts["figures"].add(hits, len(found) - hits, len(wanted) - hits)


def _in_body(gold: GoldDocument, k: int) -> bool:
    unit = gold.unit_of[k]
    return unit is not None and gold.labels["labels"][unit] != "META"


def _values(figure: Json) -> tuple[float | None, float | None]:
    low, high = (figure.get(name) for name in ("value", "value_max"))
    return tuple(None if x in (None, "") else float(x) for x in (low, high))  # type: ignore[return-value]


def not_verbatim(record: Json) -> tuple[int, list[str]]:
    """How many quotes the record has, and the paths of those that are not in the text."""
    text, paths = record["text"], list[str]()
    total = 0

    def walk(value: Any, path: str) -> None:
        nonlocal total
        if isinstance(value, dict):
            if {"quote", "start", "end"} <= value.keys():
                total += 1
                if text[value["start"] : value["end"]] != value["quote"]:
                    paths.append(path)
            for key, inner in value.items():
                walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                walk(inner, f"{path}[{number}]")

    walk({key: value for key, value in record.items() if key != "text"}, "")
    return total, paths


def _words(gold: GoldDocument, places: frozenset[int]) -> str:
    if not places:
        return ""
    return gold.text[gold.tokens[min(places)].start : gold.tokens[max(places)].end]


def summary(tally: Tally) -> Json:
    """The figures of one group of documents; docs/evaluation.md says what each means."""
    labels = {name: tally.counts[f"labels/{name}"].row() for name in (*CORE, "cause", "proposal")}
    core = [tally.counts[f"labels/{name}"].f1 or 0 for name in CORE]
    single = ("task", *ROLES, "deadline", "addressees", "recipients", "references", "figures")
    right, total = tally.shares["task_kind"]
    exact, documents = tally.shares["header_exact"]
    return {
        "docs": tally.documents,
        "missing": tally.missing,
        "labels": labels,
        "m3": round(sum(core) / 3, 4),
        "syllables": {name: tally.counts[f"syllables/{name}"].row() for name in CORE},
        **{name: tally.counts[name].row() for name in single},
        "task_kind": round(right / total, 4) if total else None,
        "header": tally.sum("fields").row(),
        "header_soft": tally.sum("fields_soft").row(),
        "header_exact": round(exact / max(1, documents), 4),
        "header_fields": _rows(tally.below("fields")),
        "mentions": _rows(tally.below("mentions")),
        "mentions_overlap": _rows(tally.below("mentions_overlap")),
        "invented": tally.shares["invented"],
        "not_verbatim": tally.shares["verbatim"],
    }


def _rows(counts: dict[str, Counts]) -> Json:
    return {name: each.row() for name, each in counts.items()}
