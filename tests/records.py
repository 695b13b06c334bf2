"""Invented records for tests: whole, verbatim documents built from plain lines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.record import (
    Deadline,
    Found,
    Header,
    Issue,
    Provenance,
    Record,
    RecordBlock,
    RecordPage,
    Reference,
    Section,
    Source,
    Statement,
    Task,
    verify,
)


@dataclass
class Draft:
    """A document under construction: every call appends a line, so every quote is verbatim."""

    name: str = "thong-bao.txt"
    family: str = "state"
    lines: list[str] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    length: int = 0

    def line(self, text: str) -> tuple[int, int]:
        start = self.length
        self.lines.append(text)
        self.length += len(text) + 1
        return start, start + len(text)

    def found(self, text: str, line: str | None = None, value: str | None = None) -> Found[str]:
        """Append `line` (default the text itself) and find `text` in it."""
        start, _ = self.line(line or text)
        at = start + (line or text).index(text)
        return Found(
            value=value or text, start=at, end=at + len(text), quote=text, origin="rule:test"
        )

    def within(self, text: str, value: str | None = None, inherited: bool = False) -> Found[str]:
        """`text` found in the lines so far, the last place it stands."""
        at = "\n".join(self.lines).rindex(text)
        return Found(
            value=value or text,
            start=at,
            end=at + len(text),
            quote=text,
            origin="rule:test",
            inherited=inherited,
        )

    def heading(self, label: str, title: str, role: Any) -> None:
        start, end = self.line(f"{label} {title}")
        number = f"s{len(self.sections) + 1}"
        self.sections.append(
            Section(id=number, level=1, label=label, title=title, role=role, start=start, end=end)
        )

    def say(self, label: Any, text: str, confidence: float = 0.9) -> Statement:
        start, end = self.line(text)
        key = f"{self.name}|{text}|{len(self.statements)}"
        statement = Statement(
            id=hashlib.sha256(key.encode()).hexdigest()[:16],
            label=label,
            start=start,
            end=end,
            quote=text,
            section=self.sections[-1].id if self.sections else None,
            confidence=confidence,
            origin="rule:test",
        )
        self.statements.append(statement)
        return statement

    def task(
        self,
        text: str,
        assignees: Sequence[str] = (),
        coordinators: Sequence[str] = (),
        monitors: Sequence[str] = (),
        deadline: tuple[str, str, str] | None = None,
        assigner: str | None = None,
        kind: Any = "assigned",
        topic: str | None = None,
        references: Sequence[str] = (),
    ) -> Task:
        """A task that is one line; `deadline` is (kind, value, words in the line)."""
        statement = self.say("task", text)
        due = None
        if deadline:
            at = self.within(deadline[2])
            due = Deadline(
                kind=deadline[0],  # type: ignore[arg-type]
                value=deadline[1],
                raw=deadline[2],
                start=at.start,
                end=at.end,
                origin="rule:test",
            )
        task = Task(
            id=f"t{statement.id[:12]}",
            kind=kind,
            start=statement.start,
            end=statement.end,
            quote=text,
            statements=(statement.id,),
            action=text,
            assigner=self.within(assigner) if assigner else None,
            assignees=tuple(self.within(name) for name in assignees),
            coordinators=tuple(self.within(name) for name in coordinators),
            monitors=tuple(self.within(name) for name in monitors),
            deadline=due,
            topic=topic,
            references=tuple(references),
        )
        self.tasks.append(task)
        return task

    def cite(self, code: str, kind: str | None = None) -> None:
        at = self.within(code)
        self.references.append(
            Reference(code=code, kind=kind, start=at.start, end=at.end, quote=code)
        )

    def record(self) -> Record:
        text = "\n".join(self.lines)
        data = text.encode()
        digest = hashlib.sha256(data + self.name.encode()).hexdigest()
        record = Record(
            id=digest,
            source=Source(name=self.name, media_type="text/plain", bytes=len(data), sha256=digest),
            status="success",
            family=self.family,  # type: ignore[arg-type]
            text=text,
            pages=(RecordPage(number=1, start=0, end=len(text), source="plain"),),
            blocks=(RecordBlock(kind="paragraph", start=0, end=len(text)),),
            header=Header(**self.header),
            sections=tuple(self.sections),
            statements=tuple(self.statements),
            tasks=tuple(self.tasks),
            references=tuple(self.references),
            issues=tuple(self.issues),
            provenance=Provenance(congvan="0.0.0", config="test"),
            **self.extra,
        )
        verify(record)
        return record


def notice(
    number: str = "17",
    symbol: str = "TB-SXD",
    issuer: str = "SỞ XÂY DỰNG",
    parent: str = "UBND TỈNH ĐÔNG HẢI",
    place: str = "Đông Hải",
    day: str = "2024-03-05",
    title: str = "Kết luận kiểm tra công tác cải cách hành chính",
    signer: str = "Lê Thị Hạnh",
    kind: str = "TB",
    secrecy: str | None = None,
    name: str | None = None,
) -> Draft:
    """The header of an invented notice; statements and tasks are added by the caller."""
    year, month, date = day.split("-")
    draft = Draft(name=name or f"{number}-{symbol}.txt")
    header = draft.header
    if secrecy:
        header["secrecy"] = draft.found(secrecy)
    header["parent_agency"] = draft.found(parent)
    header["issuer"] = draft.found(issuer)
    header["number"] = draft.found(number, f"Số: {number}/{symbol}")
    header["symbol"] = draft.within(symbol)
    header["code"] = f"{number}/{symbol}"
    printed = f"ngày {date} tháng {month} năm {year}"
    header["issued_on"] = draft.found(printed, f"{place}, {printed}", value=day)
    header["place"] = draft.within(place)
    header["kind"] = draft.found("THÔNG BÁO", value=kind)
    header["title"] = draft.found(title)
    header["signer"] = draft.found(signer)
    return draft
