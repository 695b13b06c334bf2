"""Training documents written for this project (models/training/labels/*.txt) as gold documents.

The first line is `# kind: TB | issuer: ... | title: ...`; then one unit a line: its label, `/` and
a second label that is equally right, a blank, the words. `+` in front goes on in the paragraph.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.labels.training import GOLD_LABELS

_LINE = re.compile(r"(\+ )?([A-Z]+)((?:/[A-Z]+)*) (\S.*)")
_KIND_NAMES = {
    "TB": "THÔNG BÁO",
    "KL": "KẾT LUẬN",
    "BC": "BÁO CÁO",
    "CT": "CHỈ THỊ",
    "KH": "KẾ HOẠCH",
    "NQ": "NGHỊ QUYẾT",
    "QĐ": "QUYẾT ĐỊNH",
    "CĐ": "CÔNG ĐIỆN",
}


class Written(NamedTuple):
    """A document and its labels in the form of a gold file."""

    name: str
    text: str
    gold: dict[str, Any]


def read_written(path: Path) -> Written:
    """One training document.

    Raises:
        ValueError: a line has no label, or one that is not known; names file and line.
    """
    head, *lines = path.read_text(encoding="utf-8").strip().split("\n")
    facts = dict(
        part.strip().split(": ", 1) for part in head.lstrip("# ").split(" | ") if ": " in part
    )
    text, units, labels, alt = "", [], [], {}
    for label, words in _opening(facts):
        text, start = f"{text}{words}\n", len(text)
        units.append({"start": start, "end": start + len(words)})
        labels.append(label)
    for number, line in enumerate(lines, start=2):
        match = _LINE.fullmatch(line.rstrip())
        if match is None or match[2] not in GOLD_LABELS:
            raise ValueError(f"{path.name}:{number}: no label in {line[:40]!r}")
        goes_on, label, others, words = match.groups()
        if goes_on:
            text = text[:-1] + " "
        if others:
            alt[str(len(units))] = others[1:].split("/")
        units.append({"start": len(text), "end": len(text) + len(words)})
        labels.append(label)
        text += words + "\n"
    return Written(path.stem, text, {"units": units, "labels": labels, "alt": alt})


def _opening(facts: dict[str, str]) -> list[tuple[str, str]]:
    """The header lines that the facts of the first line stand for."""
    title = facts.get("title", "")
    kind = _KIND_NAMES.get(facts.get("kind", ""))
    if kind is None:
        return [("META", title)] if title else []
    lines = [
        facts.get("issuer", ""),
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    return [("META", words) for words in (*lines, kind, title) if words]
