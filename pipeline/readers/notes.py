"""What is written down while a document is read: doubts, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.document import ReadIssue
from pipeline.readers.limits import Limits


@dataclass
class Numbering:
    """Roman numeral of the last heading and letter of the last point of a scan: what is next."""

    last: int = 0
    letter: str = ""


@dataclass
class Notes:
    """Grows with the pages of one document."""

    limits: Limits
    issues: list[ReadIssue] = field(default_factory=list)
    reading: dict[str, str] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)

    def add(self, code: str, severity: Literal["info", "warning", "error"], message: str) -> None:
        """Something doubtful."""
        self.issues.append(ReadIssue(code=code, severity=severity, message=message))
