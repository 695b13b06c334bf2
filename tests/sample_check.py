"""Compare a record with what a person wrote in samples/*/expected.json."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.evaluate.align import plain, same_name, tokens
from pipeline.evaluate.counts import match_names
from pipeline.evaluate.fields import value_of
from pipeline.evaluate.gold import due
from pipeline.evaluate.measure import same_deadline

Problems = Iterator[tuple[str, str]]
"""Name of each value that differs, with what was wanted and what was found."""

ROLES = ("assignees", "coordinators", "monitors")
_ALIKE = 0.75
"""Share of the words of a fragment that must stand in place; OCR may misread the others."""


@dataclass
class Sample:
    """A record and what it should hold; places are looked up by words, not by offsets."""

    expected: dict[str, Any]
    record: dict[str, Any]

    def __post_init__(self) -> None:
        self.tokens = tokens(self.record["text"])

    def locate(self, words: str) -> tuple[int, int] | None:
        """Where the words stand in the text, whatever the line breaks and a few misread letters."""
        wanted = [token.text for token in tokens(words)]
        width = len(wanted)
        best, place = 0, None
        for k in range(len(self.tokens) - width + 1):
            alike = sum(self.tokens[k + n].text == word for n, word in enumerate(wanted))
            if alike > best:
                best, place = alike, k
        if place is None or best < _ALIKE * width:
            return None
        return self.tokens[place].start, self.tokens[place + width - 1].end

    def at(self, items: str, words: str) -> dict[str, Any] | None:
        """The item of the record (a statement, block or task) that covers the words best."""
        place = self.locate(words)
        if place is None:
            return None
        covered = [(overlap(item, place), -n) for n, item in enumerate(self.record[items])]
        most, number = max(covered, default=(0, 0))
        return self.record[items][-number] if most else None

    def problems(self) -> dict[str, str]:
        """Every value that is not as expected."""
        parts = (self.header(), self.labels(), self.tasks(), self.extra_tasks(), self.references())
        others = (self.blocks(), self.speakers(), self.issues())
        return {name: text for part in (*parts, *others) for name, text in part}

    def header(self) -> Problems:
        header = self.record["header"]
        for name, wanted in self.expected["header"].items():
            got = header.get(name)
            if name in ("addressees", "recipients"):
                found = [plain(value_of(item)).casefold().strip(" ;.,") for item in got]
                same = found == [item.casefold().strip(" ;.,") for item in wanted]
                got = found
            else:
                got = plain(value_of(got)) or None
                if name == "published_on" and got:
                    got = got[:10]  # the day; a page may give the minute
                same = without_lead(got, name) == without_lead(wanted, name)
            if not same:
                yield f"header.{name}", f"{wanted!r}, found {got!r}"
        if self.record["family"] != self.expected["family"]:
            yield "family", f"{self.expected['family']}, found {self.record['family']}"

    def labels(self) -> Problems:
        for label, fragments in self.expected["labels"].items():
            for words in fragments:
                statement = self.at("statements", words)
                got = statement["label"] if statement else "context"
                if self.locate(words) is None:
                    got = "words that are not in the text"
                if got != label:
                    yield f"label: {words}", f"{label}, found {got}"

    def tasks(self) -> Problems:
        for wanted in self.expected["tasks"]:
            name = f"task: {wanted['at']}"
            task = self.at("tasks", wanted["at"])
            if task is None:
                yield name, "a task, found none"
                continue
            if task["kind"] != wanted["kind"]:
                yield f"{name}: kind", f"{wanted['kind']}, found {task['kind']}"
            for role in ROLES:
                yield from self.names(name, role, wanted, task)
            yield from self.deadline(name, wanted, task)

    def names(self, name: str, role: str, wanted: dict[str, Any], task: dict[str, Any]) -> Problems:
        asked, found = wanted.get(role) or [], [str(value_of(f)) for f in task[role]]
        _, wrong, missed = match_names(asked, found, wanted.get(f"{role}_also") or [])
        if wrong or missed:
            yield f"{name}: {role}", f"{asked}, found {found}"

    def deadline(self, name: str, wanted: dict[str, Any], task: dict[str, Any]) -> Problems:
        answers = [due(wanted["deadline"]), *(due(d) for d in wanted.get("deadline_also", []))]
        got = due(task["deadline"])
        if not any(
            got == asked or (asked and got and same_deadline(asked, got)) for asked in answers
        ):
            yield f"{name}: deadline", f"{answers[0]}, found {got}"

    def extra_tasks(self) -> Problems:
        known = [task["at"] for task in self.expected["tasks"]]
        known += self.expected.get("also_tasks", []) + self.expected["labels"].get("task", [])
        places = [place for words in known if (place := self.locate(words))]
        for task in self.record["tasks"]:
            if not any(overlap(task, place) for place in places):
                yield f"extra task: {plain(task['quote'])[:60]}", "no task, found one"

    def references(self) -> Problems:
        wanted = {(r["code"], r.get("date")) for r in self.expected["references"]}
        found = {(r["code"], r.get("date")) for r in self.record["references"]}
        for code, date in sorted(wanted - found, key=str):
            yield f"reference: {code}", f"{code} of {date}, found {sorted(found, key=str)}"
        for code, date in sorted(found - wanted, key=str):
            yield f"extra reference: {code}", f"nothing, found {code} of {date}"

    def blocks(self) -> Problems:
        for words in self.expected.get("boilerplate", []):
            block = self.at("blocks", words)
            if block is None or block["kind"] != "boilerplate":
                yield f"boilerplate: {words}", f"boilerplate, found {block and block['kind']}"
        for words, label in self.expected.get("block_labels", {}).items():
            labels = {section["label"] for section in self.record["sections"]
                      if words.casefold() in section["title"].casefold()}  # fmt: skip
            if label not in labels:
                yield f"number: {words}", f"{label}, found {labels}"

    def speakers(self) -> Problems:
        for words, wanted in self.expected.get("speakers", {}).items():
            statement = self.at("statements", words)
            got = str(value_of((statement or {}).get("speaker")) or "")
            if not (same_name(got, wanted) or wanted.casefold() in got.casefold()):
                yield f"speaker: {words}", f"{wanted}, found {got or None}"

    def issues(self) -> Problems:
        codes = {issue["code"] for issue in self.record["issues"]}
        for code in self.expected["issues"]:
            if code not in codes:
                yield f"issue: {code}", f"{code}, found {sorted(codes)}"


def overlap(item: dict[str, Any], place: tuple[int, int]) -> int:
    """Characters that an item (all its parts) has in common with a place."""
    parts = item.get("parts") or [item]
    return sum(max(0, min(p["end"], place[1]) - max(p["start"], place[0])) for p in parts)


def without_lead(value: str | None, name: str) -> str | None:
    """The value in small letters; a title without its leading "V/v" or "Về việc"."""
    if value is None:
        return None
    folded = plain(value).casefold()
    if name == "title":
        for lead in ("v/v", "về việc"):
            folded = folded.removeprefix(lead).lstrip(" :")
    return folded
